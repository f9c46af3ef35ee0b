"""Stamps order writes that nobody saw of each other; they are never a cursor (SPEC 2)."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sync.core.mutation import Stamp

MAX_COUNT: Final = 65535
STEP_MS: Final = 2000
"""Wall and monotonic clocks that differ by more show that the wall clock was set."""


def successor(stamp: Stamp) -> Stamp:
    """Return the least stamp that is later."""
    ms, count = stamp
    return (ms, count + 1) if count < MAX_COUNT else (ms + 1, 0)


def tick(last: Stamp, wall: int) -> Stamp:
    """Return the stamp after `last` on a device whose clock reads `wall` milliseconds."""
    return (wall, 0) if wall > last[0] else successor(last)


def effective(claimed: Stamp, skew: int, seen: Stamp | None, previous: Stamp | None, receive: int) -> Stamp:
    """Return the stamp that a mutation is ordered by (SPEC 2.3).

    `skew` is server minus device in ms; `seen` the highest stamp among the touched groups whose
    revision was seen; `previous` the effective stamp of the device's last mutation; `receive`
    the server's ms at receipt.
    """
    stamp = (claimed[0] + skew, claimed[1])
    if seen is not None:
        stamp = max(stamp, successor(seen))
    if previous is not None:
        stamp = max(stamp, previous)
    return min((receive, MAX_COUNT), stamp)


Writer = tuple[Stamp, str, int]
"""`(stamp, device, seq)`, in the order that decides between equal stamps (SPEC 2.4)."""


def later(a: Writer, b: Writer) -> bool:
    """Tell whether `a` wins over `b`; device ids compare by their bytes."""
    return a > b


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at both clocks, in ms; `mono` compares only within one `session`."""

    wall: int
    mono: int
    session: str


class Kept(NamedTuple):
    """Mutations stamped up to `up_to` keep `skew`, whatever the clock was set to since."""

    up_to: Stamp
    skew: int | None


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a device keeps of time beside its outbox.

    `skew` is server minus wall at the last contact, None before the first and after a step;
    `offset` is wall minus mono at the last reading.
    """

    last: Stamp = (0, 0)
    skew: int | None = None
    session: str | None = None
    offset: int = 0
    kept: tuple[Kept, ...] = ()


def observed(state: ClockState, reading: Reading) -> ClockState:
    """Notice a new session or a step of the wall clock (SPEC 2.2); call it with every reading."""
    offset = reading.wall - reading.mono
    if reading.session != state.session:
        kept = state.kept if state.session is None else _closed(state)
        return replace(state, session=reading.session, offset=offset, kept=kept)
    if abs(offset - state.offset) <= STEP_MS:
        return replace(state, offset=offset)
    return replace(state, offset=offset, kept=_closed(state), skew=None)


def stamped(state: ClockState, reading: Reading) -> ClockState:
    """Return the state after stamping one mutation; its `hlc` is the new `last`."""
    now = observed(state, reading)
    return replace(now, last=tick(now.last, reading.wall))


def contacted(state: ClockState, reading: Reading, server_time: int) -> ClockState:
    """Return the state after an answer that carried `server_time` in ms."""
    return replace(observed(state, reading), skew=server_time - reading.wall)


def skew_of(state: ClockState, hlc: Stamp) -> int | None:
    """Return the envelope's `skew` for a stamp: None lets the server measure it at push."""
    return next((kept.skew for kept in state.kept if hlc <= kept.up_to), None)


def pruned(state: ClockState, oldest: Stamp | None) -> ClockState:
    """Forget the skews that no waiting mutation needs; `oldest` is the first waiting stamp."""
    kept = tuple(item for item in state.kept if oldest is not None and item.up_to >= oldest)
    return replace(state, kept=kept)


def _closed(state: ClockState) -> tuple[Kept, ...]:
    """Everything stamped so far keeps the skew known now, for the wall may have been set since."""
    kept = state.kept
    if kept and kept[-1].up_to >= state.last:
        return kept
    before = kept[:-1] if kept and kept[-1].skew == state.skew else kept
    return (*before, Kept(state.last, state.skew))
