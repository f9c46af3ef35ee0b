"""Customers with their sites and contacts: what a rep must know before walking in."""
