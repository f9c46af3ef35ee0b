"""What replication must know of touches and cadences: who is to contact whom, why and when."""

from typing import Any

from marshmallow import Schema

from server.features.touches.models import Cadence, Touch
from server.features.touches.schemas import TouchSchema
from server.features.touches.services import Reminded
from server.shared.actor import Actor
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.same_root import find_stranger
from server.shared.scope import EVERYONE
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Invariant, Root

TOUCH = EntitySpec(
    name="touch",
    root=Root("customer_id", "customer"),
    fields=(
        FieldSpec("customer_id", "register"),
        FieldSpec("assignee_id", "register"),
        FieldSpec("contact_id", "register"),
        FieldSpec("channel", "register"),
        FieldSpec("state", "register"),
        FieldSpec("done_interaction_id", "register"),
        FieldSpec("snoozed_until_on", "register"),
        FieldSpec("why", "text"),
        FieldSpec("due_from_on", "register", "window"),
        FieldSpec("due_to_on", "register", "window"),
        FieldSpec("due_time", "register", "window"),
        FieldSpec("cadence_id", "register"),
    ),
    server_fields=("person_id", "created_at"),
    references={
        "assignee_id": "person",
        "cadence_id": "cadence",
        "contact_id": "contact",
        "done_interaction_id": "interaction",
    },
    invariants=(Invariant("ordered", ("due_from_on", "due_to_on")),),
)

CADENCE = EntitySpec(
    name="cadence",
    server_fields=(
        *("tier", "stage", "industry", "tags"),
        *("every_days", "channel", "lead_days", "name", "paused_until_on"),
    ),
)


def check(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """What it names is this customer's, and whoever is newly asked to do it still works here."""
    assignee_id = proposal.patch.get("assignee_id")
    person = lookup.row("person", assignee_id) if assignee_id else None
    if person is not None and not person.get("is_active"):
        return Park("assignee_disabled", ("assignee_id",), {"name": person.get("name")})
    return find_stranger(TOUCH, proposal, lookup)


def derive(proposal: Proposal, lookup: Lookup, actor: Actor) -> Fields:
    """Who planned it and when."""
    if proposal.before is not None:
        return {}
    first: dict[str, Any] = {"person_id": actor.person_id, "created_at": lookup.now_ms}
    return {name: value for name, value in first.items() if name not in proposal.patch}


def everyone(_fields: Fields, _lookup: Lookup) -> str:
    """Cadences are the company's."""
    return EVERYONE


ENTITIES = (
    SyncedEntity(
        spec=TOUCH,
        schema=TouchSchema,
        project=Reminded(Touch),
        check=check,
        derive=derive,
    ),
    SyncedEntity(spec=CADENCE, schema=Schema, scope=everyone, project=TableProjection(Cadence)),
)
