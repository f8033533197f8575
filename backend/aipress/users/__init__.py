"""People: who they are, what their role is, and how they sign in."""
