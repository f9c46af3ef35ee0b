"""What the tests of a device whose access is ended share: a phone with a drain key, and what it delivers."""

import json
import os
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from server.auth import services as auth
from server.auth.sessions import Device, hash_token
from server.errors import DomainError
from server.replication import drain, framing
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.db import writing
from sync.wire.push import PushReply
from tests.contract.world import Phone, World
from tests.factories.apps import PASSWORD

DRAINED = ("parked", "drained")
P = TypeVar("P", bound=Phone)


@dataclass
class Keyed(Phone):
    """A phone that signed in and has a key; `is_barred` sends by it, as a client does when it is refused."""

    login: str = ""
    key: str = ""
    session_id: str = ""
    is_barred: bool = False

    def sign_in(self) -> None:
        """Sign in as `login`, and register the key."""
        with Session(self.world.engine) as session:
            done = auth.sign_in(session, self.login, PASSWORD, Device(self.person, "Phone"), moment(self.world))
            assert done
            self.session_id = done.device.id
        self.register()

    def register(self) -> None:
        """Tell the server the key's hash."""
        actor = Actor(self.person, Role.REP, self.session_id, "en")
        drain.register(self.world.place, actor, self.id, hash_token(self.key))

    def revoke(self) -> None:
        """Somebody ends this phone's session."""
        with Session(self.world.engine) as session, writing(session):
            auth.revoke_device(session, OPERATOR, self.session_id, moment(self.world))
        self.is_barred = True

    def disable(self) -> None:
        """The person leaves: no session, no grants."""
        with Session(self.world.engine) as session, writing(session):
            auth.disable_user(session, OPERATOR, self.login, moment(self.world))
        self.world.strip(self.person)
        self.is_barred = True

    def ask_push(self, body: bytes) -> PushReply:
        """By the session, or by the key."""
        if not self.is_barred:
            return super().ask_push(body)
        key = drain.admit(self.world.place, self.key)
        header, items = framing.read_push(body, self.world.now)
        return drain.drain(self.world.place, key, header, items, self.seq)


def moment(world: World) -> datetime:
    return datetime.fromtimestamp(world.tick() / 1000, UTC)


def keyed(world: World, *territories: str) -> Keyed:
    """Somebody with a login, who works in these territories."""
    person = world.person(*territories)
    login = f"rep-{person}"
    with Session(world.engine) as session, writing(session):
        auth.create_user(
            session, OPERATOR, moment(world), login=login, name="Wang", role=Role.REP, password=PASSWORD, id=person
        )
    phone = Keyed(world, person, login=login, key=os.urandom(32).hex())
    phone.sign_in()
    phone.pull()
    return phone


def codes(phone: Phone) -> list[tuple[str, str | None]]:
    return [(receipt.status, receipt.code) for receipt in phone.send()]


def refusal(phone: Phone) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        phone.send()
    return refused.value.status, refused.value.code


def copied(phone: P) -> P:
    """The same profile on a second machine."""
    parts = {name: copy(value) for name, value in vars(phone).items() if isinstance(value, list | dict)}
    return replace(phone, **parts)


def forked(phone: Phone) -> None:
    """The server finds that this is another outbox than the one that it knows under the id."""
    fork = phone.push().fork
    assert fork
    phone.fork(fork.last_equal_seq)


def held_by(phone: Phone) -> list[str]:
    """The names that what waits for a successor carries."""
    phone.pull()
    return sorted(json.loads(row["mutation"])["patch"]["name"] for row in phone.all("parked"))


def drained(leaver: Keyed) -> str:
    """A thing of which the server knows the name; an edit of it is delivered after its author's access ended."""
    pk = leaver.create("thing", name="a")
    leaver.send()
    leaver.pull()
    leaver.patch("thing", pk, phone="1")
    leaver.disable()
    leaver.send()
    return pk
