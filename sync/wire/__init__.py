"""The messages of the protocol, one a file, as frozen dataclasses that any decoder can fill."""
