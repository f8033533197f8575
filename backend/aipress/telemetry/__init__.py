"""What sites say of themselves: their logs, found, counted and followed by those alone whose they are."""
