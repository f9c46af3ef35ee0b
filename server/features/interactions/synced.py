"""What replication must know of interactions: written once, revised by their author, rolled up."""

from typing import Any

from server.features.interactions.models import Interaction
from server.features.interactions.schemas import InteractionSchema
from server.features.interactions.services import roll_up
from server.shared.actor import Actor
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.same_root import find_stranger
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Invariant, Root

INTERACTION = EntitySpec(
    name="interaction",
    root=Root("customer_id", "customer"),
    append=True,
    fields=(
        FieldSpec("customer_id", "append"),
        FieldSpec("channel", "append"),
        FieldSpec("direction", "append"),
        FieldSpec("started_at", "append"),
        FieldSpec("ended_at", "append"),
        FieldSpec("checkin_at", "append", "checkin"),
        FieldSpec("checkin_lat_e7", "append", "checkin"),
        FieldSpec("checkin_lon_e7", "append", "checkin"),
        FieldSpec("checkin_accuracy_m", "append", "checkin"),
        # Not of the group: devices of before send it without.
        FieldSpec("checkin_distance_m", "append"),
        FieldSpec("checkout_at", "append"),
        FieldSpec("contact_ids", "append"),
        FieldSpec("purpose", "append"),
        FieldSpec("outcome", "append"),
        FieldSpec("notes", "append"),
        FieldSpec("next_step", "append"),
        FieldSpec("touch_id", "append"),
    ),
    server_fields=("person_id", "person_name", "created_at"),
    references={"contact_ids": "contact", "touch_id": "touch"},
    invariants=(
        Invariant("ordered", ("started_at", "ended_at")),
        Invariant("ordered", ("checkin_at", "checkout_at")),
    ),
)


def check(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """The people met and the touch done are this customer's."""
    return find_stranger(INTERACTION, proposal, lookup)


def derive(proposal: Proposal, lookup: Lookup, actor: Actor) -> Fields:
    """Who wrote it, by id and by the name of that day; kept through later revisions."""
    if proposal.before is not None:
        return {}
    person_id = proposal.patch.get("person_id", actor.person_id)
    person = lookup.row("person", person_id)
    first: dict[str, Any] = {
        "person_id": person_id,
        "person_name": person["name"] if person else None,
        "created_at": lookup.now_ms,
    }
    return {name: value for name, value in first.items() if name not in proposal.patch}


ENTITIES = (
    SyncedEntity(
        spec=INTERACTION,
        schema=InteractionSchema,
        project=TableProjection(Interaction),
        check=check,
        derive=derive,
        rollup=roll_up,
    ),
)
