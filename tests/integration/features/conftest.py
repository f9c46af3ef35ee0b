"""What the features' tests share: an app's writer, people, territories and customers to work with."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.features.people import services as people
from server.features.territories import services as territories
from server.features.territories.tree import Node
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.db import db, reading
from server.shared.ids import new_id
from server.shared.scope import granted_scopes
from server.shared.writer import Change, Writer, Written, current_writer
from tests.factories.apps import TurnableClock


@dataclass
class Company:
    """A small company behind the app: helpers that read like sentences."""

    session: Session
    writer: Writer
    clock: TurnableClock

    def person(self, name: str, role: Role = Role.REP, manager: Actor | None = None) -> Actor:
        """Somebody without a login."""
        one = people.new_person(name, role, manager.person_id if manager else None, None)
        people.save(self.writer, OPERATOR, [one])
        territories.regrant(self.session, self.clock())
        return Actor(one.id, role, None, "zh-Hant")

    def patch(self, name: str, *actors: Actor) -> Node:
        """A territory under the root, worked by these people."""
        territories.ensure_root(self.writer, OPERATOR, "公司")
        ids = tuple(sorted(actor.person_id for actor in actors))
        node = Node(new_id(), name, territories.ROOT_ID, "patch", ids)
        territories.save(self.writer, OPERATOR, [node])
        territories.regrant(self.session, self.clock())
        return node

    def create(self, entity: str, actor: Actor = OPERATOR, **fields: Any) -> str:
        """A row, which must not park; returns its pk."""
        pk = new_id()
        written = self.submit([Change(entity, pk, "create", fields)], actor)
        assert [one.code for one in written] == [None]
        return pk

    def patch_row(self, entity: str, pk: str, actor: Actor = OPERATOR, **fields: Any) -> Written:
        """Change a row as it stands."""
        rev = self.writer.read(entity, [pk])[pk].rev
        return self.submit([Change(entity, pk, "patch", fields, rev)], actor)[0]

    def submit(self, changes: Sequence[Change], actor: Actor = OPERATOR) -> list[Written]:
        """Write as one transaction."""
        return self.writer.submit(actor, changes)

    def row(self, entity: str, pk: str) -> Mapping[str, Any]:
        """A row's values."""
        return self.writer.read(entity, [pk])[pk].fields

    def scope(self, entity: str, pk: str) -> str:
        """A row's scope key."""
        return self.writer.read(entity, [pk])[pk].scope

    def grants(self, actor: Actor) -> set[str]:
        """What a person may see now."""
        with reading(self.session) as session:
            return granted_scopes(session, actor.person_id)


@pytest.fixture
def company(app: Flask, clock: TurnableClock) -> Generator[Company]:
    with app.app_context():
        yield Company(db.session(), current_writer(), clock)


@pytest.fixture
def customer(company: Company) -> Callable[..., str]:
    """Makes customers."""
    node = company.patch("北區")

    def make(name: str = "宏晟精密機械", **fields: Any) -> str:
        values = {"name": name, "territory_id": node.id} | fields
        return company.create("customer", OPERATOR, **values)

    return make
