"""Keeps chunks of snapshots as compressed files: made for whoever asks first, read by all others (SPEC 12.3, R5).

All chunks of one download hang together by the log position from which its join replays, so what changed since a
chunk was made comes with the join. Whether a row has left the scope since is for the reader to find out.
"""

import logging
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sync.core.digest import sha_hex

LOG = logging.getLogger(__name__)
After = tuple[str, str] | None


@dataclass(frozen=True)
class Start:
    """Where a download began: the log position and the random id of the transaction there."""

    seq: int
    txn: str


@dataclass(frozen=True)
class Chunks:
    """The files below `folder`, for the server's eyes only; several processes may share them.

    `release` changes with every migration, for that may write rows without a line in the log.
    """

    folder: Path
    release: str

    def newest(self, epoch: int, scope: str) -> Start | None:
        """The latest download of a scope of which chunks are kept."""
        starts = [_read_start(name) for name in _names_in(self._scope(epoch, scope))]
        return max(starts, key=lambda start: start.seq, default=None)

    def read(self, epoch: int, scope: str, start: Start, after: After) -> bytes | None:
        """The chunk as it is sent, or None."""
        try:
            return (self._download(epoch, scope, start) / _name(after)).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, epoch: int, scope: str, start: Start, after: After, packed: bytes) -> None:
        """Keep a chunk, whole or not at all: on a full disk it is made anew for the next who asks."""
        try:
            self._write(epoch, scope, start, after, packed)
        except OSError as fault:
            LOG.warning("a snapshot chunk could not be kept: %s", fault.strerror)

    def _write(self, epoch: int, scope: str, start: Start, after: After, packed: bytes) -> None:
        """What is of earlier downloads, epochs and releases goes."""
        folder = self._download(epoch, scope, start)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix="new-")  # 0600
        try:
            with open(handle, "wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(
                    handle
                )  # a power cut must not leave a name without its bytes: they would be served to everybody
            Path(name).replace(folder / _name(after))
        except OSError:  # no space, or dropped meanwhile
            Path(name).unlink()
            raise
        self._forget_earlier(epoch, scope, start)

    def drop(self, epoch: int, scope: str, start: Start) -> None:
        """Forget a download's chunks."""
        shutil.rmtree(self._download(epoch, scope, start), ignore_errors=True)

    def clear(self) -> None:
        """Forget every chunk: what they hold may have been erased since."""
        for name in _names_in(self.folder):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _forget_earlier(self, epoch: int, scope: str, start: Start) -> None:
        downloads = self._scope(epoch, scope)
        earlier = [downloads / name for name in _names_in(downloads) if _read_start(name).seq < start.seq]
        generations = [name for name in _names_in(self.folder) if not name.startswith("new-")]
        former = [self.folder / name for name in generations if name != self._generation(epoch).name]
        for folder in (*earlier, *former):
            shutil.rmtree(folder, ignore_errors=True)

    def _generation(self, epoch: int) -> Path:
        return self.folder / f"{self.release}-{epoch}"

    def _scope(self, epoch: int, scope: str) -> Path:
        return self._generation(epoch) / sha_hex(scope.encode())

    def _download(self, epoch: int, scope: str, start: Start) -> Path:
        return self._scope(epoch, scope) / f"{start.seq}.{start.txn}"


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _read_start(name: str) -> Start:
    seq, _, txn = name.partition(".")
    return Start(int(seq), txn)


def _name(after: After) -> str:
    return sha_hex(repr(after).encode())
