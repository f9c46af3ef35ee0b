"""The same records through the sync of others: `make bench-peers` installs them, each speaks its own protocol."""
