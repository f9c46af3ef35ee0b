"""Brings an old system's files in: checked as a whole first, then written one customer at a time."""
