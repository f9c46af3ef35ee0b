"""The door for devices whose access was ended: what opens it, what it lets in, and what it never lets out."""

import json
import logging
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from server.auth.sessions import hash_token
from server.features.people.cli import user
from server.operations.cli import check_command
from server.replication.cli import device
from tests.factories.apps import Browser, new_browser
from tests.integration.test_sync_http import DEVICE, NDJSON, PULL, body, code, envelope, header

KEY = "5e" * 32
LINE = b'{"secret": "what was typed"}'
DRAIN = "/sync/v1/drain?enqueued_through=2"


@pytest.fixture
def lost(rep: Browser) -> Browser:
    """A device with a key whose person was disabled, and whose cookie the browser still sends."""
    assert rep.post("/sync/v1/drain-key", json={"device": DEVICE, "key_hash": hash_token(KEY)}).status_code == 204
    run(rep.application, user, "disable", "mei")
    return rep


def run(app: Flask, command: click.Command, *args: str) -> str:
    """What an operator's command says; it must succeed."""
    with app.app_context():
        done = CliRunner().invoke(command, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def deliver(browser: Browser, key: str | None = KEY, **more: Any) -> Any:
    headers = {"X-Baifang-Drain": key} | more.pop("headers", {})
    return browser.post(DRAIN, data=body(header(**more), envelope(LINE), LINE), headers=headers, **NDJSON)


def test_what_a_disabled_person_had_typed_arrives_without_a_cookie(app: Flask, lost: Browser) -> None:
    assert code(lost.get("/sync/v1/head")) == (401, "device_revoked")
    stranger = new_browser(app)
    answer = deliver(stranger)
    assert answer.status_code == 200
    [receipt] = answer.json["receipts"]
    assert (receipt["status"], receipt["code"], receipt["conflicts"]) == ("parked", "drained", [])
    assert "Set-Cookie" not in answer.headers
    assert deliver(stranger).json["receipts"][0]["status"] == "duplicate"


def test_a_key_pulls_nothing(app: Flask, lost: Browser) -> None:
    browser, headers = new_browser(app), {"X-Baifang-Drain": KEY, "Authorization": f"Bearer {KEY}"}
    browser.set_cookie("__Host-baifang", KEY, domain="baifang.test", secure=True)
    for path in ("head", "snapshot?scope=everyone"):
        assert code(browser.get(f"/sync/v1/{path}", headers=headers)) == (401, "session_required")
    assert code(browser.post("/sync/v1/pull", json=PULL, headers=headers)) == (401, "session_required")
    assert code(browser.post("/sync/v1/push", data=body(header()), headers=headers, **NDJSON)) == (
        401,
        "session_required",
    )


def test_the_door_is_closed_while_the_person_may_sign_in(rep: Browser) -> None:
    rep.post("/sync/v1/drain-key", json={"device": DEVICE, "key_hash": hash_token(KEY)})
    assert code(deliver(rep)) == (403, "drain_not_due")


@pytest.mark.parametrize("key", [None, "", "5e" * 31, hash_token(KEY)])
def test_a_cookie_does_not_stand_in_for_the_key(lost: Browser, key: str | None) -> None:
    assert code(deliver(lost, key)) == (401, "drain_refused")


def test_other_sites_cannot_ask(lost: Browser) -> None:
    assert code(deliver(lost, headers={"X-Baifang": None})) == (403, "header_required")
    assert code(deliver(lost, headers={"Origin": "https://elsewhere.test"})) == (403, "foreign_origin")


def test_a_key_is_given_only_to_who_is_signed_in_and_only_as_a_hash(client: Browser, rep: Browser) -> None:
    form = {"device": DEVICE, "key_hash": hash_token(KEY)}
    assert code(client.post("/sync/v1/drain-key", json=form)) == (401, "session_required")
    assert rep.post("/sync/v1/drain-key", json=form | {"key_hash": "short"}).status_code == 422


def test_deliveries_are_limited(make_app: Callable[..., Flask]) -> None:
    browser = new_browser(make_app(drain_limit_per_address="2 per minute"))
    answers = [deliver(browser) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_neither_the_key_nor_what_it_brings_is_logged(
    app: Flask, lost: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        deliver(lost)
    told = json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert "drained" in told
    for secret in (KEY, hash_token(KEY), "what was typed"):
        assert secret not in told


def test_an_operator_gives_up_what_a_barred_device_holds(app: Flask, lost: Browser) -> None:
    deliver(lost)
    assert f"outbox\t{DEVICE}\t1 received\t1 known unsent" in run(app, device, "list", "mei")
    assert "with 1 changes not sent" in run(app, device, "destroy", "mei", DEVICE, "--yes")
    assert code(deliver(lost)) == (410, "outbox_destroyed")
    assert "destroyed by" in run(app, device, "list", "mei")
    told = run(app, check_command)
    assert f"Outbox {DEVICE}" in told
    assert "No damage found." in told


def test_an_operator_revokes_a_device(app: Flask, rep: Browser) -> None:
    session = rep.get("/auth/v1/session").json["device"]["id"]
    assert f"session\t{session}\tPhone" in run(app, device, "list", "mei")
    run(app, device, "revoke", session)
    assert code(rep.get("/auth/v1/session")) == (401, "device_revoked")
