"""Carries out what people decide: resolve and reopen a conflict, dismiss what was parked (SPEC 6.4, 7.5)."""

from collections.abc import Callable
from typing import Any

from server.replication import conflicts, parking
from server.replication.change import change, refuse
from server.replication.rows import Row
from server.replication.unit import Unit
from server.replication.work import Effect, Parked, Writing
from sync.core.conflict import DELETED, Decider, RowWrite, current_of, reopen, resolve
from sync.core.mutation import Mutation
from sync.core.park import Park


def decide(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> Effect:
    """Carry out a command on one of replication's own rows; raises Parked."""
    known = COMMANDS.get((mutation.entity, str(mutation.patch.get("command"))))
    if mutation.op != "command" or known is None:
        raise Parked(Park("illegal_transition", ("command",)))
    known(unit, writing, mutation, row)
    return Effect("applied")


def _resolve(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> None:
    by = Decider(mutation.id, writing.actor.person_id, writing.device, writing.stamp[0])
    decision = resolve(conflicts.whole(row), mutation.patch, by)
    refuse(decision.park)
    about = _about(unit, decision.record)
    group = decision.record["group"]
    unit.conflicts[about.key, group] = None
    conflicts.write_record(unit, writing, row.key[1], decision.record, about)
    if decision.write:
        _write(unit, writing, mutation, about, decision.write)


def _reopen(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> None:
    record = conflicts.whole(row)
    about = _about(unit, record)
    group = record["group"]
    if unit.open_conflict(about.key, group):
        raise Parked(Park("illegal_transition", ("expected_state",)))
    entity = unit.registry.entities[about.key[0]]
    value = conflicts.group_value(entity, about.state.fields, group)
    last = about.state.deleted or about.state.groups.get(group) or about.state.created
    current = current_of(last, value)
    if group == DELETED and about.is_live:  # a live row does not remember who restored it
        current["mutation"] = (record["resolution"] or current)["mutation"]
    by = Decider(mutation.id, writing.actor.person_id, writing.device, writing.stamp[0])
    decision = reopen(record, mutation.patch, current, about.rev, by)
    refuse(decision.park)
    if decision.write:
        _write(unit, writing, mutation, about, decision.write)
    about = _about(unit, record)
    unit.conflicts[about.key, group] = row.key[1]
    # Who writes the group next has not seen this: the conflict counts from the row as it is now.
    conflicts.write_record(unit, writing, row.key[1], {**decision.record, "opened_rev": about.rev}, about)


def _dismiss(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> None:
    if mutation.patch.get("expected_state") != "open" or row.state.fields["state"] != "open":
        raise Parked(Park("illegal_transition", ("expected_state",)))
    parking.dismiss(unit, writing, row)


def _about(unit: Unit, record: dict[str, Any]) -> Row:
    row = unit.get((record["entity"], record["row_pk"]))
    if row is None:
        raise Parked(Park("gone"))
    unit.get(row.root)
    return row


def _write(unit: Unit, writing: Writing, mutation: Mutation, about: Row, write: RowWrite) -> None:
    """The decision's own write, which has seen everything there is."""
    root = unit.get(about.root)
    entity = unit.registry.entities[about.key[0]]
    seen = Mutation(
        mutation.id,
        *about.key,
        write.op,
        about.rev,
        {name: about.state.fields.get(name) for name in write.patch},
        write.patch,
        mutation.hlc,
        mutation.schema,
        seen_agg=root.agg_head if root else None,
    )
    change(unit, writing, entity, seen, about, about.root)


COMMANDS: dict[tuple[str, str], Callable[[Unit, Writing, Mutation, Row], None]] = {
    (conflicts.CONFLICT, "resolve"): _resolve,
    (conflicts.CONFLICT, "reopen"): _reopen,
    ("parked", "dismiss"): _dismiss,
}
