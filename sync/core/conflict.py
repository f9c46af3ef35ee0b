"""Conflict records: both sides of a clash kept until a person decides (SPEC 6).

A record is the plain dict that is served as a row of entity `conflict`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sync.core.ids import uuid5
from sync.core.lineage import Lineage
from sync.core.mutation import Rev
from sync.core.park import Park
from sync.core.state import Write

Kind = Literal["register", "ask", "delete", "invariant"]
Record = dict[str, Any]

DELETED: Final = "deleted"  # the group that a delete conflict is about


@dataclass(frozen=True, slots=True)
class ConflictEvent:
    """One mutation clashed in one group of the row `pk`; `rev` is that row's revision afterwards.

    `current` is `{value, by, device, at, mutation}`; each candidate is
    `{mutation, by, device, seq, at, value, base}`.
    """

    kind: Kind
    entity: str
    pk: str
    group: str
    mutation: str
    rev: Rev
    lineage: Lineage
    current: Mapping[str, Any]
    candidates: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RowWrite:
    """What a decision does to the row, as a causal successor of its current revision."""

    op: Literal["patch", "delete", "restore"]
    patch: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """The record after a command on it, and the write it asks for; or why it cannot be."""

    record: Record
    write: RowWrite | None = None
    park: Park | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides: the command's mutation, person, device and effective time in ms."""

    mutation: str
    person: str
    device: str
    at: int


def current_of(write: Write, value: Any) -> dict[str, Any]:
    """Return the `current` part of a record."""
    return {
        "value": value,
        "by": write.person,
        "device": write.device,
        "at": write.stamp[0],
        "mutation": write.mutation,
    }


def candidate_of(write: Write, value: Any, base: Any) -> dict[str, Any]:
    """Return a candidate: a losing write with its value and, where it is known, its base."""
    return {
        "mutation": write.mutation,
        "by": write.person,
        "device": write.device,
        "seq": write.seq,
        "at": write.stamp[0],
        "value": value,
        "base": base,
    }


def conflict_pk(event: ConflictEvent) -> str:
    """Return the id of the record that an event opens."""
    return uuid5(event.pk, f"{event.group}/{event.mutation}")


def receipt_pk(record_pk: str, mutation: str) -> str:
    """Return the id of the receipt for one losing mutation."""
    return uuid5(record_pk, mutation)


def open_or_join(record: Record | None, event: ConflictEvent, customer_id: str | None, now: int) -> Record:
    """Return the record with an event in it: a new one, or the open one of that row and group.

    A later write of one lineage replaces its own candidate; under a delete it takes it in, row by
    row, for there the candidates are writes of many groups. `now` is server time in ms.
    """
    arriving = [{**item, "arrived_at": now} for item in event.candidates]
    if record is None:
        opened: Record = {
            "customer_id": customer_id,
            "entity": event.entity,
            "row_pk": event.pk,
            "group": event.group,
            "state": "open",
            "opened_at": now,
            "resolution": None,
        }
    else:
        join = _taken_in if event.kind == "delete" else _replaced
        arriving = join(record["candidates"], arriving, event.lineage)
        opened = record
    return {
        **opened,
        "kind": event.kind,
        "opened_rev": event.rev,
        "current": dict(event.current),
        "candidates": arriving,
    }


def observe_write(record: Record, seen_rev: Rev | None, lineage: Lineage, current: Mapping[str, Any]) -> Record:
    """Return an open record after its group was written without a clash.

    A write that has seen the conflict closes it, and so does the last loser's own next one, after
    which nothing waits to be decided; any other only becomes the current value.
    """
    opened_rev = (record["opened_rev"][0], record["opened_rev"][1])
    written = {**record, "current": dict(current)}
    staying = _staying(record["candidates"], [], lineage)
    if not staying or (seen_rev is not None and seen_rev >= opened_rev):
        return supersede(written)
    return {**written, "candidates": staying}


def supersede(record: Record) -> Record:
    """Return an open record closed by a later write; its candidates stay in it."""
    return {**record, "state": "superseded"}


