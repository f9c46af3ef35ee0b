"""What the tests under fire share: an API on one database, and a rep who is signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from server.shared.db import db, writing
from server.shared.scope import own_scopes, set_grants
from tests.factories.apps import Browser, new_browser


@pytest.fixture
def backend() -> str:
    """What is refused is refused before the database; what differs between databases has its tests elsewhere."""
    return "sqlite"


@pytest.fixture
def rep(app: Flask, add_person: Callable[..., str]) -> Browser:
    """A signed-in device of somebody who may see their own rows."""
    person = add_person("mei")
    with app.app_context(), writing(db.session()) as session:
        set_grants(session, {person: own_scopes(person)}, 1)
    browser = new_browser(app)
    browser.sign_in("mei")
    return browser
