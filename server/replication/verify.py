"""Compares a mirror's sums with ours at the mirror's own cursor (SPEC 13.2, R29)."""

from server.replication.arrival import is_lost
from server.replication.granted import compare
from server.replication.log_reader import is_between
from server.replication.log_writer import latest_sums
from server.replication.place import Place
from server.replication.position import Position, open_position
from server.shared.actor import Actor
from server.shared.log_lock import read_counters
from server.shared.scope import grants_of
from sync.core.digest import to_hex
from sync.wire.verify import Result, ScopeSum, VerifyReply, VerifyRequest
from sync.wire.version import VERSION


def verify(place: Place, actor: Actor, request: VerifyRequest) -> VerifyReply:
    """A verdict for each scope asked about; raises bad_cursor (400) and wrong_person (403).

    A cursor of another epoch, of a lost timeline, below the floor, or within a transaction leaves
    everything `pending` until it pulls.
    """
    position = open_position(request.cursor, place.key, actor.person_id)
    with place.snapshot() as session:
        grants = grants_of(session, actor.person_id)
        counters = read_counters(session)
        is_ours = position.epoch == counters.epoch and not is_lost(session, position, counters)
        is_ours = is_ours and position.seq >= counters.floor_seq and is_between(session, position.seq)
        sums = latest_sums(session, list(request.scopes), position.seq)
    live = {grant.scope: grant.id for grant in grants if grant.revoked_id is None}
    active = compare(grants, position).active if is_ours else frozenset[str]()
    results: dict[str, Result] = {
        scope: _judge(scope, told, live, active, position, sums.get(scope, (0, 0)))
        for scope, told in request.scopes.items()
    }
    return VerifyReply(VERSION, results)


def _judge(
    scope: str,
    told: ScopeSum,
    live: dict[str, int],
    active: frozenset[str],
    position: Position,
    held: tuple[int, int],
) -> Result:
    if scope not in live:
        return "not_granted"
    if scope not in active or live[scope] > position.grant:
        return "pending"
    return "ok" if (told.count, told.sum) == (held[0], to_hex(held[1])) else "mismatch"
