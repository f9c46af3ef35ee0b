"""The server of a story as devices reach it: an app over one database, which may die and start anew."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch
from urllib.parse import urlencode

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.app import create_app
from server.auth import services
from server.auth.cookies import cookie_name
from server.auth.models import DeviceSession, User
from server.auth.sessions import Device as Installation
from server.auth.sessions import end_sessions, open_session
from server.replication import release
from server.replication.blobs.endpoints import SHELF
from server.replication.blobs.shelf import Shelf
from server.replication.chunks import Chunks
from server.replication.endpoints import PLACE
from server.settings import Settings
from server.shared import clock
from server.shared.actor import OPERATOR, Role
from server.shared.db import db, writing
from tests.contract import things
from tests.contract.world import World, new_id
from tests.factories.apps import PASSWORD, Browser, make_settings, new_browser
from tests.simulation.hazards import Hazards, Killed

Answer = tuple[int, bytes]


class LostError(Exception):
    """The request, or its answer, never arrived."""


@dataclass
class Server:
    """One server; `hazards` decide what befalls it, `trace` digests every request and answer."""

    settings: Settings
    hazards: Hazards
    world: World
    app: Flask
    trace: Any = field(default_factory=hashlib.sha256)

    @classmethod
    def begin(cls, url: str, folder: Path, hazards: Hazards) -> Self:
        """A server over an empty migrated database; what it writes beside lies in `folder`."""
        (folder / "app").mkdir(exist_ok=True)
        settings = make_settings(database_url=url, data_dir=str(folder / "var"), app_dir=str(folder / "app"))
        app = create_app(settings)
        engine = engine_of(app)
        things.METADATA.create_all(engine)
        hazards.watch(engine)
        server = cls(settings, hazards, World(engine, Chunks(folder / "chunks", "release")), app)
        server.serve_from(app)
        return server

    def serve_from(self, app: Flask) -> None:
        """Let this app answer, with the story's rows and the story's time."""
        app.test_client_class, app.testing = Browser, True
        app.extensions[clock.KEY] = self.moment
        self.app = app
        self.world.begin()
        app.extensions[PLACE] = self.world.place
        app.extensions[SHELF] = replace(app.extensions[SHELF], place=self.world.place)

    def restart(self) -> None:
        """As after kill -9: connections are gone, and nothing that was in memory is there."""
        self.world.engine.dispose()
        with patch.object(SQLAlchemy, "_make_engine", lambda *_: self.world.engine):  # it knows its statements already
            self.serve_from(create_app(self.settings))
        release.replay_news(self.world.place)

    def close(self) -> None:
        """Let go of the database."""
        self.world.engine.dispose()

    def moment(self) -> datetime:
        """The world's time."""
        return datetime.fromtimestamp(self.world.now / 1000, UTC)

    @property
    def shelf(self) -> Shelf:
        """Where photos are kept."""
        return self.app.extensions[SHELF]

    # People

    def add(self, login: str) -> str:
        """Somebody new; returns their id."""
        with self.app.app_context(), writing(db.session()) as session:
            return services.create_user(
                session, OPERATOR, self.moment(), login=login, name=login, password=PASSWORD, role=Role.REP
            ).id

    def signed_in(self, person: str) -> str:
        """The token of a new session, without the cost of a password."""
        with Session(self.world.engine) as session, writing(session):
            device = Installation(new_id(), "Phone")
            return open_session(session, session.get_one(User, person), device, self.moment())[1]

    def end_sessions(self, person: str, reason: str) -> None:
        """All devices of a person have to sign in again."""
        with Session(self.world.engine) as session, writing(session):
            end_sessions(session, self.moment(), reason, DeviceSession.user_id == person)

    # Answering

    def operate(self, act: Callable[[], object]) -> bool:
        """Do what the operator does; False if the server died over it."""
        try:
            with self.hazards.operating():
                act()
        except Killed:
            self.restart()
            return False
        return True

    def ask(
        self,
        token: str,
        door: str,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Answer a request; raises LostError if the server dies over it."""
        try:
            answer = self._answer(token, door, body, query or {}, headers)
        except Killed:
            self.restart()
            answer = (0, b"")
        self.trace.update(json.dumps([door, query, answer[0]]).encode() + (body or b"") + answer[1])
        if not answer[0]:
            raise LostError
        return answer

    def ask_cut(self, token: str, door: str, body: bytes, size: int, headers: Mapping[str, str] | None = None) -> None:
        """Only so much of the body arrives, and looks like all of it."""
        self.ask(token, door, body[:size], headers=headers)

    def _answer(
        self, token: str, door: str, body: bytes | None, query: Mapping[str, str], headers: Mapping[str, str] | None
    ) -> Answer:
        with self.hazards.serving() as refused:
            if refused:
                return refused, b""
            browser = new_browser(self.app)
            browser.set_cookie(cookie_name(self.settings), token, domain="baifang.test", secure=True)
            path = f"/sync/v1/{door}" + (f"?{urlencode(query)}" if query else "")
            if body is None:
                got = browser.get(path)
            elif headers:  # a piece of a photo
                got = browser.patch(path, data=body, headers=headers)
            else:
                kind = "application/x-ndjson" if door == "push" else "application/json"
                got = browser.post(path, data=body, content_type=kind)
            return got.status_code, got.get_data()


def engine_of(app: Flask) -> Engine:
    """The database of an app."""
    with app.app_context():
        return db.engine
