"""Carries out what people decide: resolve and reopen a conflict, dismiss what was parked (SPEC 6.4, 7.5)."""

from collections.abc import Callable
from typing import Any

from server.replication import conflicts, parking
from server.replication.change import change, refuse
from server.replication.checking import check_values
from server.replication.rows import Row
from server.replication.unit import Unit
from server.replication.work import Effect, Parked, Writing
from sync.core.conflict import DELETED, Decider, Decision, RowWrite, current_of, reopen, resolve
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
    """The resolution remembers how far the aggregate had been written, for an undo (`agg`)."""
    by = Decider(mutation.id, writing.actor.person_id, writing.device, writing.stamp[0])
    decision = resolve(conflicts.whole(row), mutation.patch, by)
    refuse(decision.park)
    refuse(_check_whole(mutation, decision.write, row))
    about = _about(unit, decision.record)
    group = decision.record["group"]
    unit.conflicts[about.key, group] = None
    resolution = {**decision.record["resolution"], "agg": _head(unit, about)}
    conflicts.write_record(unit, writing, row.key[1], {**decision.record, "resolution": resolution}, about)
    if decision.write:
        _write(unit, writing, mutation, about, decision.write, _head(unit, about))


def _reopen(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> None:
    record = conflicts.whole(row)
    about = _about(unit, record)
    group = record["group"]
    if unit.open_conflict(about.key, group):
        raise Parked(Park("illegal_transition", ("expected_state",)))
    entity = unit.registry.entities[about.key[0]]
    value = conflicts.group_value(entity, about.state.fields, group)
    hidden = about.state.deleted if group == DELETED else None
    last = hidden or about.state.groups.get(group) or about.state.created
    current = current_of(last, value)
    if group == DELETED and about.is_live:  # a live row does not remember who restored it
        current["mutation"] = (record["resolution"] or current)["mutation"]
    by = Decider(mutation.id, writing.actor.person_id, writing.device, writing.stamp[0])
    decision = reopen(record, mutation.patch, current, about.rev, by)
    refuse(decision.park)
    reopened = decision.record
    if decision.write and group == DELETED:
        reopened = _hide_again(unit, writing, mutation, row, about, decision)
    elif decision.write:
        _write(unit, writing, mutation, about, decision.write, _head(unit, about))
    about = _about(unit, record)
    unit.conflicts[about.key, group] = row.key[1]
    # Who writes the group next has not seen this: the conflict counts from the row as it is now.
    conflicts.write_record(unit, writing, row.key[1], {**reopened, "opened_rev": about.rev}, about)


def _hide_again(
    unit: Unit, writing: Writing, mutation: Mutation, row: Row, about: Row, decision: Decision
) -> dict[str, Any]:
    """Undo a restore: what was written since joins the conflict's candidates, for nobody decided on it."""
    before, write = decision.record, decision.write
    unit.conflicts[about.key, DELETED] = row.key[1]
    conflicts.write_record(unit, writing, row.key[1], before, about)
    if write:
        _write(unit, writing, mutation, about, write, row.state.fields["resolution"].get("agg", 0))
    after = conflicts.whole(unit.get(row.key) or row)
    known = {candidate["mutation"] for candidate in before["candidates"]}
    since = [candidate for candidate in after["candidates"] if candidate["mutation"] not in known]
    return {**before, "current": after["current"], "candidates": [*before["candidates"], *since]}


def _dismiss(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> None:
    if mutation.patch.get("expected_state") != "open" or row.state.fields["state"] != "open":
        raise Parked(Park("illegal_transition", ("expected_state",)))
    parking.dismiss(unit, writing, row)


def _about(unit: Unit, record: dict[str, Any]) -> Row:
    row = unit.get((record["entity"], record["row_pk"]))
    if row is None:
        raise Parked(Park("gone"))
    unit.get(row.root)
    # A decision that writes nothing never asks for the row's open conflict, which it has to close.
    unit.load_conflicts([row.key])
    return row


def _check_whole(mutation: Mutation, write: RowWrite | None, row: Row) -> Park | None:
    """A value of one's own is the group's, all of it and nothing else (SPEC 6.4)."""
    if write is None or mutation.patch.get("choice") != "value":
        return None
    is_whole = write.patch.keys() == row.state.fields["current"]["value"].keys()
    return None if is_whole else Park("invalid_value", ("value",))


def _head(unit: Unit, about: Row) -> int:
    root = unit.get(about.root)
    return root.agg_head if root else 0


def _write(unit: Unit, writing: Writing, mutation: Mutation, about: Row, write: RowWrite, agg: int) -> None:
    """The decision's own write, which has seen everything there is, of the aggregate up to `agg`."""
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
        seen_agg=agg,
    )
    refuse(check_values(entity, seen, is_new=False))
    change(unit, writing, entity, seen, about, about.root)


COMMANDS: dict[tuple[str, str], Callable[[Unit, Writing, Mutation, Row], None]] = {
    (conflicts.CONFLICT, "resolve"): _resolve,
    (conflicts.CONFLICT, "reopen"): _reopen,
    ("parked", "dismiss"): _dismiss,
}
