"""Proposed actions: what exactly would be done, at what price, and a person's yes, by hash."""
