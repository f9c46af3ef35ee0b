"""Turns the plain JSON of vectors into the core's values and back, the same way for every module."""

from typing import Any

from sync.core import mutation, policy, state
from sync.core.business import Calendar
from sync.core.conflict import ConflictEvent
from sync.core.cursor import Held
from sync.core.lineage import Lineage
from sync.core.merge import AggregateRow, Author, Outcome
from sync.core.park import Park

Specs = dict[str, policy.EntitySpec]


def rev(value: list[int] | None) -> tuple[int, int] | None:
    return None if value is None else (value[0], value[1])


def lineage(value: dict[str, Any]) -> Lineage:
    return Lineage(value["device"], tuple((d, s) for d, s in value["ancestors"]))


def author(value: dict[str, Any]) -> Author:
    return Author(
        value["person"],
        value["device"],
        value["seq"],
        lineage(value),
        (value["effective"][0], value["effective"][1]),
        value["epoch"],
        value.get("is_server", False),
    )


def mutated(value: dict[str, Any]) -> mutation.Mutation:
    return mutation.from_json(value)


def row(value: dict[str, Any] | None) -> state.RowState | None:
    return None if value is None else state.from_json(value)


def aggregate_row(specs: Specs, value: dict[str, Any]) -> AggregateRow:
    return AggregateRow(specs[value["entity"]], value["pk"], state.from_json(value["state"]))


def held(value: list[Any] | None) -> Held | None:
    return None if value is None else Held(value[0], (value[1][0], value[1][1]))


def event(value: dict[str, Any]) -> ConflictEvent:
    return ConflictEvent(
        value["kind"],
        value["entity"],
        value["pk"],
        value["group"],
        value["mutation"],
        (value["rev"][0], value["rev"][1]),
        lineage(value["lineage"]),
        value["current"],
        tuple(value["candidates"]),
    )


def calendar_of(value: dict[str, Any]) -> Calendar:
    return Calendar(value["week"], frozenset(value["closed"]), value["opened"])


def park_json(park: Park | None) -> dict[str, Any] | None:
    return None if park is None else {"code": park.code, "fields": list(park.fields)}


def event_json(value: ConflictEvent) -> dict[str, Any]:
    return {
        "kind": value.kind,
        "entity": value.entity,
        "pk": value.pk,
        "group": value.group,
        "mutation": value.mutation,
        "rev": list(value.rev),
        "current": dict(value.current),
        "candidates": [dict(candidate) for candidate in value.candidates],
    }


def outcome_json(value: Outcome) -> dict[str, Any]:
    """What is worth naming of an outcome: parts that are empty are left out."""
    parts: dict[str, Any] = {
        "changed": list(value.changed),
        "conflicts": [event_json(item) for item in value.conflicts],
        "is_merged": value.is_merged,
        "park": park_json(value.park),
        "command": value.command,
    }
    return {key: part for key, part in parts.items() if part}
