"""Contacts that are planned, and the cadences that plan them."""
