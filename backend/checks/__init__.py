"""The project's own rules as checks: `python -m checks.<name>` ends with 0, or says what is wrong and where."""
