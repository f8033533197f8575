"""A site's own domains: added, proved by a record that only their owner can set, connected, watched, and let go."""
