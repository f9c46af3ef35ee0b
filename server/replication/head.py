"""Answers "anything new?" cheaply: everything that could change a pull is in the ETag (SPEC 13.1)."""

from sqlalchemy import select

from server.replication.due import settled
from server.replication.log_reader import FEW_SCOPES, last_change
from server.replication.models import SyncDevice
from server.replication.place import Place
from server.shared.actor import Actor
from server.shared.log_lock import read_counters
from server.shared.scope import grants_of
from sync.core.digest import sha_hex
from sync.wire.head import HeadReply
from sync.wire.version import VERSION


def head(place: Place, actor: Actor, device: str | None) -> tuple[HeadReply, str]:
    """The answer and its ETag.

    Above 50 scopes the log's own head stands for theirs; a device's last seq for its receipts. A floor
    that rose over a quiet scope is news, too: whoever pulls then never falls below it (R23).
    """
    with settled(place) as session:
        counters = read_counters(session)
        grants = grants_of(session, actor.person_id)
        live = {grant.scope for grant in grants if grant.revoked_id is None}
        seq = last_change(session, live) if len(live) <= FEW_SCOPES else counters.last_seq
        seq = max(seq, counters.floor_seq)  # what was purged below it does not count back
        mine = (SyncDevice.device == device, SyncDevice.person_id == actor.person_id)
        sent = session.scalar(select(SyncDevice.last_seq).where(*mine)) if device else None
    scope_revision = max((max(g.id, g.revoked_id or 0) for g in grants), default=0)
    parts = (VERSION, counters.epoch, scope_revision, seq, sent or 0)
    reply = HeadReply(VERSION, counters.epoch, seq, place.now_ms())
    return reply, sha_hex(repr(parts).encode())[:32]
