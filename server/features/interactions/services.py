"""What a customer's header says of its timeline: the last contact, and how many there were."""

from collections.abc import Iterable
from typing import Any

from server.shared.registry import Fields, Lookup, Proposal

MISSED = "missed"
NONE = {
    "last_contact_at": None,
    "last_contact_channel": None,
    "last_contact_by": None,
    "last_outcome": None,
}


def roll_up(root: Fields, proposal: Proposal, lookup: Lookup) -> Fields:
    """The customer's server fields after one of its interactions was written.

    Counted is every interaction that is not void; a missed visit counts, but is no contact. A new one
    costs nothing more; only a change of an old one reads the timeline again.
    """
    if proposal.before is None:
        return _with_new(root, proposal.after, lookup.now_ms)
    rows = lookup.children("interaction", proposal.after["customer_id"])
    return summarise(rows, lookup.now_ms)


def summarise(rows: Iterable[Fields], now_ms: int) -> dict[str, Any]:
    """The rolled-up fields of a whole timeline, in any order."""
    valid = [row for row in rows if not row.get("voided")]
    contacts = [row for row in valid if is_contact(row)]
    last = max(contacts, key=lambda row: _moment(row, now_ms), default=None)
    return {"interaction_count": len(valid), **(_header(last, now_ms) if last else NONE)}


def is_contact(row: Fields) -> bool:
    """Whether somebody was reached."""
    return not row.get("voided") and row.get("outcome") != MISSED


def _with_new(root: Fields, row: Fields, now_ms: int) -> dict[str, Any]:
    counted = {"interaction_count": (root.get("interaction_count") or 0) + 1}
    last_at = root.get("last_contact_at")
    if not is_contact(row) or (last_at is not None and _moment(row, now_ms) < last_at):
        return counted
    return counted | _header(row, now_ms)


def _moment(row: Fields, now_ms: int) -> int:
    # A phone whose clock is a year ahead must not freeze the header for a year.
    return min(row["started_at"], now_ms)


def _header(row: Fields, now_ms: int) -> dict[str, Any]:
    return {
        "last_contact_at": _moment(row, now_ms),
        "last_contact_channel": row.get("channel"),
        "last_contact_by": row.get("person_id"),
        "last_outcome": row.get("outcome"),
    }
