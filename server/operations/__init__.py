"""What keeps a server trustworthy: backup, restore, check, health, metrics."""
