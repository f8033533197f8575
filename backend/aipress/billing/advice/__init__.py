"""How sites could cost less: from what the bill says was used, and what it would have cost otherwise."""
