"""Every door of the API, opened with whatever its description allows and forbids: it answers as described."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from server.shared.ids import new_id
from tests.factories.apps import Browser

DOORS = [
    "DELETE /auth/v1/devices/{session_id}",
    "DELETE /reminders/v1/push",
    "GET /auth/v1/devices",
    "GET /auth/v1/session",
    "GET /health",
    "GET /health/ready",
    "GET /metrics",
    "GET /reminders/v1/push",
    "GET /sync/v1/blobs/{sha256}",
    "GET /sync/v1/head",
    "GET /sync/v1/snapshot",
    "HEAD /sync/v1/blobs/uploads/{upload}",
    "PATCH /sync/v1/blobs/uploads/{upload}",
    "POST /auth/v1/password",
    "POST /auth/v1/sign-in",
    "POST /auth/v1/sign-out",
    "POST /reminders/v1/push/test",
    "POST /sync/v1/blobs",
    "POST /sync/v1/drain",
    "POST /sync/v1/drain-key",
    "POST /sync/v1/pull",
    "POST /sync/v1/push",
    "POST /sync/v1/verify",
    "PUT /reminders/v1/push",
]
ASK_NOTHING = {
    *("GET /auth/v1/session", "GET /health", "GET /health/ready", "GET /metrics", "POST /auth/v1/sign-out"),
    *("GET /reminders/v1/push", "DELETE /reminders/v1/push", "POST /reminders/v1/push/test"),
}
"""Doors to which nothing wrong can be said."""
SHOTS = [(door, mode) for door in DOORS for mode in GenerationMode if mode.is_positive or door not in ASK_NOTHING]
HEADERS = {"X-Baifang": "1"}
PLACE = re.compile(r"<\w+(?:\([^)]*\))?:(\w+)>")
"""A part of an address as Flask writes it."""
OURS = {
    "headers": HEADERS,
    "base_url": "http://localhost",
    # Ids, cursors and tokens are made by devices and by us: no generator can guess one that is right.
    # Nor does it see that the session is ours; who has none is tried below.
    "excluded_checks": [positive_data_acceptance, ignored_auth],
}
FIRE = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


@schemathesis.serializer("application/x-ndjson")
def as_line(_context: Any, value: Any) -> bytes:
    """A push without mutations: its header alone."""
    return json.dumps(value).encode() + b"\n"


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: Any, value: Any) -> bytes:
    """A chunk is its bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app whose limits do not end the fire."""
    names = ("sign_in_limit_per_account", "sign_in_limit_per_address", "drain_limit_per_address")
    return make_app(**dict.fromkeys(names, "1000000 per minute"))


@pytest.fixture
def api(app: Flask) -> Any:
    found = schemathesis.openapi.from_wsgi("/openapi.json", app)
    found.config.generation.update(with_security_parameters=False)  # we sign in ourselves
    return found


def labels(api: Any) -> list[str]:
    return sorted(found.ok().label for found in api.get_all_operations())


def test_every_address_of_the_server_is_described(app: Flask, api: Any) -> None:
    assert labels(api) == DOORS
    rules = {rule.rule for rule in app.url_map.iter_rules()} - {"/", "/<path:path>", "/openapi.json"}
    assert {PLACE.sub(r"{\1}", rule) for rule in rules} == set(api.raw_schema["paths"])


@pytest.mark.parametrize(("door", "mode"), SHOTS)
def test_a_door_answers_as_described(api: Any, rep: Browser, door: str, mode: GenerationMode) -> None:
    operation = api.find_operation_by_label(door)
    cookies, statuses = cookies_of(rep), set[int]()

    @FIRE
    @given(case=operation.as_strategy(generation_mode=mode))
    def fire(case: Any) -> None:
        statuses.add(case.call_and_validate(cookies=cookies, **OURS).status_code)

    fire()
    assert statuses != {401} or door in ("POST /auth/v1/sign-in", "POST /sync/v1/drain")


def test_every_door_that_is_described_as_locked_is(api: Any, rep: Browser) -> None:
    rep.delete_cookie("__Host-baifang", domain="baifang.test")
    locked = [door for door in DOORS if "security" not in api.find_operation_by_label(door).definition.raw]
    assert len(locked) == 18
    for door in locked:
        method, path = door.split()
        is_key = path.endswith("drain-key")
        form = {"device": new_id(), "key_hash": "0" * 64} if is_key else {"current": "x", "new": "x"}
        options = {"json": form} if method == "POST" else {}
        if method == "PUT" and path.endswith("push"):
            options = {"json": {"endpoint": "https://push.example/x", "p256dh": "A" * 87, "auth": "A" * 22}}
        if method == "PATCH":
            options = {"headers": {"Upload-Offset": "0", "Upload-Checksum": "x"}}
        address = re.sub(r"{\w+}", lambda place: "0" * 64 if "sha" in place[0] else new_id(), path) + "?scope=x"
        assert rep.open(address, method=method, **options).status_code == 401, door


def test_doors_that_lead_to_one_another_answer_as_described(api: Any, rep: Browser) -> None:
    cookies, walked = cookies_of(rep), set[str]()

    class Walk(api.as_state_machine()):  # pyright: ignore[reportUntypedBaseClass]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"cookies": cookies, "headers": HEADERS, "base_url": OURS["base_url"]}

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            case.validate_response(response, excluded_checks=OURS["excluded_checks"])

        def after_call(self, response: Any, case: Any) -> None:
            walked.add(f"{case.operation.label} {response.status_code}")

    Walk.run(settings=settings(FIRE, max_examples=60, stateful_step_count=5))
    assert "DELETE /auth/v1/devices/{session_id} 204" in walked, walked


def cookies_of(browser: Browser) -> dict[str, str]:
    cookie = browser.get_cookie("__Host-baifang", domain="baifang.test")
    assert cookie
    return {"__Host-baifang": cookie.value}
