"""Why is it slow, or broken? Evidence is gathered, rules find the likely cause in it, and every claim names the facts it stands on."""
