"""What replication must know of promises: what was promised to whom, who does it by when, and how it ended."""

from typing import Any

from server.features.promises.models import Promise
from server.features.promises.schemas import PromiseSchema
from server.shared.actor import Actor
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.same_root import find_stranger
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Root

PROMISE = EntitySpec(
    name="promise",
    root=Root("customer_id", "customer"),
    fields=(
        FieldSpec("customer_id", "register"),
        # Two who add to the words both mean what they added.
        FieldSpec("what", "text"),
        FieldSpec("contact_id", "register"),
        FieldSpec("interaction_id", "register"),
        FieldSpec("promised_at", "register"),
        # Somebody must have it at every moment: the later hand-over counts, and the other one is told.
        FieldSpec("owner_id", "register"),
        # A date of one and a time of another would be a moment that nobody chose.
        FieldSpec("due_on", "register", "due"),
        FieldSpec("due_time", "register", "due"),
        # How it ended is one answer: whoever kept it never gets the reason of one who dropped it.
        FieldSpec("state", "register", "closing"),
        FieldSpec("closed_at", "register", "closing"),
        FieldSpec("closing_note", "register", "closing"),
        FieldSpec("kept_interaction_id", "register", "closing"),
    ),
    server_fields=("person_id", "created_at"),
    references={
        "contact_id": "contact",
        "interaction_id": "interaction",
        "kept_interaction_id": "interaction",
        "owner_id": "person",
    },
)
ENDS = ("closed_at", "closing_note", "kept_interaction_id")


def check(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """It says something, ends as one answer, and whoever newly gets it still works here."""
    if wrong := _misfits(proposal):
        return Park("invalid_value", wrong)
    owner_id = proposal.patch.get("owner_id")
    person = lookup.row("person", owner_id) if owner_id else None
    if person is not None and not person.get("is_active"):
        return Park("assignee_disabled", ("owner_id",), {"name": person.get("name")})
    return find_stranger(PROMISE, proposal, lookup)


def derive(proposal: Proposal, lookup: Lookup, actor: Actor) -> Fields:
    """Who promised it, and when that was known here."""
    if proposal.before is not None:
        return {}
    first: dict[str, Any] = {"person_id": actor.person_id, "created_at": lookup.now_ms}
    return {name: value for name, value in first.items() if name not in proposal.patch}


def _misfits(proposal: Proposal) -> tuple[str, ...]:
    """The fields that do not go together: only what is written now is judged, since an old lapse blocks nobody."""
    row, patch = proposal.after, proposal.patch
    wrong: list[str] = []
    if (proposal.before is None or "what" in patch) and not (row.get("what") or "").strip():
        wrong.append("what")
    if "state" in patch and row["state"] == "open":
        wrong += [name for name in ENDS if row.get(name) is not None]
    if "state" in patch and row["state"] == "dropped" and not (row.get("closing_note") or "").strip():
        wrong.append("closing_note")
    return tuple(sorted(wrong))


ENTITIES = (
    SyncedEntity(
        spec=PROMISE,
        schema=PromiseSchema,
        project=TableProjection(Promise),
        check=check,
        derive=derive,
    ),
)
