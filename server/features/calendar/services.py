"""What can be done with the calendar: keep its holidays current, set hours, close and open single days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from server.auth.services import must_be_admin
from server.features.calendar import errors
from server.shared.actor import Actor
from server.shared.differing import differing, write
from server.shared.scope import TREE
from server.shared.writer import Writer
from sync.core.business import USUAL, Calendar, hours_on, parse_hours
from sync.core.ids import uuid5

CALENDAR_ID = uuid5(TREE, "calendar")
YEARS_AHEAD = 2
"""Holidays are known to the end of the second year to come: farther ahead nobody has announced any."""
LANGUAGE = {"TW": "zh_TW"}
"""In which the names of holidays are kept; those of another country stay in its own."""


@dataclass(frozen=True)
class Business:
    """The calendar as it is kept: `holidays` come from the country's law, `closed` and `opened` from the company."""

    week: Sequence[str] = tuple(USUAL.week)
    holidays: Mapping[str, str] = field(default_factory=dict[str, str])
    closed: Mapping[str, str] = field(default_factory=dict[str, str])
    opened: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def calendar(self) -> Calendar:
        """As the rules read it."""
        return Calendar(self.week, self.holidays.keys() | self.closed.keys(), self.opened)

    def name_of(self, on: str) -> str:
        """Why a date is closed, "" where it is not or nobody said."""
        return "" if on in self.opened else self.closed.get(on) or self.holidays.get(on, "")


def current(writer: Writer) -> Business:
    """The calendar as it stands; the usual hours before anybody made one."""
    row = writer.read("calendar", [CALENDAR_ID]).get(CALENDAR_ID)
    return (
        Business(**{name: row.fields[name] for name in asdict(Business()) if name in row.fields}) if row else Business()
    )


def renew(writer: Writer, actor: Actor, today: date, country: str) -> None:
    """Take over the country's holidays of this year and the next two; past years stay. "" is a country without any."""
    known = current(writer)
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    past = {on: name for on, name in known.holidays.items() if on < str(years[0])}
    _save(writer, actor, replace(known, holidays=past | public_holidays(country, years)))


def public_holidays(country: str, years: Iterable[int]) -> dict[str, str]:
    """The dates on which a country rests, with their names; raises unknown_country."""
    if not country:
        return {}
    # Loading the world's holidays takes a third of a second, which no other command should pay.
    from holidays import country_holidays  # noqa: PLC0415

    try:
        found = country_holidays(country, years=years, language=LANGUAGE.get(country))
    except NotImplementedError as unknown:  # what the library says of a country that it does not know
        raise errors.no_country(country) from unknown
    return {on.isoformat(): name for on, name in sorted(found.items())}


def set_hours(writer: Writer, actor: Actor, weekdays: Iterable[int], hours: str) -> None:
    """Open on these weekdays (0 is Monday) from when to when, "" for not at all; raises invalid_hours."""
    _must_be_hours(hours)
    known, days = current(writer), set(weekdays)
    week = [hours if day in days else old for day, old in enumerate(known.week)]
    _save(writer, actor, replace(known, week=week))


def close(writer: Writer, actor: Actor, on: date, name: str) -> None:
    """Close on a date, whatever its weekday."""
    known = _without(current(writer), on)
    _save(writer, actor, replace(known, closed={**known.closed, on.isoformat(): name}))


def open_(writer: Writer, actor: Actor, on: date, hours: str) -> str:
    """Open on a date although it is a holiday or a weekend; returns the hours.

    Without hours they are those of its weekday, else of the first one that has any. Raises invalid_hours.
    """
    known = _without(current(writer), on)
    week = [known.week[on.weekday()], *known.week]
    chosen = hours or next((one for one in week if parse_hours(one)), "")
    _must_be_hours(chosen or "-")
    _save(writer, actor, replace(known, opened={**known.opened, on.isoformat(): chosen}))
    return chosen


def be_usual(writer: Writer, actor: Actor, on: date) -> None:
    """Let a date be what its weekday and the country's holidays say."""
    _save(writer, actor, _without(current(writer), on))


def is_open(business: Business, on: date) -> bool:
    """Whether the company is open on a date."""
    return hours_on(business.calendar, on.isoformat()) is not None


def _without(known: Business, on: date) -> Business:
    closed, opened = (
        {day: what for day, what in days.items() if day != on.isoformat()} for days in (known.closed, known.opened)
    )
    return replace(known, closed=closed, opened=opened)


def _must_be_hours(hours: str) -> None:
    if hours and not parse_hours(hours):
        raise errors.no_hours(hours)


def _save(writer: Writer, actor: Actor, wanted: Business) -> None:
    must_be_admin(actor)
    fields: dict[str, Any] = asdict(wanted)
    fields["week"] = list(wanted.week)
    write(writer, actor, differing(writer, "calendar", {CALENDAR_ID: fields}))
