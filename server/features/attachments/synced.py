"""What replication must know of attachments: written once beside an interaction, and naming their bytes."""

from typing import Any

from server.features.attachments.models import Attachment
from server.features.attachments.schemas import AttachmentSchema
from server.shared.actor import Actor
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, Proposal, SyncedEntity
from server.shared.same_root import find_stranger
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Root

ATTACHMENT = EntitySpec(
    name="attachment",
    root=Root("customer_id", "customer"),
    append=True,
    fields=(
        FieldSpec("customer_id", "append"),
        FieldSpec("interaction_id", "append"),
        FieldSpec("kind", "append"),
        FieldSpec("sha256", "append", "file"),
        FieldSpec("thumb_sha256", "append", "file"),
        FieldSpec("media_type", "append", "file"),
        FieldSpec("size", "append", "file"),
        FieldSpec("width", "append", "file"),
        FieldSpec("height", "append", "file"),
        FieldSpec("taken_at", "append", "file"),
        # Not of the group: devices of before send it without them.
        FieldSpec("name", "append"),
        FieldSpec("duration_ms", "append"),
        FieldSpec("signed_hash", "append"),
    ),
    server_fields=("person_id", "created_at"),
    references={"interaction_id": "interaction"},
    blobs=("sha256", "thumb_sha256"),
)


def check(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """The interaction is this customer's."""
    return find_stranger(ATTACHMENT, proposal, lookup)


def derive(proposal: Proposal, lookup: Lookup, actor: Actor) -> Fields:
    """Who added it, and when it was known here."""
    if proposal.before is not None:
        return {}
    first: dict[str, Any] = {"person_id": actor.person_id, "created_at": lookup.now_ms}
    return {name: value for name, value in first.items() if name not in proposal.patch}


ENTITIES = (
    SyncedEntity(
        spec=ATTACHMENT,
        schema=AttachmentSchema,
        project=TableProjection(Attachment),
        check=check,
        derive=derive,
    ),
)
