"""What every database must do the same: one suite, run once on each."""
