"""Who may see what: the forms of scope keys, and the grants, the only source of visibility."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import BigInteger, Index, String, bindparam, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.shared.log_lock import advance
from server.shared.orm import Base, Id
from sync.core.ids import uuid5

EVERYONE = "everyone"
TREE = "2b07505e-82b1-59ec-9e61-8b4e6416d1e8"
"""Ids of the territories that every company has are UUIDv5 in it."""
UNASSIGNED_ID = uuid5(TREE, "unassigned")
"""The territory of what nobody has."""


def person_scope(person_id: str) -> str:
    """The rows meant for one person."""
    return f"person:{person_id}"


def territory_scope(territory_id: str) -> str:
    """The rows of one territory's customers."""
    return f"territory:{territory_id}"


def with_class(scope: str, scope_class: str | None) -> str:
    """A scope narrowed to a class of sensitive rows (R30), whatever its class was before."""
    plain = scope.partition("#")[0]
    return f"{plain}#{scope_class}" if scope_class else plain


def with_classes(scope: str, classes: Iterable[str | None]) -> str:
    """Narrowed to several classes at once: they make one of their own, and who may see all of them is granted that."""
    return with_class(scope, "+".join(sorted({name for name in classes if name})) or None)


def own_scopes(person_id: str) -> set[str]:
    """What every active person is granted besides territories."""
    return {EVERYONE, person_scope(person_id)}


class ScopeGrant(Base):
    """One grant, kept after its revocation as the history that judges late edits (R26).

    Ids of grants and of revocations come from one counter and grow in commit order. `granted_seq`
    and `revoked_seq` are the log's last seq at that moment.
    """

    __tablename__ = "scope_grant"
    __table_args__ = (
        Index("ix_scope_grant_person_id", "person_id"),
        Index(
            "uq_scope_grant_live",
            "person_id",
            "scope",
            unique=True,
            sqlite_where=text("revoked_id IS NULL"),
            postgresql_where=text("revoked_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(120))
    granted_seq: Mapped[int] = mapped_column(BigInteger)
    granted_at: Mapped[int] = mapped_column(BigInteger)
    revoked_id: Mapped[int | None] = mapped_column(BigInteger)
    revoked_seq: Mapped[int | None] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)


class Grant(NamedTuple):
    """One row of the grant table, without its instants."""

    id: int
    scope: str
    granted_seq: int
    revoked_id: int | None
    revoked_seq: int | None
    revoked_at: int | None


GRANTS = (
    select(*(getattr(ScopeGrant, name) for name in Grant._fields))
    .where(ScopeGrant.person_id == bindparam("person_id"))
    .order_by(ScopeGrant.id)
)


def set_grants(session: Session, wanted: Mapping[str, Iterable[str]], now_ms: int) -> None:
    """Make each named person's live grants exactly the given scopes; others are not touched.

    Takes the log lock: call it last in a writing transaction, which it leaves open.
    """
    advance(session)
    connection = session.connection()
    live = select(ScopeGrant.id, ScopeGrant.person_id, ScopeGrant.scope).where(
        ScopeGrant.revoked_id.is_(None), ScopeGrant.person_id.in_(list(wanted))
    )
    held = {(person, scope): grant_id for grant_id, person, scope in connection.execute(live)}
    target = {(person, scope) for person, scopes in wanted.items() for scope in scopes}
    added, removed = sorted(target - held.keys()), sorted(held.keys() - target)
    drawn = advance(session, grants=len(added) + len(removed))
    ids = iter(range(drawn.last_grant_id - len(added) - len(removed) + 1, drawn.last_grant_id + 1))
    for key in removed:
        end = {"revoked_id": next(ids), "revoked_seq": drawn.last_seq, "revoked_at": now_ms}
        connection.execute(update(ScopeGrant).where(ScopeGrant.id == held[key]).values(end))
    start = {"granted_seq": drawn.last_seq, "granted_at": now_ms}
    rows = [{"id": next(ids), "person_id": p, "scope": s, **start} for p, s in added]
    if rows:
        connection.execute(insert(ScopeGrant), rows)


def grants_of(session: Session, person_id: str) -> list[Grant]:
    """A person's grants in id order, revoked ones too."""
    return [Grant(*row) for row in session.connection().execute(GRANTS, {"person_id": person_id})]


def last_territory(session: Session, person_id: str) -> str:
    """The scope of a territory that a person works or, if none is left, worked last; else that of what nobody has."""
    held = [grant for grant in grants_of(session, person_id) if grant.scope.startswith("territory:")]
    held = [grant for grant in held if grant.scope == with_class(grant.scope, None)]
    last = max(held, key=lambda one: (one.revoked_id is None, one.revoked_id or 0, -one.id), default=None)
    return last.scope if last else territory_scope(UNASSIGNED_ID)


def granted_scopes(session: Session, person_id: str) -> set[str]:
    """The scopes a person may see now."""
    return {grant.scope for grant in grants_of(session, person_id) if grant.revoked_id is None}
