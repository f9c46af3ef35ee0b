"""Where a device stands: the cursor and the snapshot token, sealed so that only we can write them."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from server.errors import DomainError
from sync.core.cursor import CursorError, seal, unseal

MAX_PENDING = 8


@dataclass(frozen=True)
class Position:
    """The cursor's content (SPEC 10.2).

    `person` is whose mirror it describes. `txn` is the transaction at log position `seq` and proves
    that the log is the one it came from, as `grants` proves the grants taken in.
    `grant` and `revoked` are the last grant and revocation taken in; `pending` the granted scopes whose
    snapshot has not joined yet; `has_left` tells that the page held a leave or a drop.
    """

    person: str
    epoch: int
    seq: int
    txn: str
    grant: int
    revoked: int
    grants: str
    pending: tuple[str, ...]
    has_left: bool


@dataclass(frozen=True)
class Bookmark:
    """A place in one scope's snapshot: next row after `after` ([pk, entity]; None when done).

    `start` is the log position of the first chunk: the log from there on completes the chunks (R5).
    """

    epoch: int
    scope: str
    start: int
    after: tuple[str, str] | None
    is_done: bool


NAMES = {item.name for item in fields(Position)}


def seal_position(position: Position, key: bytes) -> str:
    """The opaque cursor."""
    return seal(asdict(position), key)


def open_position(text: str, key: bytes, person: str) -> Position:
    """The cursor's content; raises bad_cursor (400), or wrong_person (403) when it is another's."""
    values = _unseal(text, key, "cursor")
    if values.keys() != NAMES:
        raise DomainError("bad_cursor", 400)  # of an earlier release
    values["pending"] = tuple(values["pending"])
    position = Position(**values)
    if position.person != person:
        raise DomainError("wrong_person", 403)
    return position


def seal_bookmark(bookmark: Bookmark, key: bytes) -> str:
    """The opaque snapshot token."""
    return seal(asdict(bookmark), key, "snapshot")


def open_bookmark(text: str, key: bytes) -> Bookmark:
    """The token's content; raises bad_cursor (400)."""
    values = _unseal(text, key, "snapshot")
    values["after"] = tuple(values["after"]) if values["after"] else None
    return Bookmark(**values)


def _unseal(text: str, key: bytes, purpose: str) -> dict[str, Any]:
    try:
        return unseal(text, key, purpose)
    except CursorError as problem:
        raise DomainError("bad_cursor", 400) from problem
