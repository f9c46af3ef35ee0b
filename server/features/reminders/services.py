"""What can be done with notices: make one, once, and let it go when it has grown old."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.features.reminders.models import Notice
from server.shared import jobs
from server.shared.actor import OPERATOR
from server.shared.differing import write
from server.shared.jobs import Planned
from server.shared.projection import TableProjection
from server.shared.registry import ProjectedRow
from server.shared.writer import Change, Writer
from sync.core.ids import uuid5

NAMESPACE = "d7c1f1f4-0f2c-5d7a-9a39-2f6a1d0e6b57"
"""Ids of notices are UUIDv5 in it: what is made twice is one."""
KEPT_MS = 14 * 24 * 60 * 60 * 1000
"""A notice leaves the inbox after two weeks."""
EXPIRE = "expire"
DELIVER = "deliver"


@dataclass(frozen=True)
class News:
    """What a person is to be told. Kind, row, day and time make it the one that it is."""

    person_id: str
    kind: str
    created_at: int
    due_on: str
    due_time: str | None = None
    row_pk: str | None = None
    about_customer_id: str | None = None
    counts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def pk(self) -> str:
        """The notice's id."""
        return uuid5(
            NAMESPACE, "/".join([self.person_id, self.kind, self.row_pk or "", self.due_on, self.due_time or ""])
        )


def tell(writer: Writer, news: Sequence[News]) -> None:
    """Put these into inboxes; what is there already, or was and is gone, stays as it is."""
    write(writer, OPERATOR, [_creation(one) for one in news])


def forget(writer: Writer, pks: Sequence[str]) -> None:
    """Take these notices out of inboxes."""
    seen = writer.read("notice", pks)
    changes = [
        Change("notice", pk, "delete", {}, row.rev, id=uuid5(NAMESPACE, f"delete/{pk}"))
        for pk, row in seen.items()
        if not row.is_deleted
    ]
    write(writer, OPERATOR, changes)


def _creation(news: News) -> Change:
    fields = {name: value for name, value in asdict(news).items() if value not in (None, [])}
    return Change("notice", news.pk, "create", fields, id=uuid5(NAMESPACE, f"create/{news.pk}"))


class Inbox(TableProjection):
    """The table of notices; a new one has its delivery and its end planned with it."""

    def upsert(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """See TableProjection."""
        known = set(session.scalars(select(Notice.id).where(Notice.id.in_([row.pk for row in rows]))))
        super().upsert(session, rows)
        fresh = [row for row in rows if row.pk not in known]
        jobs.add(session, (_end(row) for row in fresh))
        jobs.add(session, (_delivery(row) for row in fresh))

    def remove(self, session: Session, pks: Sequence[str]) -> None:
        """See TableProjection."""
        super().remove(session, pks)
        jobs.cancel(session, (f"{kind}:{pk}" for pk in pks for kind in (EXPIRE, DELIVER)))


def _end(row: ProjectedRow) -> Planned:
    return Planned(f"{EXPIRE}:{row.pk}", EXPIRE, row.fields["created_at"] + KEPT_MS, row.fields["person_id"])


def _delivery(row: ProjectedRow) -> Planned:
    return Planned(f"{DELIVER}:{row.pk}", DELIVER, row.fields["created_at"], row.fields["person_id"])
