"""Contacts that happened, on any channel: the customer's timeline."""
