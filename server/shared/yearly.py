"""Tells what is wrong with a date that comes every year, as people enter it: solar, lunar, or of a leap month."""

from collections.abc import Mapping
from typing import Any

from sync.core.occasion import Yearly, exists

Names = tuple[str, str, str, str]
"""What a row calls the date's calendar, month, day and year."""


def wrong_part(fields: Mapping[str, Any], names: Names) -> str | None:
    """Return the name of the part that cannot be: the calendar (never such a leap month), the day or the year.

    None when there is such a day. A date without a month or a day is not known yet, and passes.
    """
    calendar, month, day, year = (fields.get(name) for name in names)
    if not month or not day:
        return None
    kind = calendar or "solar"
    if not exists(Yearly(kind, month, 1)):
        return names[0]
    if not exists(Yearly(kind, month, day)):
        return names[2]
    return None if year is None or exists(Yearly(kind, month, day), year) else names[3]
