"""What happened at one made-up customer and what is planned there, told as episodes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import cos, hypot, radians
from typing import Any
from zoneinfo import ZoneInfo

from server.features.demo.firm import Firm
from server.features.demo.words import Dice, Words, words
from server.shared.clock import to_ms

# How many interactions, and how many days ago the last one was, by stage.
LENGTHS = {"prospect": (5, 9), "first_time": (7, 11), "dormant": (6, 10), "lost": (6, 10)}
USUAL_LENGTH = (8, 14)
RECENCY = {"dormant": (190, 330), "lost": (380, 500)}
USUAL_RECENCY = (1, 40)
PAUSE = (20, 70)
"""Days between two episodes."""
STAND_INS = {"tech": "plant", "clerk": "buyer"}
# Windows of planned touches, in days from today, and how often.
WINDOWS = {(-21, -2): 14, (-1, 1): 10, (0, 6): 26, (5, 20): 30, (15, 45): 20}
SATURDAY = 5
METRES_E7 = 0.0111319
"""Of a ten-millionth of a degree on a great circle."""


@dataclass(frozen=True)
class Scene:
    """Where and when a story plays: the firm, the reader's day and zone."""

    firm: Firm
    today: date
    zone: ZoneInfo
    dice: Dice


@dataclass(frozen=True)
class Event:
    """One interaction to come: its step of an episode, the words that fill it, its day."""

    step: Words
    slots: Mapping[str, str]
    on: date


def interactions(scene: Scene) -> list[dict[str, Any]]:
    """The customer's timeline, oldest first, without the people who wrote it."""
    rows: list[dict[str, Any]] = []
    met: Counter[date] = Counter()
    for event in _timeline(scene):
        rows.append(_interaction(scene, event, met[event.on]))
        met[event.on] += 1
    return rows


def touches(scene: Scene, last_step: str) -> list[dict[str, Any]]:
    """What is planned: mostly one touch, sometimes two or none; whoever was lost is left alone."""
    if scene.firm.stage == "lost":
        return []
    count = 2 if scene.dice.chance(12) else int(scene.dice.chance(80))
    reasons = [last_step, scene.dice.one(words()["profile"]["whys"])]
    return [_touch(scene, reason or reasons[1]) for reason in reasons[:count]]


def _timeline(scene: Scene) -> list[Event]:
    """Episodes one after the other until the customer has its number, then laid before today."""
    dice, stage = scene.dice, scene.firm.stage
    length = dice.between(*LENGTHS.get(stage, USUAL_LENGTH))
    days = 0
    steps: list[tuple[Words, Mapping[str, str], int]] = []
    for episode in _episodes(dice):
        chosen = slots(scene)
        for step in episode["steps"]:
            days += step["gap"]
            steps.append((step, chosen, days))
        if len(steps) >= length:
            break
        days += dice.between(*PAUSE)
    last = scene.today - timedelta(days=dice.between(*RECENCY.get(stage, USUAL_RECENCY)))
    return [Event(step, filled, _workday(last - timedelta(days=days - day))) for step, filled, day in steps]


def _episodes(dice: Dice) -> Iterator[Words]:
    while True:
        yield from dice.random.sample(words()["episodes"], len(words()["episodes"]))


def slots(scene: Scene) -> dict[str, str]:
    """The words of this firm that fill the sentences of its story."""
    called = {person.role: person.called for person in scene.firm.people}
    stand_ins = {role: called[other] for role, other in STAND_INS.items()}
    chosen = {name: scene.dice.one(values) for name, values in words()["slots"].items()}
    profile = words()["profile"]
    return {
        **stand_ins,
        **called,
        **chosen,
        "air": scene.firm.air,
        "weather": scene.dice.one(profile["weather"]),
    }


def _interaction(scene: Scene, event: Event, same_day: int) -> dict[str, Any]:
    dice, step = scene.dice, event.step
    hour, minute = 9 + 3 * same_day + dice.between(0, 1), dice.between(0, 59)
    start = moment(scene, event.on, hour, minute)
    is_visit = step["channel"] == "visit"
    end = start + (dice.between(20, 80) if is_visit else dice.between(2, 12)) * 60_000
    row: dict[str, Any] = {
        "channel": step["channel"],
        "direction": step.get("direction", "out"),
        "started_at": start,
        "ended_at": end,
        "contact_ids": [_met(scene, step["who"])],
        "purpose": step.get("purpose"),
        "outcome": step["outcome"],
        "notes": step["note"].format_map(event.slots),
        "next_step": step["next"].format_map(event.slots),
    }
    return row | (_checked_in(scene, start, end) if is_visit else {})


def _checked_in(scene: Scene, start: int, end: int) -> dict[str, Any]:
    """Mostly at the door; now and then somewhere else, or where the phone hardly knew where it was."""
    site = next(iter(scene.firm.sites.values()))
    # Dice of its own: all else that happens at this customer stays as it was.
    rare = Dice.of(scene.dice.seed, "place", start)
    far, vague = 100 if rare.chance(5) else 1, 50 if rare.chance(5) else 1
    north, east = scene.dice.between(-2_000, 2_000) * far, scene.dice.between(-2_000, 2_000) * far
    return {
        "checkin_at": start,
        "checkin_lat_e7": site["lat_e7"] + north,
        "checkin_lon_e7": site["lon_e7"] + east,
        "checkin_accuracy_m": scene.dice.between(6, 45) * vague,
        "checkin_distance_m": round(hypot(north, east * cos(radians(site["lat_e7"] / 1e7))) * METRES_E7),
        "checkout_at": end,
    }


def _touch(scene: Scene, reason: str) -> dict[str, Any]:
    dice = scene.dice
    first, last = dice.random.choices(list(WINDOWS), list(WINDOWS.values()))[0]
    start = dice.between(first, last)
    channel = "visit" if dice.chance(55) else dice.one(["call", "chat", "email"])
    return {
        "contact_id": dice.one(scene.firm.people).id,
        "channel": channel,
        "state": "open",
        "why": reason.format_map(slots(scene)),
        "due_from_on": str(scene.today + timedelta(days=start)),
        "due_to_on": str(scene.today + timedelta(days=start + dice.between(0, 5))),
        "due_time": dice.one(["09:30", "10:00", "14:00", "15:30"]) if dice.chance(25) else None,
    }


def _met(scene: Scene, role: str) -> str:
    ids = {person.role: person.id for person in scene.firm.people}
    return ids.get(role) or ids[STAND_INS[role]]


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def moment(scene: Scene, day: date, hour: int, minute: int) -> int:
    """A time of the company's zone, as rows hold it."""
    return to_ms(datetime.combine(day, time(hour, minute), scene.zone))
