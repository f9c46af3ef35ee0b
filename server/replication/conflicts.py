"""Keeps conflicts as rows: opened, joined and closed by what a merge found (SPEC 6)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.replication.rows import Key, Row
from server.replication.unit import Unit
from server.replication.work import Effect, Writing
from server.shared.actor import OPERATOR
from server.shared.registry import Fields, SyncedEntity
from server.shared.scope import person_scope, with_classes
from sync.core.conflict import (
    DELETED,
    ConflictEvent,
    conflict_pk,
    current_of,
    observe_write,
    open_or_join,
    receipts,
)
from sync.core.merge import Outcome
from sync.core.mutation import Mutation
from sync.core.state import RowState, Write

CONFLICT = "conflict"
RECEIPT = "conflict_receipt"


def follow(unit: Unit, writing: Writing, entity: SyncedEntity, mutation: Mutation, outcome: Outcome) -> Effect:
    """Open or join the conflicts of an outcome, and tell open ones of writes to their group."""
    opened = tuple(_open(unit, writing, event) for event in outcome.conflicts)
    key = (mutation.entity, mutation.pk)
    row = unit.get(key) if unit.has_conflicts(key) else None
    if row:
        clashed = {event.group for event in outcome.conflicts}
        for group in outcome.changed:
            if group not in clashed:
                _observe(unit, writing, entity, mutation, row, group)
    return Effect("merged" if opened or outcome.is_merged else "applied", opened)


def write_record(unit: Unit, writing: Writing, pk: str, record: Fields, about: Row) -> None:
    """Store a conflict beside the row that it is about, and each loser's receipt."""
    key = (CONFLICT, pk)
    put_plain(unit, writing, key, about.root, _scope_of(unit, about, record), record)
    for receipt_pk, (person, body) in receipts(pk, dict(record)).items():
        if person != OPERATOR.person_id:
            own = (RECEIPT, receipt_pk)
            put_plain(unit, writing, own, own, person_scope(person), body)


def _scope_of(unit: Unit, about: Row, record: Fields) -> str:
    """As secret as the row it is about and, under a delete, as every row whose values it shows (R30)."""
    if record["kind"] != "delete":
        return about.scope
    own = about.scope.partition("#")[2]
    shown = {unit.registry.entities[item["value"]["entity"]].scope_class for item in record["candidates"]}
    return with_classes(about.scope, {own, *shown})


def put_plain(unit: Unit, writing: Writing, key: Key, root: Key, scope: str, fields: Mapping[str, Any]) -> None:
    """Write a row of replication's own, which nobody merges; an equal one is left alone."""
    row = unit.get(key)
    values = {name: value for name, value in fields.items() if value is not None}
    if row and row.state.fields == values and row.scope == scope:
        return
    if row:
        rev = (max(unit.epoch, row.rev[0]), row.rev[1] + 1)
        state = replace(row.state, rev=rev, fields=values)
    else:
        parent = unit.get(root) if root != key else None
        rev, agg = (unit.epoch, 1), parent.agg_head if parent else 0
        made = Write("", writing.actor.person_id, writing.device, writing.seq, writing.stamp, rev, agg)
        state = RowState(rev, agg, values, {}, made)
    unit.put(Row(key, root, scope, state, 0, (writing.device, writing.seq)))


def whole(row: Row) -> dict[str, Any]:
    """A conflict's record, with the keys that its body leaves out because they are empty."""
    return {"customer_id": None, "resolution": None, **row.state.fields}


def group_value(entity: SyncedEntity, fields: Fields, group: str) -> dict[str, Any] | None:
    """A group's values as a conflict holds them; nothing for a deletion."""
    if group == DELETED:
        return None
    return {name: fields.get(name) for name in entity.spec.groups.get(group, (group,))}


def _open(unit: Unit, writing: Writing, event: ConflictEvent) -> str:
    about = unit.get((event.entity, event.pk))
    if about is None:
        raise LookupError(f"a conflict about a missing row: {event.entity} {event.pk}")
    held = unit.open_conflict(about.key, event.group)
    record = unit.get((CONFLICT, held)) if held else None
    pk = held or conflict_pk(event)
    joined = open_or_join(whole(record) if record else None, event, about.root[1], unit.now_ms)
    write_record(unit, writing, pk, joined, about)
    unit.conflicts[about.key, event.group] = pk
    return pk


def _observe(unit: Unit, writing: Writing, entity: SyncedEntity, mutation: Mutation, row: Row, group: str) -> None:
    pk = unit.open_conflict(row.key, group)
    record = unit.get((CONFLICT, pk)) if pk else None
    if pk is None or record is None:
        return
    write = row.state.groups.get(group) or writing.write(mutation, row.rev, row.state.agg)
    current = current_of(write, group_value(entity, row.state.fields, group))
    seen = mutation.seen_rev if mutation.op != "create" else None
    told = observe_write(whole(record), seen, writing.lineage, current)
    write_record(unit, writing, pk, told, row)
    if told["state"] != "open":
        unit.conflicts[row.key, group] = None
