"""What every room of the server stands on: the database session, ids, actors, the clock."""
