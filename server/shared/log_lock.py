"""The counters that order everything, and the lock that every writer takes last (SPEC 10.1).

One row holds them. Whoever advances it keeps it locked until its commit, so numbers become
visible in the order in which they were drawn, and no reader ever steps over a number that is
still to come. A number is never drawn twice, since it does not depend on what rows are left.
"""

from typing import NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, Connection, bindparam, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.shared.orm import Base


class ServerState(Base):
    """The one row: epoch, the last log seq, the last grant or revocation id.

    `durable_seq` is the last log seq that a verified backup holds (0: there is none), `durable_at` the
    moment it was taken, in milliseconds since 1970. `floor_seq` is where the log begins since the last
    clean-up (0: nothing was purged), `purged_seq` how far below it the log is gone, `purged_at` when a
    server last began a clean-up by itself. `grants_at` is the last beginning or end of a dated assignment
    that is in effect, `grants_due_at` the next one (None: none is to come), in milliseconds since 1970.
    """

    __tablename__ = "server_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    last_grant_id: Mapped[int] = mapped_column(BigInteger)
    durable_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    durable_at: Mapped[int] = mapped_column(BigInteger, server_default="0")
    floor_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    purged_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    purged_at: Mapped[int] = mapped_column(BigInteger, server_default="0")
    grants_at: Mapped[int] = mapped_column(BigInteger, server_default="0")
    grants_due_at: Mapped[int | None] = mapped_column(BigInteger)


class Counters(NamedTuple):
    """The counters as they stand after an advance."""

    epoch: int
    last_seq: int
    last_grant_id: int
    durable_seq: int = 0
    floor_seq: int = 0


COUNTERS = select(*(getattr(ServerState, name) for name in Counters._fields))
ADVANCED = (
    update(ServerState)
    .values(
        last_seq=ServerState.last_seq + bindparam("seqs"), last_grant_id=ServerState.last_grant_id + bindparam("grants")
    )
    .returning(
        ServerState.epoch,
        ServerState.last_seq,
        ServerState.last_grant_id,
        ServerState.durable_seq,
        ServerState.floor_seq,
    )
)
FIRST = {"id": 1, "epoch": 1, "last_seq": 0, "last_grant_id": 0}


@event.listens_for(ServerState.__table__, "after_create")
def insert_first(_table: object, connection: Connection, **_options: object) -> None:
    """A database made without migrations also starts with its one row."""
    connection.execute(insert(ServerState).values(FIRST))


def advance(session: Session, *, seqs: int = 0, grants: int = 0) -> Counters:
    """Take the log lock and draw numbers: ours are the last `seqs` (`grants`) of the result.

    Call it after all row work: no row that another writer may hold is locked after it (R11).
    """
    return Counters(*session.connection().execute(ADVANCED, {"seqs": seqs, "grants": grants}).one())


def raise_epoch(session: Session, at_least: int) -> int:
    """Begin a new epoch under the log lock; returns it. It is never lower than `at_least`."""
    before = advance(session)
    epoch = max(before.epoch + 1, at_least)
    session.connection().execute(update(ServerState).values(epoch=epoch))
    return epoch


def note_durable(session: Session, epoch: int, seq: int, at_ms: int) -> None:
    """A verified backup holds everything up to here; one of another epoch tells nothing of this one."""
    table = ServerState
    is_news = (table.epoch == epoch, table.durable_seq <= seq)
    session.connection().execute(update(table).where(*is_news).values(durable_seq=seq, durable_at=at_ms))


def raise_floor(session: Session, seq: int) -> None:
    """Let the log begin at `seq`, under the log lock; a floor never falls."""
    advance(session)
    session.connection().execute(update(ServerState).where(ServerState.floor_seq < seq).values(floor_seq=seq))


def read_counters(session: Session) -> Counters:
    """The counters as the running transaction sees them, without the lock."""
    return Counters(*session.connection().execute(COUNTERS).one())
