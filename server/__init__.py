"""The Flask server: keeps the truth, merges what devices send, serves the app."""
