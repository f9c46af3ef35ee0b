"""The sync protocol as a pure core: standard library only, no I/O, no clock of its own."""