def resolve(record: Record, command: Mapping[str, Any], by: Decider) -> Decision:
    """Carry out `{command: "resolve", …}`; Decision.park when it may not be (SPEC 6.4)."""
    if command.get("expected_state") != "open" or record["state"] != "open":
        return Decision(record, park=Park("illegal_transition", ("expected_state",)))
    write = _chosen(record, command)
    if isinstance(write, Park):
        return Decision(record, park=write)
    resolution = {
        "choice": command["choice"],
        "candidate": command.get("candidate"),
        "value": write.patch if write and write.op == "patch" else None,
        "by": by.person,
        "device": by.device,
        "at": by.at,
        "mutation": by.mutation,
    }
    return Decision({**record, "state": "resolved", "resolution": resolution}, write)


def reopen(
    record: Record,
    command: Mapping[str, Any],
    current: Mapping[str, Any],
    rev: Rev,
    by: Decider,
) -> Decision:
    """Undo a resolution, the row's value too unless it was written again since.

    `current` and `rev` are the group's writer and the row's revision now.
    """
    if command.get("expected_state") != "resolved" or record["state"] != "resolved":
        return Decision(record, park=Park("illegal_transition", ("expected_state",)))
    made, before = record["resolution"], record["current"]
    opened = {**record, "state": "open", "opened_rev": rev, "resolution": None}
    if made["choice"] in ("current", "keep_deleted"):
        return Decision(opened)
    if current["mutation"] != made["mutation"]:
        return Decision({**opened, "current": dict(current)})
    opened["current"] = {**before, "mutation": by.mutation}
    if made["choice"] == "restore":
        return Decision(opened, RowWrite("delete", {}))
    return Decision(opened, RowWrite("patch", dict(before["value"])))


def receipts(record_pk: str, record: Record) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return, by receipt pk, each loser and the receipt's body: own value, never the winner's."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for item in record["candidates"]:
        body = {key: item[key] for key in ("mutation", "at", "arrived_at", "value", "base")}
        shared = ("customer_id", "entity", "row_pk", "group", "kind", "state")
        body.update({key: record[key] for key in shared}, conflict=record_pk)
        found[receipt_pk(record_pk, item["mutation"])] = (item["by"], body)
    return found


def _replaced(held: list[Record], arriving: list[Record], lineage: Lineage) -> list[Record]:
    return [*_staying(held, arriving, lineage), *arriving]


def _taken_in(held: list[Record], arriving: list[Record], lineage: Lineage) -> list[Record]:
    result = list(held)
    for item in arriving:
        earlier = [one for one in result if _is_earlier(one, item, lineage)]
        fields = {name: value for one in (*earlier, item) for name, value in one["value"]["fields"].items()}
        result = [one for one in result if one not in earlier]
        result.append({**item, "value": {**item["value"], "fields": fields}})
    return result


def _is_earlier(held: Record, item: Record, lineage: Lineage) -> bool:
    """Whether two candidates of a delete are one author's writes of one row."""
    if held["value"]["pk"] != item["value"]["pk"]:
        return False
    of_lineage = [lineage.includes(one["device"], one["seq"]) for one in (held, item)]
    return held["device"] == item["device"] or all(of_lineage)


def _staying(held: list[dict[str, Any]], arriving: list[dict[str, Any]], lineage: Lineage) -> list[dict[str, Any]]:
    """Drop candidates that a later write of the same lineage or device has overtaken."""
    last = {item["device"]: item["seq"] for item in arriving}
    return [
        item
        for item in held
        if not lineage.includes(item["device"], item["seq"]) and item["seq"] > last.get(item["device"], -1)
    ]


def _chosen(record: Record, command: Mapping[str, Any]) -> RowWrite | Park | None:
    """Return the write that a choice asks for (None leaves the row as it is), or why it cannot be."""
    choice = command.get("choice")
    if choice == ("keep_deleted" if record["kind"] == "delete" else "current"):
        return None
    if record["kind"] == "delete":
        known = choice == "restore"
        return RowWrite("restore", {"delete": record["current"]["mutation"]}) if known else _BAD
    value = command.get("value")
    if choice == "candidate":
        wanted = command.get("candidate")
        value = next((c["value"] for c in record["candidates"] if c["mutation"] == wanted), None)
    elif choice != "value":
        return _BAD
    return RowWrite("patch", dict(cast("dict[str, Any]", value))) if _is_object(value) else _BAD


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


_BAD: Final = Park("invalid_value", ("choice",))
