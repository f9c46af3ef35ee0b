"""What replication must know of customers, sites and contacts: policies, scope, checks, search keys."""

from typing import Any

from server.features.customers.fold import contact_key, customer_key
from server.features.customers.models import Contact, Customer, Site
from server.features.customers.schemas import ContactSchema, CustomerSchema, SiteSchema
from server.features.territories.services import home_of
from server.shared.actor import Actor
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.same_root import find_stranger
from server.shared.scope import territory_scope
from server.shared.yearly import wrong_part
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Invariant, Root

BIRTHDAY = ("birthday_kind", "birthday_month", "birthday_day", "birthday_year")

CUSTOMER = EntitySpec(
    name="customer",
    fields=(
        FieldSpec("name", "register"),
        FieldSpec("legal_form", "register"),
        FieldSpec("code", "register"),
        FieldSpec("tax_id", "register"),
        FieldSpec("phone", "register"),
        FieldSpec("website", "register"),
        FieldSpec("industry", "register"),
        FieldSpec("tier", "register"),
        FieldSpec("briefing_source", "register"),
        FieldSpec("notes", "text"),
        FieldSpec("briefing", "text"),
        FieldSpec("tags", "set"),
        FieldSpec("payment_terms", "ask", "payment"),
        FieldSpec("credit_limit_minor", "ask", "payment"),
        FieldSpec("credit_currency", "ask", "payment"),
        FieldSpec("special_conditions", "ask"),
        FieldSpec("packaging", "ask"),
        FieldSpec("decision_process", "register"),
        FieldSpec("buying_habits", "register"),
        FieldSpec("competitors", "text"),
        # One answer to "are we leaving them alone?": the day without its reason would be half of it.
        FieldSpec("paused_until_on", "register", "pause"),
        FieldSpec("pause_reason", "register", "pause"),
        FieldSpec("visit_every_days", "register"),
        FieldSpec("call_every_days", "register"),
        FieldSpec("chat_every_days", "register"),
        FieldSpec("email_every_days", "register"),
    ),
    server_fields=(
        *("territory_id", "fold", "stage", "last_contact_at", "last_contact_channel"),
        *("last_visit_at", "last_call_at", "last_chat_at", "last_email_at"),
        *("last_contact_by", "last_outcome", "interaction_count", "created_at", "plan_id"),
    ),
)

SITE = EntitySpec(
    name="site",
    root=Root("customer_id", "customer"),
    fields=(
        FieldSpec("customer_id", "register"),
        FieldSpec("name", "register"),
        FieldSpec("hours", "register"),
        FieldSpec("phone", "register"),
        FieldSpec("purposes", "set"),
        FieldSpec("address", "ask", "address"),
        FieldSpec("city", "ask", "address"),
        FieldSpec("district", "ask", "address"),
        FieldSpec("postal_code", "ask", "address"),
        FieldSpec("country", "ask", "address"),
        # The point belongs to the address: apart they would lead to two places.
        FieldSpec("lat_e7", "ask", "address"),
        FieldSpec("lon_e7", "ask", "address"),
        FieldSpec("notes", "text"),
    ),
    server_fields=("plan_id",),
)

CONTACT = EntitySpec(
    name="contact",
    root=Root("customer_id", "customer"),
    fields=(
        FieldSpec("customer_id", "register"),
        FieldSpec("name", "register"),
        FieldSpec("title", "register"),
        FieldSpec("department", "register"),
        FieldSpec("phone", "register"),
        FieldSpec("mobile", "register"),
        FieldSpec("email", "register"),
        FieldSpec("line_id", "register"),
        FieldSpec("preferred_channel", "register"),
        FieldSpec("preferred_hours", "register"),
        FieldSpec("influence", "register"),
        FieldSpec("reports_to_id", "register"),
        FieldSpec("is_met", "register"),
        FieldSpec("site_id", "register"),
        FieldSpec("roles", "set"),
        FieldSpec("materials", "set"),
        FieldSpec("birthday_kind", "register", "birthday"),
        FieldSpec("birthday_month", "register", "birthday"),
        FieldSpec("birthday_day", "register", "birthday"),
        FieldSpec("birthday_year", "register", "birthday"),
        FieldSpec("notes", "text"),
    ),
    server_fields=("fold", "plan_id"),
    references={"reports_to_id": "contact", "site_id": "site"},
    invariants=(Invariant("acyclic", ("reports_to_id",)),),
)


def customer_scope(fields: Fields, _lookup: Lookup) -> str:
    """A customer is seen by those who work its territory."""
    return territory_scope(fields["territory_id"])


def derive_customer(proposal: Proposal, lookup: Lookup, actor: Actor) -> Fields:
    """The search key; for a new one also its first stage and the territory of whoever found it."""
    derived: dict[str, Any] = {"fold": customer_key(proposal.after)}
    if proposal.before is None:
        first = {"stage": "prospect", "interaction_count": 0, "created_at": lookup.now_ms}
        derived |= {name: value for name, value in first.items() if name not in proposal.patch}
    if not proposal.after.get("territory_id"):
        derived["territory_id"] = home_of(lookup, actor.person_id)
    return derived


def check_contact(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """Its superior and its site are of the same customer; its birthday is a real day."""
    stranger = find_stranger(CONTACT, proposal, lookup)
    # What an older release let pass must not bar every other edit.
    if stranger or "birthday_day" not in proposal.patch:
        return stranger
    wrong = wrong_part(proposal.after, BIRTHDAY)
    return Park("invalid_value", (wrong,)) if wrong else None


def derive_contact(proposal: Proposal, _lookup: Lookup, _actor: Actor) -> Fields:
    """The search key."""
    return {"fold": contact_key(proposal.after)}


ENTITIES = (
    SyncedEntity(
        spec=CUSTOMER,
        schema=CustomerSchema,
        scope=customer_scope,
        project=TableProjection(Customer),
        derive=derive_customer,
        is_person=True,
    ),
    SyncedEntity(spec=SITE, schema=SiteSchema, project=TableProjection(Site)),
    SyncedEntity(
        spec=CONTACT,
        schema=ContactSchema,
        project=TableProjection(Contact),
        check=check_contact,
        derive=derive_contact,
        is_person=True,
    ),
)
