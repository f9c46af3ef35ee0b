"""What a customer's header says of its timeline: the last contact, on any channel and on each, and how many."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.features.customers.services import without_channels
from server.features.interactions.models import Interaction
from server.shared.actor import OPERATOR
from server.shared.db import reading
from server.shared.differing import differing, write
from server.shared.registry import Fields, Lookup, Proposal
from server.shared.writer import Writer
from sync.core.cadence import CHANNELS

AT_ONCE = 200
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
    header = _header(last, now_ms) if last else NONE
    return {"interaction_count": len(valid), **header, **_latest(contacts, now_ms)}


def last_at(channel: str) -> str:
    """The customer's field that holds its last contact on a channel."""
    return f"last_{channel}_at"


def catch_up(session: Session, writer: Writer, now_ms: int) -> int:
    """Write the last contact on each channel of customers whom an older release rolled up; returns how many.

    Through the same door as everything, so that devices, sums and history follow. Harmless to repeat or to cut short.
    """
    with reading(session):
        waiting = without_channels(session)
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        with reading(session):
            timelines = _timelines(session, some)
        wanted = {pk: _latest(timeline, now_ms) for pk, timeline in timelines.items()}
        write(writer, OPERATOR, differing(writer, "customer", wanted))
    return len(waiting)


def _timelines(session: Session, customer_ids: Sequence[str]) -> dict[str, list[Fields]]:
    columns = (Interaction.channel, Interaction.started_at, Interaction.outcome, Interaction.voided)
    found = session.execute(select(Interaction.customer_id, *columns).where(Interaction.customer_id.in_(customer_ids)))
    timelines: dict[str, list[Fields]] = {pk: [] for pk in customer_ids}
    for row in found.mappings():
        timelines[row["customer_id"]].append(dict(row))
    return timelines


def is_contact(row: Fields) -> bool:
    """Whether somebody was reached."""
    return not row.get("voided") and row.get("outcome") != MISSED


def _latest(timeline: Iterable[Fields], now_ms: int) -> dict[str, int | None]:
    """The last contact on each channel."""
    found: dict[str, list[int]] = {channel: [] for channel in CHANNELS}
    for row in filter(is_contact, timeline):
        found[row["channel"]].append(_moment(row, now_ms))
    return {last_at(channel): max(moments, default=None) for channel, moments in found.items()}


def _with_new(root: Fields, row: Fields, now_ms: int) -> dict[str, Any]:
    counted: dict[str, Any] = {"interaction_count": (root.get("interaction_count") or 0) + 1}
    if not is_contact(row):
        return counted
    moment, own, last = _moment(row, now_ms), last_at(row["channel"]), root.get("last_contact_at")
    counted[own] = max(moment, root.get(own) or 0)
    return counted if last is not None and moment < last else counted | _header(row, now_ms)


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
