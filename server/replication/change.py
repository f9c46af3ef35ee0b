"""Changes one row in memory: merge, the feature's hooks, its aggregate, its scope, its conflicts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.replication import conflicts
from server.replication.authority import judge
from server.replication.rows import Key, Row
from server.replication.unit import SYSTEM, Unit
from server.replication.work import Effect, Parked, Writing
from server.shared.registry import Fields, Proposal, SyncedEntity
from server.shared.scope import with_class
from sync.core.merge import AggregateRow, Author, Outcome, merge
from sync.core.mutation import Mutation
from sync.core.park import Park
from sync.core.state import RowState, with_fields


def change(
    unit: Unit, writing: Writing, entity: SyncedEntity, mutation: Mutation, row: Row | None, root: Key
) -> Effect:
    """Merge, then let the feature and the aggregate follow; authority has been settled."""
    state = row.state if row else None
    outcome = _merge(unit, writing, entity, mutation, state, root)
    refuse(outcome.park)
    if outcome.command is not None:
        return _command(unit, writing, entity, mutation, row)
    after = outcome.state
    if after is None or after is state:
        return Effect("merged" if outcome.is_merged else "applied", ())
    fields = state.fields if state else None
    proposal = Proposal(mutation.entity, mutation.pk, mutation.op, fields, after.fields, mutation.patch)
    if entity.check:
        refuse(entity.check(proposal, unit, writing.actor))
    if outcome.changed and after.deleted is None and entity.derive:
        derived = entity.derive(proposal, unit, writing.actor)
        after = with_fields(after, with_values(after.fields, derived))
        proposal = Proposal(mutation.entity, mutation.pk, mutation.op, fields, after.fields, mutation.patch)
    place(unit, writing, entity, row, root, after, (mutation.entity, mutation.pk))
    if entity.rollup and outcome.changed:
        _roll_up(unit, writing, entity, root, proposal)
    return conflicts.follow(unit, writing, entity, mutation, outcome)


def refuse(park: Park | None) -> None:
    """Raise what was found wrong, if anything was."""
    if park is not None:
        raise Parked(park)


def find_root(unit: Unit, writing: Writing, entity: SyncedEntity, mutation: Mutation, row: Row | None) -> Key:
    """The key of the aggregate's root, locked; a row never changes its root."""
    declared = entity.spec.root
    if row is not None:
        moved = declared and mutation.patch.get(declared.field, row.root[1]) != row.root[1]
        refuse(Park("read_only_field", (declared.field,)) if declared and moved else None)
        unit.get(row.root)
        return row.root
    if mutation.op != "create" or unit.is_purged((mutation.entity, mutation.pk)):
        raise Parked(Park("gone"))
    if declared is None:
        return mutation.entity, mutation.pk
    pk = mutation.patch.get(declared.field)
    root = unit.get((declared.entity, pk)) if isinstance(pk, str) else None
    missing = Parked(Park("missing_parent", (declared.field,)), waits_for=pk)
    if root is None and isinstance(pk, str) and unit.is_purged((declared.entity, pk)):
        raise Parked(Park("gone", (declared.field,)))
    if root is None:
        raise missing
    authorise(unit, writing, root.key, root.scope, mutation, missing)
    return root.key


def authorise(
    unit: Unit, writing: Writing, key: Key, scope: str, mutation: Mutation, gone: Parked | None = None
) -> None:
    """Let pass who may see the row now, or could when they wrote; else raise Parked."""
    if writing.may_see(scope):
        return
    person, seen = writing.actor.person_id, mutation.seen_rev
    verdict = judge(unit.session, person, writing.device, writing.seq, key, scope, seen, unit.now_ms)
    if verdict == "left_scope":
        raise Parked(Park("left_scope"), copy_to=key)
    if verdict == "gone":
        raise gone or Parked(Park("gone"))


