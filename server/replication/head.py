"""Answers "anything new?" cheaply: everything that could change a pull is in the ETag (SPEC 13.1)."""

from sqlalchemy import bindparam, func, select

from server.replication.due import glance_settled
from server.replication.log_reader import FEW_SCOPES
from server.replication.models import ChangeScope, SyncDevice
from server.replication.place import Place
from server.shared.actor import Actor
from server.shared.log_lock import ServerState
from server.shared.scope import ScopeGrant
from sync.core.digest import sha_hex
from sync.wire.head import HeadReply
from sync.wire.version import VERSION

_MINE = ScopeGrant.person_id == bindparam("person")
_LIVE = (_MINE, ScopeGrant.revoked_id.is_(None))
_COUNT = select(func.count()).select_from(ScopeGrant).where(*_LIVE).scalar_subquery()
_LAST_OF_SCOPE = select(func.max(ChangeScope.seq)).where(ChangeScope.scope == ScopeGrant.scope).scalar_subquery()
_LAST = select(func.max(_LAST_OF_SCOPE)).where(*_LIVE, _COUNT <= FEW_SCOPES).scalar_subquery()
_SENT = select(SyncDevice.last_seq).where(
    SyncDevice.device == bindparam("device"), SyncDevice.person_id == bindparam("person")
)
NEWS = select(
    ServerState.grants_due_at,
    ServerState.epoch,
    ServerState.last_seq,
    ServerState.floor_seq,
    select(func.max(ScopeGrant.id)).where(_MINE).scalar_subquery().label("granted"),
    select(func.max(ScopeGrant.revoked_id)).where(_MINE).scalar_subquery().label("revoked"),
    _COUNT.label("scopes"),
    _LAST.label("last"),
    _SENT.scalar_subquery().label("sent"),
)
"""Built once, and one statement: most that devices ask is this, and most of its time was the way to the database."""


def head(place: Place, actor: Actor, device: str | None) -> tuple[HeadReply, str]:
    """The answer and its ETag.

    Above 50 scopes the log's own head stands for theirs; a device's last seq for its receipts. A floor
    that rose over a quiet scope is news, too: whoever pulls then never falls below it (R23).
    """
    news = glance_settled(place, NEWS, {"person": actor.person_id, "device": device})
    seq = (news.last or 0) if news.scopes <= FEW_SCOPES else news.last_seq
    seq = max(seq, news.floor_seq)  # what was purged below it does not count back
    scope_revision = max(news.granted or 0, news.revoked or 0)
    parts = (VERSION, news.epoch, scope_revision, seq, news.sent or 0)
    reply = HeadReply(VERSION, news.epoch, seq, place.now_ms())
    return reply, sha_hex(repr(parts).encode())[:32]
