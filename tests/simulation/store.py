"""What a device has on its disk beside what its app has in memory: one store, changed by whole transactions only.

Models `pwa/src/store`: an act with its numbering (`outbox.ts`), an answer's receipts, a fork and what goes back from
the journal (`queue.ts`), a page with its receipts and its cursor, and a chunk with its token (`apply.ts`) are one
transaction each, all of one IndexedDB database and all strict (`db.ts`): a power cut undoes none that has ended.
"""

import copy
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

KEPT = (
    *("id", "seq", "prev", "parent", "outbox", "sent", "journal", "over", "written", "mine", "let_go", "watch"),
    *("mirror", "markers", "cursor", "pulled", "epoch", "heard", "refused", "generation", "epoch_gen", "older"),
    *("pending", "joins", "partial", "acked", "enqueued_through", "files", "told"),
)
"""What a device has in its store; all else dies with the app."""

MOST_IMAGES = 60
"""A phone's backup is at most so many transactions old."""


class KilledError(Exception):
    """The app ended in the middle; it has begun again with what is in its store."""


class Kept(Protocol):
    """A device, as far as its store is concerned."""

    tally: Counter[str]

    def restart(self) -> None:
        """The app begins again: what it had in memory is gone."""
        ...


@dataclass
class Doom:
    """When the app dies: at the end of this many transactions from now, with or without the last of them."""

    after: int
    is_committed: bool


@dataclass
class Store:
    """The states that were committed, the newest last; those up to `strict` outlive a power cut."""

    images: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    strict: int = -1
    doom: Doom | None = None
    is_open: bool = False

    @contextmanager
    def transaction(self, device: Kept, *, is_strict: bool = True) -> Generator[None]:
        """A context whose changes are committed together; one within another is a part of that one."""
        if self.is_open:
            yield
            return
        self.is_open = True
        try:
            yield
            self.end(device, is_strict=is_strict)
        finally:
            self.is_open = False

    def end(self, device: Kept, *, is_strict: bool = True) -> None:
        """Commit; raises KilledError when the app's time has come."""
        doom = self._due()
        if doom is None or doom.is_committed:
            self.commit(device, is_strict=is_strict)
        if doom:
            device.tally["killed after a commit" if doom.is_committed else "killed before a commit"] += 1
            self.load(device, -1)
            raise KilledError

    def commit(self, device: Kept, *, is_strict: bool = True) -> None:
        """Keep the device as it is."""
        self.images.append({name: copy.copy(vars(device)[name]) for name in KEPT})
        surplus = max(0, len(self.images) - MOST_IMAGES)
        self.images = self.images[surplus:]
        self.strict = len(self.images) - 1 if is_strict else max(0, self.strict - surplus)

    def load(self, device: Kept, at: int) -> None:
        """Begin again with one of the images; the later ones never were."""
        at %= len(self.images)
        self.images = self.images[: at + 1]
        self.strict = min(self.strict, at)
        vars(device).update({name: copy.copy(value) for name, value in self.images[at].items()})
        device.restart()

    def cut_power(self, device: Kept, dice: Random) -> None:
        """What ended is there again; of what was only on its way to the disk, any number of the first ones."""
        self.load(device, dice.randint(self.strict, len(self.images) - 1))

    def _due(self) -> Doom | None:
        if self.doom is None:
            return None
        if self.doom.after > 0:
            self.doom = Doom(self.doom.after - 1, self.doom.is_committed)
            return None
        doom, self.doom = self.doom, None
        return doom
