"""Photos, voice, signatures and documents: named by their SHA-256, sent in chunks, shown through rows (SPEC 18)."""
