"""What the import's tests share: an app's database, the sample files, and reps who edit meanwhile."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.features.importing import undoing
from server.features.importing.memory import fingerprint
from server.features.importing.planning import Plan
from server.features.importing.services import Importing, Outcome
from server.features.importing.shapes import kinds_of
from server.features.importing.undoing import Undone
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.db import db, reading
from server.shared.ids import new_id
from server.shared.registry import current_registry
from server.shared.writer import Change, Seen, Written, current_writer
from tests.factories.apps import TurnableClock
from tests.factories.old_system import FILES, MAPPING, plan_of

REP = Actor("0192f0c8-0000-7000-8000-000000000001", Role.REP, None, "zh-Hant")


@dataclass
class Office:
    """An operator who imports, and a rep who works meanwhile."""

    clock: TurnableClock
    importing: Importing = field(
        default_factory=lambda: Importing(db.session(), current_writer(), OPERATOR, kinds_of(current_registry()))
    )

    @property
    def session(self) -> Session:
        return self.importing.session

    def plan(self, text_: str = MAPPING, **changed: str) -> tuple[Plan, str]:
        files = FILES | {f"{name}.csv": content for name, content in changed.items()}
        plan = plan_of(text_, **changed)
        assert plan.problems == ()
        return plan, fingerprint(text_.encode(), {name: content.encode() for name, content in files.items()})

    def run(self, **changed: str) -> Outcome:
        """Import the sample, with some files' text replaced."""
        plan, mark = self.plan(**changed)
        return self.importing.write(plan, mark, "公司", self.clock())

    def undo(self, plan_id: str) -> Undone:
        return undoing.undo(self.importing, plan_id, self.clock())

    def pk(self, entity: str, key: str) -> str:
        """The id of a sample row; `patch` stands for a person's own territory."""
        kind = "patch" if entity == "patch" else None
        drafts = [draft for unit in self.plan()[0].units for draft in unit]
        wanted = "territory" if kind else entity
        (found,) = [
            draft.pk
            for draft in drafts
            if (draft.entity, draft.key) == (wanted, key) and (kind is None or draft.fields["kind"] == kind)
        ]
        return found

    def seen(self, entity: str, key: str) -> Seen:
        pk = self.pk(entity, key)
        entity = "territory" if entity == "patch" else entity
        return self.importing.writer.read(entity, [pk])[pk]

    def row(self, entity: str, key: str) -> Mapping[str, Any]:
        return self.seen(entity, key).fields

    def edit(self, entity: str, key: str, actor: Actor = REP, **fields: Any) -> Written:
        """Somebody changes an imported row as it stands."""
        pk = self.pk(entity, key)
        entity = "territory" if entity == "patch" else entity
        rev = self.importing.writer.read(entity, [pk])[pk].rev
        return self.submit(Change(entity, pk, "patch", fields, rev), actor)

    def submit(self, change: Change, actor: Actor = REP) -> Written:
        (written,) = self.importing.writer.submit(actor, [change], writer="phone")
        assert written.code is None
        return written

    def add(self, entity: str, **fields: Any) -> str:
        """A rep makes a row."""
        pk = new_id()
        self.submit(Change(entity, pk, "create", fields))
        return pk

    def count(self, sql: str) -> int:
        with reading(self.session) as session:
            return session.execute(text(sql)).scalar_one()

    @property
    def log_rows(self) -> int:
        return self.count("SELECT count(*) FROM change_log")

    @property
    def conflicts(self) -> int:
        return self.count("SELECT count(*) FROM synced_row WHERE entity = 'conflict'")

    @property
    def conflict(self) -> str:
        """The body of the only conflict."""
        with reading(self.session) as session:
            body = session.execute(text("SELECT body FROM synced_row WHERE entity = 'conflict'")).scalar_one()
        return bytes(body).decode()


@pytest.fixture
def office(app: Flask, clock: TurnableClock) -> Generator[Office]:
    with app.app_context():
        yield Office(clock)
