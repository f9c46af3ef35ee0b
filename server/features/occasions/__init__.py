"""Birthdays, anniversaries, festivals and a company's own days: which contacts they ask for."""
