"""Which cadences ask for a customer, and from when each of them counts, the same on every device (R36)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

CHANNELS: Final = ("visit", "call", "chat", "email")
"""The strongest first: a contact counts for its own channel and for every weaker one."""
LOST: Final = "lost"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a cadence may ask of a customer; empty where it asks, or is known of one, nothing."""

    tier: str = ""
    stage: str = ""
    industry: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every so many days on one channel, for the customers who have all of these traits."""

    id: str
    channel: str
    every_days: int
    traits: Traits = Traits()


def applying(cadences: Iterable[Cadence], customer: Traits) -> list[Cadence]:
    """Return the cadences that ask for a customer, one for each channel at most, the strongest channel first.

    Of several for a channel the one that states most traits asks, then the more frequent, then the
    smaller id. One of less than a day asks for nobody, and a lost customer is asked for only by name.
    """
    chosen: dict[str, Cadence] = {}
    for one in sorted(cadences, key=_precedence):
        if one.every_days >= 1 and _fits(one.traits, customer):
            chosen.setdefault(one.channel, one)
    return [chosen[channel] for channel in CHANNELS if channel in chosen]


def anchor(contacts: Mapping[str, int | None], channel: str) -> int | None:
    """Return the instant (ms) that a channel counts from: its last contact or that of a stronger one."""
    known = (contacts.get(one) for one in CHANNELS[: CHANNELS.index(channel) + 1])
    return max((at for at in known if at is not None), default=None)


def covers(done: str, channel: str) -> bool:
    """Tell whether a contact on the one channel counts for the other."""
    return CHANNELS.index(done) <= CHANNELS.index(channel)


def _precedence(one: Cadence) -> tuple[int, int, str]:
    traits = one.traits
    stated = sum(map(bool, (traits.tier, traits.stage, traits.industry))) + len(traits.tags)
    return (-stated, one.every_days, one.id)


def _fits(asked: Traits, known: Traits) -> bool:
    if known.stage == LOST and asked.stage != LOST:
        return False
    pairs = ((asked.tier, known.tier), (asked.stage, known.stage), (asked.industry, known.industry))
    return all(wanted in ("", held) for wanted, held in pairs) and set(asked.tags) <= set(known.tags)
