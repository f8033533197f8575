"""AIPress: hosting for WordPress that is asked for in plain words."""

__version__ = "0.1.0"
