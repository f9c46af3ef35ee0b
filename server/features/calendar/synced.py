"""What replication must know of the calendar: one row that everybody has, written by the server alone."""

from marshmallow import Schema

from server.features.calendar.models import BusinessCalendar
from server.shared.projection import TableProjection
from server.shared.registry import Fields, Lookup, SyncedEntity
from server.shared.scope import EVERYONE
from sync.core.policy import EntitySpec

CALENDAR = EntitySpec(name="calendar", server_fields=("week", "holidays", "closed", "opened"))


def everyone(_fields: Fields, _lookup: Lookup) -> str:
    """The company is open to all at the same hours."""
    return EVERYONE


ENTITIES = (SyncedEntity(spec=CALENDAR, schema=Schema, scope=everyone, project=TableProjection(BusinessCalendar)),)
