"""The local cloud: real WordPress hosting on this one machine. Facets talk to MariaDB, Redis, the vault and hostd."""
