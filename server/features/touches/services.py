"""Which planned contacts somebody is to be reminded of, and when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.features.touches.models import Touch
from server.shared import jobs
from server.shared.projection import TableProjection
from server.shared.registry import Fields, ProjectedRow
from server.shared.reminding import Count, Source, Timed, job_of, key_of

KIND = "touch"
AT_ONCE = 500


def timed(pk: str, fields: Fields) -> Timed | None:
    """The appointment that a touch is, if it is one that is still to come about."""
    on, at, person_id = fields.get("due_to_on"), fields.get("due_time"), fields.get("assignee_id")
    is_put_off = (fields.get("snoozed_until_on") or "") > (on or "")
    if fields.get("state") != "open" or not on or not at or not person_id or is_put_off:
        return None
    return Timed(pk, person_id, fields["customer_id"], on, at)


def look(session: Session, pks: Sequence[str]) -> list[Timed]:
    """See server.shared.reminding.Look."""
    names = [column.name for column in Touch.__table__.columns]
    rows = session.connection().execute(select(Touch.__table__).where(Touch.id.in_(pks))).mappings()
    found = (timed(row["id"], {name: row[name] for name in names}) for row in rows)
    return [one for one in found if one is not None]


def acted_on(session: Session, pks: Sequence[str]) -> set[str]:
    """Those of these touches that somebody made a row of: done, put off, left out or given to somebody."""
    parts = (pks[start : start + AT_ONCE] for start in range(0, len(pks), AT_ONCE))
    return {pk for part in parts for pk in session.scalars(select(Touch.id).where(Touch.id.in_(part)))}


def tally(session: Session, person_ids: Sequence[str], on: date) -> Mapping[str, Count]:
    """See server.shared.reminding.Tally; what was put off until later counts from then on."""
    rows = session.connection().execute(_open(person_ids, on.isoformat()))
    return {str(person_id): Count(due, late) for person_id, due, late in rows}


def _open(person_ids: Sequence[str], today: str) -> Select[Any, Any, Any]:
    is_late = Touch.due_to_on < today
    is_here = or_(Touch.snoozed_until_on.is_(None), Touch.snoozed_until_on <= today)
    mine = and_(Touch.assignee_id.in_(person_ids), Touch.state == "open", Touch.due_to_on <= today, is_here)
    late = func.sum(case((is_late, 1), else_=0))
    due = func.sum(case((is_late, 0), else_=1))
    return select(Touch.assignee_id, due, late).where(mine).group_by(Touch.assignee_id)


class Reminded(TableProjection):
    """The table of touches; who is asked to come at a time gets a reminder planned, moved or taken back with it."""

    def upsert(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """See TableProjection."""
        super().upsert(session, rows)
        found = {row.pk: timed(row.pk, row.fields) for row in rows}
        jobs.plan(session, (job_of(KIND, one) for one in found.values() if one is not None))
        _cancel(session, (pk for pk, one in found.items() if one is None))

    def remove(self, session: Session, pks: Sequence[str]) -> None:
        """See TableProjection."""
        super().remove(session, pks)
        _cancel(session, pks)


def _cancel(session: Session, pks: Iterable[str]) -> None:
    jobs.cancel(session, (key_of(KIND, pk) for pk in pks))


REMINDS = Source(KIND, tally, look)
