"""Cloudflare in front of sites on Google Cloud, where the platform's file says so: own domains, and DNS zones."""
