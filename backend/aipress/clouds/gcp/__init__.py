"""Google Cloud, so far its pure part: what would be made of an environment, where, and at what price. Nothing here asks Google."""
