"""An office whose photos lie in a bucket: sent, fetched, erased, backed up and brought back, also past an outage."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from server.errors import DomainError
from server.operations import cli as operations
from server.replication.blobs.bucket import Bucket
from server.replication.blobs.endpoints import shelf
from server.shared.actor import OPERATOR
from server.shared.db import db, writing
from server.shared.scope import own_scopes, set_grants, territory_scope
from server.shared.writer import Change, current_writer
from tests.factories.apps import Browser, new_browser
from tests.factories.objects import ObjectStore
from tests.integration.test_blobs_http import BLOBS, NAME, PATCH, PHOTO, announce, attachment, code, give, ident
from tests.integration.test_sync_http import PULL

DOWN = (503, "blobs_unavailable")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One is enough: stores and databases know nothing of each other."""
    return sqlite_url


@pytest.fixture
def app(make_app: Callable[..., Flask], frail_store: ObjectStore) -> Flask:
    frail_store.start()
    return make_app(**frail_store.settings())


@pytest.fixture
def operate(app: Flask) -> Callable[..., str]:
    """Runs an operator's command and returns what it says."""

    def run(command: Any, *words: object) -> str:
        with app.app_context():
            done = CliRunner().invoke(command, [str(word) for word in words], obj=app, catch_exceptions=False)
            db.session.remove()
        assert done.exit_code == 0, done.output
        return done.output

    return run


@pytest.fixture
def rep(app: Flask, add_person: Callable[..., str]) -> Browser:
    """Somebody signed in who has a customer, and a visit to show photos in."""
    person = add_person("mei")
    fields: list[tuple[str, dict[str, Any]]] = [
        ("customer", {"name": "宏晟", "territory_id": PATCH}),
        ("interaction", {"customer_id": ident(1), "channel": "visit", "started_at": 1}),
        ("attachment", attachment()),
    ]
    with app.app_context():
        with writing(db.session()) as session:
            set_grants(session, {person: own_scopes(person) | {territory_scope(PATCH)}}, 1)
        for number, (entity, values) in enumerate(fields, 1):
            author = replace(OPERATOR, person_id=person) if entity == "attachment" else OPERATOR
            [written] = current_writer().submit(author, [Change(entity, ident(number), "create", values)])
            assert written.code is None
    browser = new_browser(app)
    browser.sign_in("mei")
    return browser


def kept(app: Flask) -> list[str]:
    with app.app_context():
        assert isinstance(shelf().store, Bucket)
        return [key.partition(".")[0] for key, _ in shelf().store.listing()]


def send(rep: Browser) -> None:
    """In two parts, cut between them: the device knows nothing of the first any more."""
    assert give(rep, announce(rep).get_json()["upload"], 0, PHOTO[:1_000]).status_code == 200
    begun = announce(rep).get_json()
    assert begun["offset"] == 1_000
    assert give(rep, begun["upload"], 1_000, PHOTO[1_000:]).get_json()["state"] == "complete"


def test_a_photo_survives_cuts_outages_and_the_loss_of_the_bucket_and_no_erasure(
    app: Flask, rep: Browser, frail_store: ObjectStore, operate: Callable[..., str], tmp_path: Path
) -> None:
    frail_store.stop()
    refused = give(rep, announce(rep).get_json()["upload"], 0, PHOTO[:1_000])
    assert (code(refused), refused.headers["Retry-After"]) == (DOWN, "5")
    frail_store.start()
    send(rep)
    assert kept(app) == [f"{NAME[:2]}/{NAME}"]
    assert rep.get(f"{BLOBS}/{NAME}").data == PHOTO
    rest = rep.get(f"{BLOBS}/{NAME}", headers={"Range": "bytes=1000-"})
    assert (rest.status_code, rest.data) == (206, PHOTO[1_000:])
    assert "No damage" in operate(operations.check_command)
    operate(operations.backup_command, "--to", tmp_path / "backups")

    frail_store.stop()
    assert code(rep.get(f"{BLOBS}/{NAME}")) == DOWN
    assert code(announce(rep)) == DOWN
    with pytest.raises(DomainError, match="blobs_unavailable"):  # which `main` says in a sentence
        operate(operations.check_command)
    assert rep.post("/sync/v1/pull", json=PULL).status_code == 200  # what is written goes on
    frail_store.start()
    assert kept(app) == []  # moto keeps nothing: as if the bucket was lost
    assert code(rep.get(f"{BLOBS}/{NAME}")) == (404, "blob_on_its_way")
    [backup] = (tmp_path / "backups").glob("*.backup")
    assert "not beside the backup" not in operate(operations.restore_command, backup, "--replace")
    rep.sign_in("mei")
    assert rep.get(f"{BLOBS}/{NAME}").data == PHOTO

    operate(operations.erase_command, "customer", ident(1), "--yes")
    assert kept(app) == []
    assert code(rep.get(f"{BLOBS}/{NAME}")) == (404, "not_found")
    assert "Gone: 0 blobs" in operate(operations.sweep_command)
