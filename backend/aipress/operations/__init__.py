"""What a person can watch of a workflow: its state, steps, timing and result."""
