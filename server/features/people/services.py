"""What can be done with people: their rows, and their logins, which `auth` keeps."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth import services as auth
from server.features.people import errors
from server.features.people.models import Person
from server.shared.actor import Actor, Role
from server.shared.db import writing
from server.shared.differing import differing, write
from server.shared.ids import new_id
from server.shared.writer import Writer


@dataclass(frozen=True)
class Facts:
    """A colleague; one with reports sees what they see. A login is not needed to be one."""

    id: str
    name: str
    role: Role
    manager_id: str | None = None
    title: str | None = None
    is_active: bool = True


def all_people(session: Session) -> list[Facts]:
    """Everybody, disabled ones too, by name."""
    rows = session.scalars(select(Person).order_by(Person.name, Person.id))
    return [_facts(row) for row in rows]


def find_person(session: Session, text: str) -> Facts:
    """The one person of this id, login or exact name; raises unknown_name or ambiguous_name."""
    ids = {text, auth.find_id(session, text)}
    found = [one for one in all_people(session) if one.id in ids or one.name == text]
    if len(found) != 1:
        raise errors.ambiguous(text) if found else errors.unknown(text)
    return found[0]


def save(writer: Writer, actor: Actor, people: Iterable[Facts], plan_id: str | None = None) -> int:
    """Write the rows of these people where they differ; returns how many did."""
    auth.must_be_admin(actor)
    changes = differing(writer, "person", {one.id: _fields(one) for one in people})
    write(writer, actor, changes, plan_id)
    return len(changes)


def invite(session: Session, writer: Writer, actor: Actor, now: datetime, login: str, person: Facts) -> str:
    """Give a person a login, and a row if there is none yet; returns the temporary password."""
    with writing(session):
        names: dict[str, Any] = {"login": login, "name": person.name, "role": person.role}
        _, password = auth.invite(session, actor, now, id=person.id, **names)
    save(writer, actor, [person])
    return password


def set_active(session: Session, writer: Writer, actor: Actor, now: datetime, login: str, is_active: bool) -> Facts:
    """Bar a person, ending every session at once, or let them in again."""
    with writing(session):
        change = auth.enable_user if is_active else auth.disable_user
        user = change(session, actor, login, now)
    fields = {"is_active": is_active, "name": user.name, "role": user.role}
    changes = differing(writer, "person", {user.id: fields})
    write(writer, actor, changes)
    return Facts(user.id, user.name, Role(user.role), is_active=is_active)


def new_person(name: str, role: Role, manager_id: str | None, title: str | None) -> Facts:
    """Somebody who just joined."""
    return Facts(new_id(), name, role, manager_id, title)


def _fields(person: Facts) -> dict[str, Any]:
    fields = asdict(person)
    del fields["id"]
    return fields | {"role": person.role.value}


def _facts(row: Person) -> Facts:
    role = Role(row.role or Role.REP.value)
    return Facts(row.id, row.name or "", role, row.manager_id, row.title, bool(row.is_active))
