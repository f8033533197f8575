"""What WordPresses want done at certain times: asked of each in turn, done a few at once, and told where it is late."""
