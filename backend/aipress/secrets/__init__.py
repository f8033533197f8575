"""A site's own secrets: names and versions here, values in the vault, and from there in its WordPress."""
