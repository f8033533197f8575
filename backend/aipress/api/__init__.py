"""The control plane's app: assembled here, decided elsewhere."""
