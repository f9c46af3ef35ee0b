"""Keeps secret keys in files that only the server's user can read."""

import contextlib
import os
import secrets
from pathlib import Path


class KeyFileError(Exception):
    """A key is missing or readable by others; the message says what to do."""


def read_key(path: Path, *, may_create: bool) -> str:
    """The hex key in a file; makes 32 random bytes on first use where that is allowed.

    Raises KeyFileError.
    """
    if not path.exists():
        if not may_create:
            raise KeyFileError(f"No key: set it in the environment or in {path} (mode 0600).")
        write_private(path, secrets.token_hex(32))
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"{path} can be read by others: run chmod 600 {path}.")
    return path.read_text(encoding="ascii").strip()


def write_private(path: Path, secret: str) -> None:
    """Write a secret, whole or not at all; whoever comes second keeps the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
