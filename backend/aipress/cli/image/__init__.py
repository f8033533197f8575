"""`aipress image`: the container image of one environment's WordPress, as Google Cloud Run runs it. docs/image.md tells of it."""
