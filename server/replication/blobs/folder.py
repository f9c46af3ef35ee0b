"""Keeps the bytes of blobs as files below one folder, for the server's eyes only."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from server.replication.blobs.store import MissingBytesError
from server.shared.disk import sync_folder

PIECE = 1 << 16
DRAFT = "new-"
"""What a killed server leaves unfinished begins with this."""


@dataclass(frozen=True)
class Folder:
    """A store of files; several processes may share it."""

    path: Path

    def put(self, key: str, data: Iterable[bytes]) -> None:
        """Write beside the final name, bring it to the disk, then give it the name."""
        target = self.path / key
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=DRAFT)  # 0600
        try:
            with open(handle, "wb") as file:
                for piece in data:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink()
            raise
        # The names, too: those of the folders above may be as new as the file's.
        for folder in (target.parent, target.parent.parent, self.path.parent):
            sync_folder(folder)

    def read(self, key: str, start: int = 0) -> Iterator[bytes]:
        """Looked for at once, so that what is missing is known before an answer begins; opened by whoever reads on."""
        if not (self.path / key).is_file():
            raise MissingBytesError(key)
        return _pieces(self.path / key, start)

    def size(self, key: str) -> int | None:
        """The file's length."""
        try:
            return (self.path / key).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove the file."""
        (self.path / key).unlink(missing_ok=True)

    def listing(self) -> Iterator[tuple[str, int]]:
        """Every file, unfinished ones too."""
        for file in sorted(self.path.glob("*/*")):
            with contextlib.suppress(FileNotFoundError):  # gone meanwhile, as chunks are
                yield file.relative_to(self.path).as_posix(), int(file.stat().st_mtime * 1000)


def _pieces(path: Path, start: int) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError as problem:  # gone since it was looked for
        raise MissingBytesError(path.name) from problem
    with file:
        file.seek(start)
        while piece := file.read(PIECE):
            yield piece
