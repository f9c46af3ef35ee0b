"""Photos, voice notes, signatures and documents that belong to an interaction."""
