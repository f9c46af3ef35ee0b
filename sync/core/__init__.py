"""The rules of the protocol as pure functions: time, randomness and keys are always passed in."""
