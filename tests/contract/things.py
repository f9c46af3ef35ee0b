"""Entities that exist only in tests: a field of every policy, children, and a class of secrets."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import BigInteger, CheckConstraint, Column, MetaData, String, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.shared import bounds
from server.shared.actor import Actor, Role
from server.shared.db import is_sqlite
from server.shared.registry import Fields, Lookup, ProjectedRow, Proposal, Registry, SyncedEntity
from server.shared.scope import EVERYONE, territory_scope
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec, Invariant, Root

METADATA = MetaData()
THINGS = Table(
    "contract_things",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), CheckConstraint("name <> 'broken in the database'")),
    Column("amount", BigInteger),
)
HOMES: dict[str, str] = {}
"""Person -> the territory in which a thing of theirs is born."""


class ThingProjection:
    """A typed table, so that a feature's own constraints can fail."""

    def upsert(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """Write the rows."""
        insert = (sqlite if is_sqlite(session) else postgresql).insert(THINGS)
        news = {"name": insert.excluded.name, "amount": insert.excluded.amount}
        values = [{"id": r.pk, "name": r.fields.get("name"), "amount": r.fields.get("amount")} for r in rows]
        statement = insert.on_conflict_do_update(index_elements=["id"], set_=news)
        session.connection().execute(statement, values)

    def remove(self, session: Session, pks: Sequence[str]) -> None:
        """Forget the rows."""
        session.execute(delete(THINGS).where(THINGS.c.id.in_(pks)))

    def differing(self, session: Session, rows: Sequence[ProjectedRow]) -> list[str]:
        """The pks of those that are not what `upsert` would write."""
        found = session.execute(select(THINGS).where(THINGS.c.id.in_([row.pk for row in rows])))
        held = {pk: (name, amount) for pk, name, amount in found}
        return [r.pk for r in rows if held.get(r.pk) != (r.fields.get("name"), r.fields.get("amount"))]

    def count(self, session: Session) -> int:
        """How many rows there are."""
        return session.scalar(select(func.count()).select_from(THINGS)) or 0


def scope_of(values: Fields, _lookup: Lookup) -> str:
    """A thing lives in its territory."""
    territory = values.get("territory_id")
    return territory_scope(territory) if territory else EVERYONE


def derive_thing(proposal: Proposal, _lookup: Lookup, actor: Actor) -> Fields:
    """A new thing belongs to its author's home; its name is folded."""
    home = proposal.after.get("territory_id") or HOMES.get(actor.person_id)
    return {"territory_id": home, "fold": str(proposal.after.get("name", "")).lower()}


def check_thing(proposal: Proposal, lookup: Lookup, _actor: Actor) -> Park | None:
    """Some names are refused, one of them by falling over."""
    if proposal.after.get("name") == "boom":
        raise RuntimeError("this hook has a bug")
    if proposal.after.get("name") == "forbidden":
        return Park("forbidden", ("name",))
    twin = proposal.after.get("parent_id")
    if twin and proposal.patch.get("parent_id") and lookup.row("thing", twin) is None:
        return Park("invalid_value", ("parent_id",))
    return None


def check_note(proposal: Proposal, _lookup: Lookup, actor: Actor) -> Park | None:
    """Some words are for managers alone."""
    is_barred = proposal.after.get("text") == "for managers" and actor.role is not Role.MANAGER
    return Park("forbidden", ("text",)) if is_barred else None


def approve(values: Fields, patch: Fields, _lookup: Lookup, _actor: Actor) -> Fields | Park:
    """The smallest state machine: draft to approved."""
    if values.get("stage", "draft") != patch.get("expected_state"):
        return Park("illegal_transition", ("expected_state",))
    return {"stage": "approved"}


def count_logs(root: Fields, proposal: Proposal, _lookup: Lookup) -> Fields:
    """A root knows how many logs it has."""
    return {"log_count": root.get("log_count", 0) + (1 if proposal.op == "create" else 0)}


class ThingSchema(Schema):
    """Client-writable fields."""

    name = bounds.line(required=True)
    phone = bounds.line()
    terms = bounds.line()
    tags = bounds.several(bounds.line(40))
    count = fields.Integer(strict=True)
    notes = bounds.prose()
    amount = bounds.whole(0, 10**12)
    currency = bounds.line(3)
    start_on = bounds.day()
    end_on = bounds.day()
    parent_id = bounds.uuid()


class NoteSchema(Schema):
    """Client-writable fields."""

    thing_id = bounds.uuid(required=True)
    text = bounds.line()
    about_id = bounds.uuid()


class LogSchema(Schema):
    """Client-writable fields."""

    thing_id = bounds.uuid(required=True)
    said = bounds.line()


class PhotoSchema(Schema):
    """Client-writable fields."""

    thing_id = bounds.uuid(required=True)
    sha256 = bounds.sha256()
    more = bounds.several(bounds.sha256())


THING = EntitySpec(
    name="thing",
    fields=(
        FieldSpec("name", "register"),
        FieldSpec("phone", "register"),
        FieldSpec("terms", "ask"),
        FieldSpec("tags", "set"),
        FieldSpec("count", "counter"),
        FieldSpec("notes", "text"),
        FieldSpec("amount", "register", "price"),
        FieldSpec("currency", "register", "price"),
        FieldSpec("start_on", "register"),
        FieldSpec("end_on", "register"),
        FieldSpec("parent_id", "register"),
    ),
    server_fields=("territory_id", "fold", "stage", "log_count", "plan_id"),
    invariants=(Invariant("ordered", ("start_on", "end_on")), Invariant("acyclic", ("parent_id",))),
)
NOTE = EntitySpec(
    name="thing_note",
    root=Root("thing_id", "thing"),
    fields=(
        FieldSpec("thing_id", "register"),
        FieldSpec("text", "register"),
        FieldSpec("about_id", "register"),
    ),
    references={"about_id": "thing_note"},
)
LOG = EntitySpec(
    name="thing_log",
    root=Root("thing_id", "thing"),
    fields=(FieldSpec("thing_id", "append"), FieldSpec("said", "append")),
    append=True,
)
SECRET = EntitySpec(
    name="thing_secret",
    root=Root("thing_id", "thing"),
    fields=(FieldSpec("thing_id", "register"), FieldSpec("text", "register")),
)

PHOTO = EntitySpec(
    name="thing_photo",
    root=Root("thing_id", "thing"),
    fields=(FieldSpec("thing_id", "register"), FieldSpec("sha256", "register"), FieldSpec("more", "register")),
    blobs=("sha256", "more"),
)


def make_registry() -> Registry:
    """The test's kinds of rows."""
    return Registry(
        [
            SyncedEntity(
                THING,
                ThingSchema,
                scope=scope_of,
                project=ThingProjection(),
                check=check_thing,
                derive=derive_thing,
                commands={"approve": approve},
                is_person=True,
            ),
            SyncedEntity(NOTE, NoteSchema, check=check_note, is_person=True),
            SyncedEntity(LOG, LogSchema, rollup=count_logs),
            SyncedEntity(PHOTO, PhotoSchema),
            SyncedEntity(SECRET, NoteSchema, scope_class="secret"),
        ]
    )


def plain(value: Any) -> Any:
    """A value as JSON gives it back: tuples are lists."""
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
