"""The server under fire: what hostile or broken clients send."""