def place(
    unit: Unit, writing: Writing, entity: SyncedEntity, row: Row | None, root: Key, state: RowState, key: Key
) -> None:
    """Put a changed row where it belongs; a root that moves takes its whole aggregate along."""
    parent = unit.get(root) if root != key else None
    scope = with_class(parent.scope, entity.scope_class) if parent else _own_scope(unit, entity, state, row)
    if row is None and not writing.may_see(scope) and (parent is None or entity.scope_class):
        raise Parked(Park("forbidden"))
    head = row.agg_head if row else state.agg
    unit.put(Row(key, root, scope, state, max(head, state.agg), (writing.device, writing.seq)))
    if row and row.scope != scope and root == key:
        for member in unit.members(key):
            moved = with_class(scope, member.scope.partition("#")[2] or None)
            unit.put(replace(member, scope=moved, state=_next(unit, member.state)))


def write_server_fields(unit: Unit, writing: Writing, row: Row, values: Fields) -> None:
    """Change a row's server fields as part of the running mutation, if they differ."""
    fields = with_values(row.state.fields, values)
    if fields == row.state.fields:
        return
    entity = unit.registry.entities[row.key[0]]
    state = with_fields(_next(unit, row.state, max(row.state.agg, row.agg_head)), fields)
    place(unit, writing, entity, row, row.root, state, row.key)


def with_values(fields: Mapping[str, Any], values: Fields) -> dict[str, Any]:
    """The fields with some changed; null means absent."""
    merged = dict(fields)
    for name, value in values.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


def _merge(
    unit: Unit, writing: Writing, entity: SyncedEntity, mutation: Mutation, state: RowState | None, root: Key
) -> Outcome:
    key = (mutation.entity, mutation.pk)
    person, is_server = writing.actor.person_id, writing.is_server
    author = Author(person, writing.device, writing.seq, writing.lineage, writing.stamp, unit.epoch, is_server)
    top = unit.get(root)
    is_delete_of_root = mutation.op == "delete" and root == key
    members = unit.members(root, above_agg=mutation.seen_agg or 0) if is_delete_of_root else []
    outcome = merge(
        entity.spec,
        state,
        mutation,
        author,
        agg=top.agg_head + 1 if top else 1,
        aggregate=[
            AggregateRow(unit.registry.entities[m.key[0]].spec, m.key[1], m.state)
            for m in sorted(members, key=lambda m: m.key)
            if m.key[0] not in SYSTEM
        ],
        root=top.state if top and root != key else None,
        parent_of=lambda field, pk: (unit.row(mutation.entity, pk) or {}).get(field),
    )
    if outcome.state is not state and outcome.changed:
        unit.next_agg(root)
    return outcome


def _command(unit: Unit, writing: Writing, entity: SyncedEntity, mutation: Mutation, row: Row | None) -> Effect:
    if row is None:
        raise Parked(Park("gone"))
    handler = entity.commands.get(str(mutation.patch.get("command")))
    if handler is None:
        raise Parked(Park("illegal_transition", ("command",)))
    result = handler(row.state.fields, mutation.patch, unit, writing.actor)
    if isinstance(result, Park):
        raise Parked(result)
    unit.next_agg(row.root)
    counted = unit.get(row.key) or row
    write_server_fields(unit, writing, counted, result)
    return Effect("applied", ())


def _own_scope(unit: Unit, entity: SyncedEntity, state: RowState, row: Row | None) -> str:
    if entity.scope is None:
        return row.scope if row else ""
    return entity.scope(state.fields, unit)


def _roll_up(unit: Unit, writing: Writing, entity: SyncedEntity, root: Key, proposal: Proposal) -> None:
    parent = unit.get(root)
    if parent is None or entity.rollup is None or root == (proposal.entity, proposal.pk):
        return
    write_server_fields(unit, writing, parent, entity.rollup(parent.state.fields, proposal, unit))


def _next(unit: Unit, state: RowState, agg: int | None = None) -> RowState:
    """The row's next revision, with nothing else changed but the aggregate's count, if it is given."""
    rev = (max(unit.epoch, state.rev[0]), state.rev[1] + 1)
    count = state.agg if agg is None else agg
    return RowState(rev, count, state.fields, state.groups, state.created, state.dots, state.deleted)
