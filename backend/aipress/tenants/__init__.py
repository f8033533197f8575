"""The heart: tenants (people say "sites"), their environments, and the workflows that make and remove them."""
