"""Reminders: a notice in the inbox for what is due, and the ways in which a person hears of it."""
