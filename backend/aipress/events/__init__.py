"""What changed, told live to those who may see it."""
