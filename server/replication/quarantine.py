"""Keeps what a device delivers after its person's access was ended: raw, for its author and their successor (R3)."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from server.replication import parking
from server.replication.authority import judge
from server.replication.batch import Batch
from server.replication.rows import Key, Row
from server.replication.running import drop_erased, named_root
from server.replication.unit import Unit
from server.replication.work import Item, Result, Writing
from server.shared.registry import Registry
from server.shared.scope import last_territory
from sync.core.mutation import Mutation
from sync.core.park import Park
from sync.wire.push import Receipt

DRAINED: Final = Park("drained")
"""Why everything of such a push parks."""

log = logging.getLogger(__name__)


def keep(batch: Batch, items: Sequence[Item], *, is_raw: bool) -> None:
    """Park every mutation by itself: who adopts one need not take what came with it.

    `is_raw` keeps them without looking inside, as does whatever fails otherwise: in some form everything is kept.
    """
    items = [_unread(item) if is_raw else item for item in items]
    batch.unit.prepare({key for item in items for key in _about(batch.unit.registry, item.mutation)}, ())
    batch.unit.erasures.prepare(items)
    home = last_territory(batch.unit.session, batch.writing.actor.person_id)
    for item in items:
        try:
            result = _keep(batch, item, home)
        except SQLAlchemyError:
            raise  # the whole transaction is in doubt: push.py decides
        except Exception:  # whatever its content breaks in us: logged with its trace, and kept
            log.exception("mutation %s is kept unread", item.id)
            batch.unit.drop()
            result = _keep(batch, _unread(item), home)
        batch.unit.keep()
        batch.results.append(result)


def bare(receipt: Receipt) -> Receipt:
    """A receipt that says only that the mutation is here."""
    return replace(receipt, conflicts=[], fields=[], params={})


def _unread(item: Item) -> Item:
    return replace(item, mutation=None)


def _keep(batch: Batch, item: Item, home: str) -> Result:
    unit, writing = batch.unit, batch.writing
    writing.seq = item.seq
    if erased := unit.erasures.of(item):
        return drop_erased(batch, writing, item, erased, writing.stamp)
    park = item.park if item.park and item.is_damaged else DRAINED
    result = Result(item, writing.stamp, "parked", park=park, is_open=True)
    parking.park(unit, writing, result, _for_successor(unit, writing, item, home))
    return result


def _about(registry: Registry, mutation: Mutation | None) -> list[Key]:
    """The row that a mutation names, and the root that it would be under."""
    if mutation is None:
        return []
    root = named_root(registry, mutation)
    return [(mutation.entity, mutation.pk), *([root] if root else [])]


def _for_successor(unit: Unit, writing: Writing, item: Item, home: str) -> parking.Copy:
    """Beside the row, for who has it now; what was never its author's, or is not there, in the territory they left."""
    mutation = item.mutation
    for key in _about(unit.registry, mutation):
        row = unit.get(key)
        if mutation and row and row.scope.startswith("territory:") and _was_theirs(unit, writing, mutation, row):
            return parking.Copy(row.root, parking.as_secret(unit.registry, item, row.scope))
    return parking.Copy(None, parking.as_secret(unit.registry, item, home))


def _was_theirs(unit: Unit, writing: Writing, mutation: Mutation, row: Row) -> bool:
    if writing.may_see(row.scope):
        return True
    person, seen = writing.actor.person_id, mutation.seen_rev
    return judge(unit.session, person, writing.device, writing.seq, row.key, row.scope, seen, unit.now_ms) != "gone"
