"""Conversations: what was said, kept for the person who said it. The assistant reads and writes them over the API."""
