"""Numbers, measured and printed with their conditions: `make bench`. Nothing here fails because it was slow."""
