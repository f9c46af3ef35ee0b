"""Looks for damage in the index of open conflicts: a merge finds by it what a person is still asked."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication.conflicts import CONFLICT
from server.replication.models import OpenConflict, SyncedRow

Place = tuple[str, str, str]
"""The entity, row and group that a conflict is about."""


def conflict_findings(session: Session) -> Iterator[str]:
    """A sentence for each open conflict that the index misses, and for each of its entries that leads elsewhere."""
    indexed = _indexed(session)
    is_open = _open(session)
    for pk in sorted(is_open.keys() - indexed.keys()):
        yield f"Conflict {pk} is open, but the index of open conflicts does not know it."
    for pk in sorted(indexed.keys() - is_open.keys()):
        yield f"The index of open conflicts leads to {pk}, which is not an open conflict."
    for pk in sorted(indexed.keys() & is_open.keys()):
        if indexed[pk] != [is_open[pk]]:
            yield f"Conflict {pk} is not indexed where the row says that it belongs."


def _indexed(session: Session) -> dict[str, list[Place]]:
    """Each conflict's entries; one that is sound has one."""
    found: dict[str, list[Place]] = {}
    for entry in session.scalars(select(OpenConflict)):
        found.setdefault(entry.conflict_pk, []).append((entry.entity, entry.row_pk, entry.group))
    return found


def _open(session: Session) -> dict[str, Place]:
    """The place of each open conflict, as its row tells it."""
    live = (SyncedRow.entity == CONFLICT, SyncedRow.deleted_by.is_(None))
    found: dict[str, Place] = {}
    for pk, body in session.execute(select(SyncedRow.pk, SyncedRow.body).where(*live)):
        fields = msgspec.json.decode(body)
        if fields.get("state") == "open":
            found[pk] = (fields["entity"], fields["row_pk"], fields["group"])
    return found
