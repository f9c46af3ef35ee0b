"""Brings names to the disk: a file that survives a power cut is of no use under a name that does not."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
