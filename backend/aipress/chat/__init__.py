"""The assistant: its own small service, a client of the control plane's API with a delegated token. It owns no table."""
