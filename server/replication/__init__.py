"""Runs the sync core over the registry: push, pull, snapshot, head and verify, and their tables."""
