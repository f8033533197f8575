"""Mail of sites: taken from where they lay it down, held against what may be sent, caught or handed to a mail server, and logged."""
