"""What replication must know of territories: everybody may see the tree, only the server writes it."""

from marshmallow import Schema

from server.features.territories.models import Territory
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, SyncedEntity
from server.shared.scope import EVERYONE
from sync.core.policy import EntitySpec

TERRITORY = EntitySpec(name="territory", server_fields=("name", "parent_id", "kind", "person_ids", "dated"))


def everyone(_fields: Fields, _lookup: Lookup) -> str:
    """Who works where is no secret among colleagues."""
    return EVERYONE


ENTITIES = (SyncedEntity(spec=TERRITORY, schema=Schema, scope=everyone, project=TableProjection(Territory)),)
