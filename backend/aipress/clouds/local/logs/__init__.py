"""Logs of this machine: lines in a folder per tenant, shipped exactly once, asked by DuckDB. See docs/logs.md."""
