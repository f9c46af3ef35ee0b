"""Passwords are expensive to guess, and temporary ones are not guessable at all."""

import subprocess
import sys

from server.auth.passwords import is_right, temporary_password


def test_hashing_costs_at_least_what_owasp_asks():
    # In a process of its own, since the tests' own hashing is made cheap.
    script = (
        "from server.auth.passwords import hasher as h; print(h.type.name, h.memory_cost >= 19456, h.time_cost >= 2)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["ID", "True", "True"]


def test_a_broken_hash_fits_no_password():
    assert not is_right("not a hash", "not a hash")


def test_without_a_hash_no_password_fits():
    assert not is_right(None, "")


def test_temporary_passwords_differ_and_are_long_enough():
    made = {temporary_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(p) for p in made} == {19}
