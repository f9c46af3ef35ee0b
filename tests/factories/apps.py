"""An app over a fresh database, a browser for it, people to sign in, and a clock to turn."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import create_app
from server.auth import passwords, services
from server.settings import Settings, load_settings
from server.shared.actor import OPERATOR, Role
from server.shared.db import db, writing
from server.shared.scope import own_scopes, set_grants

ORIGIN = "https://baifang.test"
PASSWORD = "correct horse battery"
CURSOR_KEY = bytes(range(32)).hex()


@dataclass
class TurnableClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **amount: float) -> None:
        """Move forward, as in `advance(days=3)`."""
        self.moment += timedelta(**amount)


class Browser(FlaskClient):
    """A client that behaves like the app: our header, our origin, its own cookies."""

    device_id = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; `headers` add to ours, and a header of None leaves ours out."""
        settings: Settings = self.application.extensions["baifang.settings"]
        headers = {"X-Baifang": "1", "Accept-Language": "en"} | dict(kwargs.pop("headers", {}))
        kwargs["headers"] = {name: value for name, value in headers.items() if value is not None}
        kwargs.setdefault("base_url", settings.public_origin)
        return super().open(*args, **kwargs)

    def sign_in(self, login: str, password: str = PASSWORD, **form: str) -> TestResponse:
        """Sign this device in."""
        self.device_id = form.setdefault("device_id", self.device_id or str(uuid4()))
        form.setdefault("device_name", "Phone")
        return self.post("/auth/v1/sign-in", json={"login": login, "password": password, **form})


def make_settings(**overrides: Any) -> Settings:
    """Settings for a test, untouched by the environment."""
    values = {"environment": "test", "public_origin": ORIGIN, "cursor_key": CURSOR_KEY}
    return load_settings({}, **(values | overrides))


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> None:
    """Hash passwords fast; what production uses is asserted in tests/unit/test_passwords.py."""
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def clock() -> TurnableClock:
    """The app's clock."""
    return TurnableClock()


@pytest.fixture
def make_app(database_url: str, clock: TurnableClock, tmp_path: Path) -> Generator[Callable[..., Flask]]:
    """Makes apps over the test's database, with other settings where wanted."""
    apps: list[Flask] = []

    def make(**overrides: Any) -> Flask:
        values = {"database_url": database_url, "data_dir": str(tmp_path / "var")}
        app = create_app(make_settings(**(values | overrides)), clock)
        app.test_client_class = Browser
        app.testing = True
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app over a fresh database, once on each backend."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A device that has not signed in."""
    return new_browser(app)


def new_browser(app: Flask) -> Browser:
    """One more device."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def add_person(app: Flask, clock: TurnableClock) -> Callable[..., str]:
    """Creates a login with PASSWORD and returns the person's id."""

    def add(login: str, role: Role = Role.REP, **fields: Any) -> str:
        fields = {"name": login.title(), "password": PASSWORD} | fields
        with app.app_context(), writing(db.session()) as session:
            return services.create_user(session, OPERATOR, clock(), login=login, role=role, **fields).id

    return add


@pytest.fixture
def rep(app: Flask, add_person: Callable[..., str]) -> Browser:
    """A signed-in device of somebody who may see their own rows."""
    person = add_person("mei")
    with app.app_context(), writing(db.session()) as session:
        set_grants(session, {person: own_scopes(person)}, 1)
    browser = new_browser(app)
    browser.sign_in("mei")
    return browser
