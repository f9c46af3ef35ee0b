"""The kinds of rows that an import makes, with the fields that a mapping may fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from marshmallow import Schema

from server.features.importing.values import Shapes
from server.shared import bounds
from server.shared.registry import Registry, SyncedEntity


class PersonShape(Schema):
    """What a file can say of a colleague; the rest follows from the rows."""

    name = bounds.line(required=True)
    title = bounds.line()


class TerritoryShape(Schema):
    """What a file can say of a region."""

    name = bounds.line(required=True)


@dataclass(frozen=True)
class Kind:
    """A kind of row: what replication knows of it, and the bounds of the fields that a mapping may fill."""

    entity: SyncedEntity
    shapes: Shapes


def kinds_of(registry: Registry) -> Mapping[str, Kind]:
    """Every kind that can be imported, by the name of its entity."""
    own: dict[str, type[Schema]] = {"person": PersonShape, "territory": TerritoryShape}
    names = (*own, "customer", "site", "contact")
    return {name: _kind(registry.entities[name], own.get(name)) for name in names}


def _kind(entity: SyncedEntity, own: type[Schema] | None) -> Kind:
    shapes = dict(cast("Shapes", (own or entity.schema)().fields))
    if entity.spec.root:
        # Filled from the mapping's `customer`.
        del shapes[entity.spec.root.field]
    return Kind(entity, shapes)
