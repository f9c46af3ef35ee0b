"""Records what people did with access, in the transaction in which they did it."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.auth.models import AuditEvent


def record(
    session: Session,
    at: datetime,
    action: str,
    *,
    actor_id: str | None,
    subject_id: str | None = None,
    **details: str,
) -> None:
    """Append one event; `details` must hold no password, token or payload."""
    event = AuditEvent(at=at, actor_id=actor_id, action=action, subject_id=subject_id, details=details)
    session.add(event)
