"""The three places that name a feature's fields agree: policies, bounds, columns."""

import pytest
from marshmallow import fields as kinds

from server.features.calendar import synced as calendar_synced
from server.features.customers import synced as customers_synced
from server.features.interactions import synced as interactions_synced
from server.features.occasions import synced as occasions_synced
from server.features.people import synced as people_synced
from server.features.promises import synced as promises_synced
from server.features.territories import synced as territories_synced
from server.features.touches import synced as touches_synced
from server.shared.projection import TableProjection
from server.shared.registry import SyncedEntity

MODULES = (
    calendar_synced,
    customers_synced,
    interactions_synced,
    occasions_synced,
    people_synced,
    promises_synced,
    territories_synced,
    touches_synced,
)
ENTITIES = [entity for module in MODULES for entity in module.ENTITIES]
NAMES = {entity.spec.name for entity in ENTITIES}


@pytest.fixture(params=ENTITIES, ids=lambda entity: entity.spec.name)
def entity(request: pytest.FixtureRequest) -> SyncedEntity:
    return request.param


def test_every_client_field_has_bounds_and_nothing_else_has(entity: SyncedEntity) -> None:
    assert set(entity.schema().fields) == {spec.name for spec in entity.spec.fields}


def test_every_field_has_a_column(entity: SyncedEntity) -> None:
    assert isinstance(entity.project, TableProjection)
    columns = {column.name for column in entity.project.table.columns}
    declared = set(entity.spec.by_name) | ({"voided"} if entity.spec.append else set())
    assert columns == declared | {"id"}


def test_sets_and_lists_are_bound_as_lists(entity: SyncedEntity) -> None:
    lists = {name for name, kind in entity.schema().fields.items() if isinstance(kind, kinds.List)}
    sets = {spec.name for spec in entity.spec.fields if spec.policy == "set"}
    assert sets <= lists <= sets | {"contact_ids"}


def test_text_fields_take_several_lines(entity: SyncedEntity) -> None:
    for spec in entity.spec.fields:
        if spec.policy == "text":
            assert entity.schema().fields[spec.name].deserialize("甲\n乙") == "甲\n乙"


def test_references_name_known_entities(entity: SyncedEntity) -> None:
    root = {entity.spec.root.entity} if entity.spec.root else set()
    assert set(entity.spec.references.values()) | root <= NAMES


def test_only_roots_have_a_scope_rule(entity: SyncedEntity) -> None:
    assert (entity.scope is None) == (entity.spec.root is not None)
