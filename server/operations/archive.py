"""The file of a backup: a zip of the database's dump and a manifest, so that it opens without us, too."""

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import click
import msgspec

from server.operations.facts import Facts
from server.shared.disk import sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `sha256` is of the member named `dump`."""

    format: int
    created_at: str
    release: str
    dialect: str
    dump: str
    sha256: str
    facts: Facts


def write(path: Path, dump: Path, manifest: Manifest) -> None:
    """Pack a dump, on the disk when this returns; only the server's user can read it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.write(dump, manifest.dump)
            packed.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def unpacked(path: Path, folder: Path | None = None) -> Generator[tuple[Manifest, Path]]:
    """The manifest and the dump in a folder of its own, removed afterwards.

    Raises ClickException when the file is no backup of ours or not what was written.
    """
    with TemporaryDirectory(dir=folder, prefix=".baifang-") as place:
        try:
            with zipfile.ZipFile(path) as packed:
                manifest = msgspec.json.decode(packed.read(MANIFEST), type=Manifest)
                if manifest.format != FORMAT:
                    raise click.ClickException(f"{path} was written by a newer release: install that one.")
                dump = Path(place, Path(manifest.dump).name)
                with packed.open(manifest.dump) as source, dump.open("wb") as target:
                    shutil.copyfileobj(source, target, CHUNK)
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, KeyError, msgspec.MsgspecError) as problem:
            raise click.ClickException(f"{path} cannot be read as a backup: {problem}") from problem
        if sha256_of(dump) != manifest.sha256:
            raise click.ClickException(f"{path} is damaged: its dump is not the one that was written.")
        yield manifest, dump


def sha256_of(path: Path) -> str:
    """The hex SHA-256 of a file."""
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # pyright: ignore[reportArgumentType]


def keep(draft: Path, path: Path) -> None:
    """Give a finished file its name, whole or not at all, also when the power fails now."""
    draft.rename(path)
    sync_folder(path.parent)
