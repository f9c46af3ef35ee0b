"""Occasions of made-up customers that come soon, and a day of the company's own: something to greet."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from server.features.demo.firm import Firm
from server.features.demo.words import Dice, Words, words
from sync.core.lunar import to_lunar

BIRTHDAYS, ANNIVERSARIES = 14, 12
"""At so many of a hundred customers."""
FIRST, LAST = -1, 10
"""Days from today between which they lie."""
OWN_DAY_IN = 9
AGES = (28, 62)


def dice_of(seed: str, number: int) -> Dice:
    """Dice of their own: nothing else of the story changes by them."""
    return Dice.of(seed, "occasions", number)


def birthday_soon(dice: Dice, firm: Firm, today: date) -> dict[str, dict[str, Any]]:
    """The birthday of one of the firm's people, by contact id; mostly of nobody."""
    if not dice.chance(BIRTHDAYS):
        return {}
    fields = _day_soon(dice, today, dice.between(*AGES))
    return {dice.one(firm.people).id: {f"birthday_{'kind' if k == 'calendar' else k}": v for k, v in fields.items()}}


def anniversary_soon(dice: Dice, today: date) -> dict[str, Any] | None:
    """A firm's founding day, which comes every year."""
    if not dice.chance(ANNIVERSARIES):
        return None
    return {"label": dice.one(words()["profile"]["anniversaries"]), **_day_soon(dice, today, dice.between(8, 40))}


def own_day(today: date) -> Mapping[str, Any]:
    """The row of a day that the demo company keeps itself."""
    on = today + timedelta(days=OWN_DAY_IN)
    own: Words = words()["own_day"]
    return {**own, "kind": "company", "calendar": "solar", "month": on.month, "day": on.day, "shift_days": 0}


def _day_soon(dice: Dice, today: date, years: int) -> dict[str, Any]:
    on = today + timedelta(days=dice.between(FIRST, LAST))
    lunar = to_lunar(on.isoformat())
    if lunar is None or dice.chance(60):
        # Nobody is born on a 29 February of a year without one.
        return {"calendar": "solar", "month": on.month, "day": min(on.day, 28), "year": on.year - years}
    # In what year is not known: its thirtieth may not have been one.
    return {"calendar": "lunar", "month": lunar.month, "day": lunar.day, "year": None}
