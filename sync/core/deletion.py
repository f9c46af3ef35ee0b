"""Deleting hides a row and loses nothing that its author had not seen (SPEC 5.9, R31)."""

from collections.abc import Iterable
from typing import Any, Final

from sync.core.conflict import DELETED, candidate_of, current_of
from sync.core.park import Park
from sync.core.policy import EntitySpec
from sync.core.state import RowState, Write
from sync.core.work import AggregateRow, Work

VOIDED: Final = "voided"


def void(work: Work) -> None:
    """Mark an append row void; its fields stay."""
    if not work.fields.get(VOIDED):
        work.fields[VOIDED] = True
        work.mark(VOIDED)


def restore(work: Work) -> Park | None:
    """Bring back what one delete hid; a row that is not hidden is left as it is."""
    if work.deleted is None:
        return None
    if work.deleted.mutation != work.mutation.patch.get("delete"):
        return Park("illegal_transition", ("delete",))
    work.deleted = None
    work.changed.append(DELETED)
    return None


def delete(work: Work, aggregate: Iterable[AggregateRow]) -> None:
    """Hide the row, and keep every write of its aggregate that the author has not seen."""
    if work.deleted is not None or work.before is None:
        return
    work.deleted = work.write
    work.changed.append(DELETED)
    own = AggregateRow(work.spec, work.mutation.pk, work.before)
    found = [_unseen(work, row) for row in (own, *aggregate)]
    candidates = [item for item in found if item is not None]
    if candidates:
        work.clash("delete", DELETED, current_of(work.write, None), candidates)


def note(work: Work, root: RowState | None) -> None:
    """Keep a write under a delete, of the row or of its root, as a candidate to restore."""
    if not work.changed and work.before is not None:
        return
    spec, row = work.spec, None
    hidden = work.deleted
    if hidden is None and root is not None and root.deleted is not None and spec.root:
        hidden = root.deleted
        row = (spec.root.entity, work.fields.get(spec.root.field, ""), root.rev)
    if hidden is not None:
        value = _value(spec, work.mutation.pk, work.changed, work.fields)
        candidate = candidate_of(work.write, value, dict(work.mutation.base) or None)
        work.clash("delete", DELETED, current_of(hidden, None), [candidate], row)


def _unseen(work: Work, row: AggregateRow) -> dict[str, Any] | None:
    """Return a candidate for the groups of a row that others wrote unseen by the author."""
    if row.state.deleted is not None:
        return None
    seen = work.mutation.seen_agg or 0 if work.seen is not None else 0
    lineage = work.author.lineage.before(work.author.seq)  # a replayed delete is older than what came since
    unseen: dict[str, Write] = {
        group: write
        for group, write in {"": row.state.created, **row.state.groups}.items()
        if write.agg > seen and not lineage.includes(write.device, write.seq)
    }
    if not unseen:
        return None
    last = max(unseen.values(), key=lambda write: (write.agg, write.stamp, write.device))
    return candidate_of(last, _value(row.spec, row.pk, unseen, row.state.fields), None)


def _value(spec: EntitySpec, pk: str, groups: Iterable[str], fields: dict[str, Any]) -> dict[str, Any]:
    names = [name for group in groups for name in spec.groups.get(group, (group,))]
    values = {name: fields[name] for name in sorted(names) if name in fields}
    return {"entity": spec.name, "pk": pk, "fields": values}
