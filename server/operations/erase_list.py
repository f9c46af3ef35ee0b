"""The list of what was erased on request, in a file that no backup holds and no restore puts back (R34).

One JSON object a line, keys only. It grows and is never rewritten: whoever restores an old database finds here what
must be taken out of it again.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from server.replication.erasing import Erasure
from server.shared.disk import sync_folder


@dataclass(frozen=True)
class EraseList:
    """The file at `path`; readable by the server's user alone."""

    path: Path

    @property
    def exists(self) -> bool:
        """Whether anything was ever written to it."""
        return self.path.exists()

    def read(self) -> list[Erasure]:
        """Every line in the order in which they came; raises ClickException when one cannot be read."""
        whole = self._whole()
        try:
            return [Erasure(**msgspec.json.decode(line)) for line in whole.splitlines()]
        except (msgspec.MsgspecError, TypeError) as problem:
            raise click.ClickException(
                f"{self.path} has a line that is no entry of the erase list: {problem}"
            ) from problem

    def add(self, erasures: Iterable[Erasure]) -> None:
        """Append those that it lacks; they are on the disk when this returns."""
        known = {(one.entity, one.pk) for one in self.read()}
        news = [one for one in erasures if (one.entity, one.pk) not in known]
        if not news:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(len(self._whole()))
            file.seek(0, os.SEEK_END)
            file.write(b"".join(msgspec.json.encode(one._asdict()) + b"\n" for one in news))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.path.parent)

    def _whole(self) -> bytes:
        """All whole lines: the power may have failed within the last one, before anything was erased by it."""
        data = self.path.read_bytes() if self.exists else b""
        return data[: data.rfind(b"\n") + 1]
