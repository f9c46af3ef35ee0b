"""What customers were told would be done, by whom and by when, until it is closed."""
