"""The opaque cursor (server side) and the rules by which a page is applied (client side).

SPEC 10.2, 11.6, 11.7, 12.2.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, cast

from sync.core import canonical
from sync.core.mutation import Rev

MAX_BYTES: Final = 4096
_MAC_BYTES: Final = 16


class CursorError(ValueError):
    """A cursor or token that is of no use; `code`: too_long, not_base64, not_authentic."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seal(payload: Mapping[str, Any], key: bytes, purpose: str = "cursor") -> str:
    """Return an authenticated text of at most 4 KiB; one `purpose` never passes for another."""
    body = canonical.dumps(dict(payload))
    text = base64.urlsafe_b64encode(body + _mac(body, key, purpose)).rstrip(b"=").decode()
    if len(text) > MAX_BYTES:
        raise CursorError("too_long")
    return text


def unseal(text: str, key: bytes, purpose: str = "cursor") -> dict[str, Any]:
    """Return the payload that `seal` was given under the same key and purpose; else CursorError."""
    if len(text) > MAX_BYTES:
        raise CursorError("too_long")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CursorError("not_base64") from None
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, key, purpose)):
        raise CursorError("not_authentic")
    return cast("dict[str, Any]", canonical.loads(body))


def _mac(body: bytes, key: bytes, purpose: str) -> bytes:
    message = purpose.encode() + b"\0" + body
    return hmac.new(key, message, hashlib.sha256).digest()[:_MAC_BYTES]


class Held(NamedTuple):
    """A mirror row's place in time: the generation (resets so far) and its revision."""

    generation: int
    rev: Rev


def takes_upsert(held: Held | None, marker: Rev | None, new: Held, source: Literal["page", "chunk"]) -> bool:
    """Tell whether a served row is written over what the mirror holds.

    `marker` is the revision at which the row was seen to leave or be deleted while its scope was
    joining: a snapshot's chunk may be older than that, a pull's page tells the present.
    """
    if source == "chunk" and marker is not None and new.rev < marker:
        return False
    return held is None or new >= held


def takes_removal(held: Held, new: Held) -> bool:
    """Tell whether a served leave or delete removes what the mirror holds."""
    return new >= held


def later_marker(marker: Rev | None, rev: Rev) -> Rev:
    """Return the marker to keep after a leave or delete of this revision."""
    return rev if marker is None else max(marker, rev)


def is_settled(log_seq: int | None, page_seq: int) -> bool:
    """Tell whether an overlay entry goes: a page at or past its receipt's `log_seq` is applied."""
    return log_seq is not None and page_seq >= log_seq
