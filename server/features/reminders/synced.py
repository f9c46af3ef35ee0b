"""What replication must know of reminders: a notice is its person's alone, and only the server makes one.

Devices mark notices by commands: two that read the same one apart from each other then never clash, nor does
one that reads what has expired meanwhile.
"""

from server.features.reminders.models import Notice
from server.features.reminders.schemas import NoticeSchema
from server.features.reminders.services import Inbox
from server.shared.actor import Actor
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.scope import person_scope
from sync.core.park import Park
from sync.core.policy import EntitySpec

NOTICE = EntitySpec(
    name="notice",
    server_fields=(
        "person_id",
        "kind",
        "row_pk",
        "about_customer_id",
        "due_on",
        "due_time",
        "counts",
        "created_at",
        "seen_at",
    ),
)


def check(proposal: Proposal, _lookup: Lookup, _actor: Actor) -> Park | None:
    """A device cannot name whom a notice is for, so it cannot make one."""
    return None if proposal.after.get("person_id") else Park("forbidden")


def owner(fields: Fields, _lookup: Lookup) -> str:
    """Nobody else sees it."""
    return person_scope(fields["person_id"])


def see(fields: Fields, _patch: Fields, lookup: Lookup, _actor: Actor) -> Fields:
    """The person has read it; the first time counts."""
    return {"seen_at": fields.get("seen_at") or lookup.now_ms}


ENTITIES = (
    SyncedEntity(
        spec=NOTICE, schema=NoticeSchema, scope=owner, project=Inbox(Notice), check=check, commands={"see": see}
    ),
)
