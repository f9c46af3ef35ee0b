"""Hashes passwords with argon2id, and takes as long for an unknown login as for a wrong password."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from server.errors import DomainError

MIN_LENGTH = 10
# Without letters and digits that look alike: an invitation is read aloud or copied by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash; raises weak_password."""
    if len(password) < MIN_LENGTH:
        raise DomainError("weak_password", 422, {"min_length": MIN_LENGTH})
    return hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash the same work is done for nothing."""
    try:
        return hasher.verify(password_hash or decoy(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def decoy() -> str:
    """A hash that no password fits, with the parameters of the real ones."""
    return hasher.hash(secrets.token_hex(32))


def temporary_password() -> str:
    """Four groups of four signs, about 79 bits."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
