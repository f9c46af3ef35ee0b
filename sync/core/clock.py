"""Stamps order writes that nobody saw of each other; they are never a cursor (SPEC 2)."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sync.core.mutation import Stamp

MAX_COUNT: Final = 65535
STEP_MS: Final = 2000


def tick(last: Stamp, wall: int) -> Stamp:
    """Return the stamp after `last` on a device whose clock reads `wall` milliseconds."""
    return (wall, 0) if wall > last[0] else successor(last)


def successor(stamp: Stamp) -> Stamp:
    """Return the least stamp that is later."""
    ms, count = stamp
    return (ms, count + 1) if count < MAX_COUNT else (ms + 1, 0)


def effective(server_ms: int, claimed: Stamp, skew: int, seen: Stamp | None, previous: Stamp | None) -> Stamp:
    """Return the stamp that a mutation is ordered by (SPEC 2.3).

    `skew` is added to the claimed milliseconds; `seen` is the highest stamp among the touched
    groups whose revision was seen, `previous` the effective stamp of the device's last mutation.
    """
    stamp = (max(0, claimed[0] + skew), claimed[1])
    if seen is not None:
        stamp = max(stamp, successor(seen))
    if previous is not None:
        stamp = max(stamp, previous)
    return min((server_ms, MAX_COUNT), stamp)


def later(a: tuple[Stamp, str, int], b: tuple[Stamp, str, int]) -> bool:
    """Tell whether `(stamp, device, seq)` a is ordered after b; ids compare by bytes (SPEC 2.4)."""
    return a > b


class Reading(NamedTuple):
    """One look at the clocks, in ms; `mono` is comparable only within one `session`."""

    wall: int
    mono: int
    session: str


@dataclass(frozen=True, slots=True)
class ClockKeeper:
    """What a device's outbox database keeps of time (SPEC 2.2).

    `last` is the last stamp; `skew` server minus wall at the last contact, None before the first
    and after a step; `offset` wall minus mono at the last reading. `kept` holds, in rising order,
    up to which stamp which skew holds.
    """

    last: Stamp = (0, 0)
    skew: int | None = None
    session: str | None = None
    offset: int = 0
    kept: tuple[tuple[Stamp, int | None], ...] = ()

    def observed(self, reading: Reading) -> "ClockKeeper":
        """Notice a new session or a step of the wall clock; part of every other reading."""
        offset = reading.wall - reading.mono
        read = replace(self, session=reading.session, offset=offset)
        if reading.session != self.session:
            return read if self.session is None else replace(read, kept=self._closed())
        if abs(offset - self.offset) <= STEP_MS:
            return read
        return replace(read, kept=self._closed(), skew=None)

    def stamped(self, reading: Reading) -> "ClockKeeper":
        """Return the keeper after one more mutation, whose `hlc` is then `last`."""
        read = self.observed(reading)
        return replace(read, last=tick(read.last, reading.wall))

    def contacted(self, reading: Reading, server_time: int) -> "ClockKeeper":
        """Learn the skew from an answer."""
        return replace(self.observed(reading), skew=server_time - reading.wall)

    def skew_of(self, hlc: Stamp) -> int | None:
        """Return what a mutation's envelope line carries: None lets the server measure it."""
        return next((skew for up_to, skew in self.kept if hlc <= up_to), None)

    def pruned(self, oldest: Stamp | None) -> "ClockKeeper":
        """Forget the skews that no waiting mutation needs; `oldest` is the first waiting stamp."""
        needed = (item for item in self.kept if oldest is not None and item[0] >= oldest)
        return replace(self, kept=tuple(needed))

    def _closed(self) -> tuple[tuple[Stamp, int | None], ...]:
        """Let everything stamped so far keep the skew known now; the wall may have been set since."""
        if self.kept and self.kept[-1][0] >= self.last:
            return self.kept
        same_skew = bool(self.kept) and self.kept[-1][1] == self.skew
        return (*(self.kept[:-1] if same_skew else self.kept), (self.last, self.skew))
