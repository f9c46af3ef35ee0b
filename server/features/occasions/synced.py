"""What replication must know of occasions: the company's are everybody's, anniversaries go with their customer."""

from marshmallow import Schema

from server.features.occasions.models import Anniversary, Occasion
from server.features.occasions.schemas import AnniversarySchema
from server.shared.actor import Actor
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.same_root import find_stranger
from server.shared.scope import EVERYONE
from server.shared.yearly import wrong_part
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Root

OCCASION = EntitySpec(
    name="occasion",
    server_fields=(
        *("key", "kind", "name", "calendar", "month", "day", "shift_days"),
        *("lead_days", "channel", "tiers", "tags", "is_active"),
    ),
)

ANNIVERSARY = EntitySpec(
    name="anniversary",
    root=Root("customer_id", "customer"),
    fields=(
        FieldSpec("customer_id", "register"),
        FieldSpec("contact_id", "register"),
        FieldSpec("label", "register"),
        FieldSpec("calendar", "register", "date"),
        FieldSpec("month", "register", "date"),
        FieldSpec("day", "register", "date"),
        FieldSpec("year", "register", "date"),
    ),
    references={"contact_id": "contact"},
)
DATE = ("calendar", "month", "day", "year")


def check(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """Whose it is belongs to this customer, and there is such a day."""
    stranger = find_stranger(ANNIVERSARY, proposal, lookup)
    if stranger or "day" not in proposal.patch:
        return stranger
    missing = [name for name in ("month", "day") if not proposal.after.get(name)]
    wrong = wrong_part(proposal.after, DATE)
    faults = (*missing, wrong) if wrong else (*missing,)
    return Park("invalid_value", faults) if faults else None


def everyone(_fields: Fields, _lookup: Lookup) -> str:
    """Which festivals one greets is the company's to say, and no secret."""
    return EVERYONE


ENTITIES = (
    SyncedEntity(spec=OCCASION, schema=Schema, scope=everyone, project=TableProjection(Occasion)),
    SyncedEntity(
        spec=ANNIVERSARY,
        schema=AnniversarySchema,
        project=TableProjection(Anniversary),
        check=check,
        is_person=True,
    ),
)
