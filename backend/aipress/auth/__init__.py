"""Who is calling: principals, roles, and the verifiers of what they show."""
