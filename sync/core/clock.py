"""Stamps order writes that nobody saw of each other; they are never a cursor (SPEC 2)."""

from dataclasses import dataclass, replace
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Step:
    """The device's clock was set by `delta` ms after the mutation `seq`; `skew` held until then."""

    seq: int
    delta: int
    skew: int | None


@dataclass(frozen=True, slots=True)
class ClockKeeper:
    """What a device knows of its clock: the last readings, the last contact's skew, and steps.

    `wall` and `mono` are the last readings in ms; `mono` is None after a restart, which ends a
    monotonic clock. `restarted_at` is the last seq enqueued before the latest restart.
    """

    skew: int | None = None
    wall: int | None = None
    mono: int | None = None
    restarted_at: int = 0
    steps: tuple[Step, ...] = ()

    def observe(self, wall: int, mono: int, last_seq: int) -> "ClockKeeper":
        """Compare both clocks; call before each stamp with the last seq already enqueued."""
        delta = 0
        if self.wall is not None and self.mono is not None:
            delta = (wall - self.wall) - (mono - self.mono)
        read = replace(self, wall=wall, mono=mono)
        return read if abs(delta) <= STEP_MS else read._stepped(last_seq, delta)

    def restart(self, last_seq: int) -> "ClockKeeper":
        """Forget the monotonic reading: a new session has another one."""
        return replace(self, mono=None, restarted_at=last_seq)

    def contact(self, server_time: int, wall: int, mono: int, last_seq: int) -> "ClockKeeper":
        """Learn the skew from an answer; unexplained change of it means a step while closed."""
        read = self.observe(wall, mono, last_seq)
        skew = server_time - wall
        if read.skew is not None and read.restarted_at and abs(skew - read.skew) > STEP_MS:
            read = read._stepped(read.restarted_at, read.skew - skew)
        return replace(read, skew=skew, restarted_at=0, steps=_resolve(read.steps, skew))

    def skew_for(self, seq: int) -> int | None:
        """Return what the envelope of mutation `seq` carries: None lets the server measure it."""
        return next((step.skew for step in self.steps if seq <= step.seq), None)

    def acknowledged(self, through: int) -> "ClockKeeper":
        """Forget steps that no waiting mutation lies before."""
        return replace(self, steps=tuple(step for step in self.steps if step.seq > through))

    def _stepped(self, seq: int, delta: int) -> "ClockKeeper":
        skew = None if self.skew is None else self.skew - delta
        return replace(self, skew=skew, steps=(*self.steps, Step(seq, delta, self.skew)))


def _resolve(steps: tuple[Step, ...], skew: int) -> tuple[Step, ...]:
    """Fill in skews unknown when their step happened: before it, the clock was `delta` behind."""
    known: list[Step] = []
    for step in reversed(steps):
        skew += step.delta
        known.append(step if step.skew is not None else replace(step, skew=skew))
    return tuple(reversed(known))
