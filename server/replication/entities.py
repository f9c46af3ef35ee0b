"""Declares replication's own rows: conflicts, their receipts, and what is parked."""

from marshmallow import Schema

from server.shared.registry import Registry, SyncedEntity
from sync.core.policy import EntitySpec

CONFLICT = EntitySpec(
    name="conflict",
    server_fields=(
        *("customer_id", "entity", "row_pk", "group", "kind", "state", "opened_at", "opened_rev"),
        *("current", "candidates", "resolution"),
    ),
)
CONFLICT_RECEIPT = EntitySpec(
    name="conflict_receipt",
    server_fields=(
        *("customer_id", "entity", "row_pk", "group", "kind", "state", "conflict"),
        *("mutation", "at", "arrived_at", "value", "base"),
    ),
)
PARKED = EntitySpec(
    name="parked",
    server_fields=(
        *("mutation_id", "by", "mutation", "bytes_b64", "code", "fields", "params", "entity", "row_pk"),
        *("op", "customer_id", "state", "waits_for", "device", "seq", "parked_at"),
    ),
)


class NothingSchema(Schema):
    """A client writes none of their fields."""


SYSTEM_ENTITIES = tuple(SyncedEntity(spec=spec, schema=NothingSchema) for spec in (CONFLICT, CONFLICT_RECEIPT, PARKED))


def with_system_entities(registry: Registry) -> Registry:
    """The registry with replication's own rows in it."""
    features = [entity for entity in registry if entity.spec.name not in NAMES]
    return Registry([*features, *SYSTEM_ENTITIES], registry.forget, registry.settle)


NAMES = {entity.spec.name for entity in SYSTEM_ENTITIES}
