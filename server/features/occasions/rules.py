"""What the company asks of each kind of occasion: the catalogue's own setting, or the row that replaced it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.features.occasions.models import Occasion
from server.settings import ROOT
from sync.core.occasion import Yearly

SETTINGS = ("lead_days", "channel", "is_active")


@dataclass(frozen=True)
class Rule:
    """One kind of occasion; `yearly` is None where each person or customer has a day of their own.

    `names` are by language, or one under "" that the company gave. No tiers and no tags mean every customer.
    """

    id: str
    key: str
    kind: str
    names: Mapping[str, str]
    yearly: Yearly | None
    lead_days: int
    channel: str
    tiers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_active: bool = True

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return self.names.get("") or self.names.get(language) or self.key

    def is_for(self, tier: str | None, tags: frozenset[str]) -> bool:
        """Whether a customer of this tier and with these tags is meant."""
        if not self.tiers and not self.tags:
            return True
        return tier in self.tiers or not tags.isdisjoint(self.tags)


@cache
def catalogue() -> tuple[Rule, ...]:
    """What holds until the company decides otherwise, from config/catalogs/occasions.json."""
    text = (ROOT / "config" / "catalogs" / "occasions.json").read_text(encoding="utf-8")
    return tuple(_listed(one) for one in json.loads(text))


def all_rules(session: Session) -> list[Rule]:
    """Every rule as it holds now: the catalogue's, in its order, then the company's own days."""
    rows = {row.id: row for row in session.scalars(select(Occasion).order_by(Occasion.name, Occasion.id))}
    known = [_changed(rule, rows.pop(rule.id, None)) for rule in catalogue()]
    return known + [_own(row) for row in rows.values()]


def fields_of(rule: Rule) -> dict[str, Any]:
    """The row of a rule."""
    return {
        **{"key": rule.key, "kind": rule.kind, "name": rule.names.get("")},
        **(asdict(rule.yearly) if rule.yearly else {}),
        **{name: getattr(rule, name) for name in SETTINGS},
        **{"tiers": list(rule.tiers), "tags": list(rule.tags)},
    }


def _listed(one: Mapping[str, Any]) -> Rule:
    """A festival, greeted by chat, of everybody and not asked for, unless the entry says otherwise."""
    day = ("calendar" in one) and Yearly(one["calendar"], one["month"], one["day"], one.get("shift_days", 0))
    return Rule(
        one["id"],
        one["key"],
        one.get("kind", "festival"),
        one["names"],
        day or None,
        one["lead_days"],
        one.get("channel", "chat"),
        tuple(one.get("tiers", ())),
        is_active=one.get("is_active", False),
    )


def _changed(rule: Rule, row: Occasion | None) -> Rule:
    """The rule with what the company set: who is greeted, when, how, and whether at all."""
    if row is None:
        return rule
    chosen = {name: value for name in SETTINGS if (value := getattr(row, name)) is not None}
    return replace(rule, **chosen, tiers=tuple(row.tiers or ()), tags=tuple(row.tags or ()))


def _own(row: Occasion) -> Rule:
    yearly = Yearly(row.calendar or "solar", row.month or 0, row.day or 0, row.shift_days or 0)
    plain = Rule(row.id, row.key or row.id, row.kind or "company", {"": row.name or ""}, yearly, 7, "call")
    return _changed(plain, row)
