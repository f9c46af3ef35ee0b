"""What a cursor has taken in of a person's grants, and what the next page tells about them (R5)."""

from dataclasses import dataclass

from server.replication.position import MAX_PENDING, Position
from server.shared.scope import Grant
from sync.core.digest import sha_hex


@dataclass(frozen=True)
class Standing:
    """Grants seen from one cursor.

    `live` every scope granted now; `told` the ones that this page grants anew; `drops` those to
    remove; `pending` those whose snapshot is still to join; `active` those the log is served for;
    `grant` and `revoked` the last ids taken in.
    """

    live: frozenset[str]
    told: tuple[str, ...]
    drops: tuple[str, ...]
    pending: tuple[str, ...]
    active: frozenset[str]
    grant: int
    revoked: int
    has_changed: bool


def proof(grants: list[Grant], grant: int, revoked: int) -> str:
    """What a cursor took in of a person's grants, in 32 digits: a restored database gives others."""
    taken = [(g.id, g.scope, g.revoked_id if (g.revoked_id or 0) <= revoked else None) for g in grants if g.id <= grant]
    return sha_hex(repr(taken).encode())[:32]


def compare(grants: list[Grant], position: Position | None) -> Standing:
    """Take in at most as many new grants, in id order, as leave 8 scopes pending."""
    taken, revoked = (position.grant, position.revoked) if position else (0, 0)
    live = {grant.scope: grant.id for grant in grants if grant.revoked_id is None}
    ends = [grant for grant in grants if (grant.revoked_id or 0) > revoked]
    waiting = tuple(s for s in position.pending if live.get(s, taken + 1) <= taken) if position else ()
    new = sorted((grant_id, scope) for scope, grant_id in live.items() if grant_id > taken)
    told = new[: max(0, MAX_PENDING - len(waiting))]
    last = told[-1][0] if told else taken
    pending = (*waiting, *(scope for _, scope in told))
    held = {scope for scope, grant_id in live.items() if grant_id <= last}
    return Standing(
        live=frozenset(live),
        told=tuple(scope for _, scope in told),
        drops=tuple(sorted({grant.scope for grant in ends if grant.id <= taken})),
        pending=pending,
        active=frozenset(held - set(pending)),
        grant=last,
        revoked=max([revoked, *(grant.revoked_id or 0 for grant in ends)]),
        has_changed=position is None or bool(new or ends),
    )
