"""Assignments with dates: from when until when somebody works a territory, such as a cover (R21)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.features.territories import errors
from server.shared.clock import to_ms


@dataclass(frozen=True)
class Period:
    """Calendar days in the company's zone, both included; None is open. One day has 23 hours, another 25."""

    from_on: date | None
    to_on: date | None
    zone: ZoneInfo


@dataclass(frozen=True)
class Dated:
    """One assignment: its days as people said them, and the moments (milliseconds since 1970) that these mean.

    It holds from `from_at` until just before `until_at`, the beginning of the day after the last.
    """

    person_id: str
    from_on: str | None
    to_on: str | None
    from_at: int | None
    until_at: int | None

    def holds(self, at: int) -> bool:
        """Whether it is in effect at a moment."""
        has_begun = self.from_at is None or self.from_at <= at
        return has_begun and (self.until_at is None or at < self.until_at)


def make(person_id: str, period: Period) -> Dated:
    """Somebody's assignment for these days; raises dates_reversed."""
    first, last = period.from_on, period.to_on
    if first and last and first > last:
        raise errors.reversed_dates(first.isoformat(), last.isoformat())
    after = last + timedelta(days=1) if last and last < date.max else None
    return Dated(
        person_id,
        first.isoformat() if first else None,
        last.isoformat() if last else None,
        _beginning(first, period.zone),
        _beginning(after, period.zone),
    )


def read(values: Iterable[Mapping[str, Any]] | None) -> tuple[Dated, ...]:
    """The assignments of a territory's row."""
    return tuple(Dated(**one) for one in values or ())


def to_values(dated: Iterable[Dated]) -> list[dict[str, Any]] | None:
    """What a territory's row holds of them; None for none."""
    return [asdict(one) for one in dated] or None


def _beginning(day: date | None, zone: ZoneInfo) -> int | None:
    """When a day begins; where its midnight is skipped, the moment of the skip."""
    return to_ms(datetime.combine(day, time.min, zone)) if day else None
