"""Carries out one mutation in memory, from the checks that need no row to the change itself."""

from server.replication import decide
from server.replication.change import authorise, change, find_root, refuse
from server.replication.checking import check_values
from server.replication.unit import SYSTEM, Unit
from server.replication.work import Effect, Parked, Writing
from server.shared.registry import CATALOGUE_VERSION
from sync.core.clock import effective
from sync.core.mutation import Mutation, Stamp
from sync.core.park import Park


def stamp_of(unit: Unit, writing: Writing, mutation: Mutation, skew: int) -> Stamp:
    """The effective stamp of SPEC 2.3, given the row as it stands."""
    row = unit.get((mutation.entity, mutation.pk))
    seen = None
    if row and mutation.seen_rev is not None and mutation.seen_rev <= row.rev:
        touched = (row.state.groups.get(name) for name in _groups(unit, mutation))
        seen = max((w.stamp for w in touched if w and w.rev <= mutation.seen_rev), default=None)
    return effective(mutation.hlc, skew, seen, writing.stamp, unit.now_ms)


def apply(unit: Unit, writing: Writing, mutation: Mutation) -> Effect:
    """Change the unit's draft as the mutation asks; raises Parked."""
    if mutation.schema > CATALOGUE_VERSION:
        raise Parked(Park("unknown_schema"))
    entity = unit.registry.get(mutation.entity)
    if entity is None or (entity.spec.name in SYSTEM and mutation.op != "command"):
        raise Parked(Park("unknown_entity" if entity is None else "forbidden"))
    row = unit.get((mutation.entity, mutation.pk))
    refuse(check_values(entity, mutation, is_new=row is None and mutation.op == "create"))
    root = find_root(unit, writing, entity, mutation, row)
    if row is not None:
        authorise(unit, writing, row.key, row.scope, mutation)
    if row is not None and entity.spec.name in SYSTEM:
        return decide.decide(unit, writing, mutation, row)
    return change(unit, writing, entity, mutation, row, root)


def _groups(unit: Unit, mutation: Mutation) -> set[str]:
    entity = unit.registry.get(mutation.entity)
    if entity is None:
        return set()
    fields = entity.spec.by_name
    return {fields[name].group for name in mutation.patch if name in fields}
