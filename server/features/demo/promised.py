"""What was promised to one made-up customer: some of it late, some due today, some to come, some done."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from server.features.demo.story import Scene, moment, slots
from server.features.demo.words import words
from sync.core.business import Calendar, end_of, hours_on, next_open_day

# How it stands, and how often; open ones are due so many business days from today.
STANDS = {"late": 10, "today": 14, "later": 30, "kept": 38, "dropped": 8}
LATE, LATER, LONG_AGO = (-5, -1), (1, 6), (-30, -8)
FARTHEST = 60


def promises(scene: Scene, calendar: Calendar) -> list[dict[str, Any]]:
    """Mostly none, sometimes one or two; whoever was lost was promised nothing."""
    if scene.firm.stage == "lost":
        return []
    count = 2 if scene.dice.chance(10) else int(scene.dice.chance(40))
    return [_promise(scene, calendar) for _ in range(count)]


def _promise(scene: Scene, calendar: Calendar) -> dict[str, Any]:
    dice = scene.dice
    stand = dice.weighed(STANDS)
    first, last = {"late": LATE, "today": (0, 0), "later": LATER}.get(stand, LONG_AGO)
    due_on = _business_day(scene.today, dice.between(first, last), calendar)
    # Before its day, and before today: nobody has promised anything tomorrow.
    promised_on = _business_day(min(due_on, scene.today), -dice.between(1, 3), calendar)
    return {
        "what": dice.one(words()["profile"]["promises"]).format_map(slots(scene)),
        "contact_id": dice.one(scene.firm.people).id,
        "promised_at": moment(scene, promised_on, dice.between(9, 17), dice.between(0, 59)),
        "due_on": due_on.isoformat(),
        "due_time": end_of(calendar, due_on.isoformat()).due_time,
        **_closing(scene, stand, due_on),
    }


def _closing(scene: Scene, stand: str, due_on: date) -> Mapping[str, Any]:
    closed = stand in {"kept", "dropped"}
    return {
        "state": stand if closed else "open",
        "closed_at": moment(scene, due_on, scene.dice.between(9, 17), 30) if closed else None,
        "closing_note": scene.dice.one(words()["profile"]["drops"]) if stand == "dropped" else None,
        "kept_interaction_id": None,
    }


def _business_day(start: date, ahead: int, calendar: Calendar) -> date:
    """So many business days before or after a date; none after it is the date itself, or the next open one."""
    if ahead >= 0:
        day = start if hours_on(calendar, start.isoformat()) else _next(start, calendar)
        for _ in range(ahead):
            day = _next(day, calendar)
        return day
    days = (start - timedelta(days=past) for past in range(1, FARTHEST))
    return [day for day in days if hours_on(calendar, day.isoformat())][-ahead - 1]


def _next(day: date, calendar: Calendar) -> date:
    return date.fromisoformat(next_open_day(calendar, day.isoformat()) or day.isoformat())
