"""What was done, by whom, to what: rows that are only ever added."""
