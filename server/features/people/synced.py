"""What replication must know of people: everybody may see them, only the server writes them."""

from marshmallow import Schema

from server.features.people.models import Person
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, SyncedEntity
from server.shared.scope import EVERYONE
from sync.core.policy import EntitySpec

PERSON = EntitySpec(name="person", server_fields=("name", "role", "manager_id", "is_active", "title"))


def everyone(_fields: Fields, _lookup: Lookup) -> str:
    """Colleagues know each other."""
    return EVERYONE


ENTITIES = (SyncedEntity(spec=PERSON, schema=Schema, scope=everyone, project=TableProjection(Person)),)
