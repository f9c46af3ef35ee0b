"""Keeps what a device delivers after its person's access was ended: raw, for its author and their successor (R3)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from server.replication import parking
from server.replication.authority import judge
from server.replication.batch import Batch, drop_erased, named_root
from server.replication.rows import Key, Row
from server.replication.unit import Unit
from server.replication.work import Item, Result, Writing
from server.shared.registry import Registry
from server.shared.scope import last_territory
from sync.core.mutation import Mutation
from sync.core.park import Park
from sync.wire.push import Receipt

ALL: Final = Park("drained")
"""Why everything of such a push parks."""


def keep(batch: Batch, items: Sequence[Item]) -> None:
    """Park every mutation by itself: who adopts one need not take what came with it."""
    unit, writing = batch.unit, batch.writing
    unit.prepare({key for item in items for key in _about(unit.registry, item.mutation)}, ())
    unit.erasures.prepare(items)
    home = last_territory(unit.session, writing.actor.person_id)
    for item in items:
        writing.seq = item.seq
        if erased := unit.erasures.of(item):
            batch.results.append(drop_erased(batch, writing, item, erased, writing.stamp))
            continue
        park = item.park if item.park and item.is_damaged else ALL
        result = Result(item, writing.stamp, "parked", park=park, is_open=True)
        parking.park(unit, writing, result, _for_successor(unit, writing, item.mutation, home))
        batch.results.append(result)
    unit.keep()


def bare(receipt: Receipt) -> Receipt:
    """A receipt that says only that the mutation is here."""
    return replace(receipt, conflicts=[], fields=[], params={})


def _about(registry: Registry, mutation: Mutation | None) -> list[Key]:
    """The row that a mutation names, and the root that it would be under."""
    if mutation is None:
        return []
    root = named_root(registry, mutation)
    return [(mutation.entity, mutation.pk), *([root] if root else [])]


def _for_successor(unit: Unit, writing: Writing, mutation: Mutation | None, home: str) -> parking.Copy:
    """Beside the row, for who has it now; what was never its author's, or is not there, in the territory they left."""
    for key in _about(unit.registry, mutation):
        row = unit.get(key)
        if mutation and row and row.scope.startswith("territory:") and _was_theirs(unit, writing, mutation, row):
            return parking.Copy(row.root, parking.as_secret(unit.registry, mutation, row.scope))
    return parking.Copy(None, parking.as_secret(unit.registry, mutation, home))


def _was_theirs(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> bool:
    if writing.may_see(row.scope):
        return True
    person, seen = writing.actor.person_id, mutation.seen_rev
    return judge(unit.session, person, writing.device, writing.seq, row.key, row.scope, seen, unit.now_ms) != "gone"
