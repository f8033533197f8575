"""Holds the simulator against recordings of the real thing: for each request, whether it says what Google said."""
