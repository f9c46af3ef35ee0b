"""A notice reaches every device that asked for it, once, by a service that really checks; both databases."""

import base64
from collections.abc import Callable, Generator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.app import what_to_do
from server.features.reminders import deliveries
from server.features.reminders.models import PushSubscription
from server.features.reminders.services import News, tell
from server.shared import working
from server.shared.actor import OPERATOR
from server.shared.clock import to_ms
from server.shared.db import reading
from server.shared.jobs import Job
from server.shared.writer import Change
from server.worker import Worker
from tests.factories.apps import PASSWORD, Browser, TurnableClock, new_browser
from tests.factories.push import MoodyService, PushService, running_moody_service, running_push_service
from tests.integration.features.conftest import Company

VAPID = {"vapid_key": bytes(range(1, 33)).hex(), "vapid_subject": "mailto:crm@baifang.tw"}
KEYS = {"p256dh": "B" + "A" * 86, "auth": "A" * 22}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Generator[PushService]:
    with running_push_service(tmp_path_factory.mktemp("push")) as running:
        yield running


@pytest.fixture
def moody() -> Generator[MoodyService]:
    with running_moody_service() as running:
        yield running


@pytest.fixture
def origin(request: pytest.FixtureRequest) -> str:
    """Of the service that the test uses."""
    names = {"service", "moody"} & set(request.fixturenames)
    return request.getfixturevalue(names.pop()).origin if names else ""


@pytest.fixture
def app(make_app: Callable[..., Flask], origin: str) -> Flask:
    return make_app(**VAPID, push_test_origin=origin)


@pytest.fixture
def company(app: Flask, clock: TurnableClock) -> Generator[Company]:
    """With a session of its own: a request would go on in one that is open around it."""
    tools: working.Tools = app.extensions[working.KEY]
    with Session(tools.engine) as session:
        yield Company(session, tools.writer, clock)


@pytest.fixture
def worker(app: Flask) -> Worker:
    return Worker(app.extensions[working.KEY], what_to_do())


def person_id(browser: Browser) -> str:
    return browser.get("/auth/v1/session").get_json()["person_id"]


def subscribe(browser: Browser, service: PushService) -> dict[str, Any]:
    given = service.subscribe(browser.get("/reminders/v1/push").get_json()["public_key"])
    form = {"endpoint": given["endpoint"], **given["keys"]}
    assert browser.put("/reminders/v1/push", json=form).status_code == 204
    return given


def remind(company: Company, browser: Browser, due_time: str = "10:00") -> str:
    """Put a notice into the inbox; its id."""
    news = News(person_id(browser), "touch", to_ms(company.clock()), "2026-11-22", due_time)
    tell(company.writer, [news])
    return news.pk


def work(worker: Worker) -> None:
    while worker.step():
        pass


def state(browser: Browser) -> dict[str, Any] | None:
    return browser.get("/reminders/v1/push").get_json()["subscription"]


def test_a_notice_arrives_sealed_for_the_device_and_names_nobody(
    company: Company, rep: Browser, worker: Worker, service: PushService
) -> None:
    given = subscribe(rep, service)
    notice = remind(company, rep)
    work(worker)
    work(worker)
    [message] = service.messages(given)
    shown = message["notification"]
    assert (message["web_push"], shown["tag"]) == (8030, notice)
    assert shown["navigate"] == f"https://baifang.test/inbox?open={notice}"
    assert (shown["title"], shown["body"]) == ("待會有一個約", "打開看是哪一位")
    found = state(rep)
    assert found is not None
    assert (found["succeeded_at"], found["error"]) == (to_ms(company.clock()), None)


def test_each_device_gets_it_once_and_one_that_signed_out_does_not(
    company: Company, app: Flask, rep: Browser, worker: Worker, service: PushService
) -> None:
    tablet, left = new_browser(app), new_browser(app)
    for browser in (tablet, left):
        browser.sign_in("mei")
    given = [subscribe(browser, service) for browser in (rep, tablet, left)]
    left.post("/auth/v1/sign-out")
    remind(company, rep)
    work(worker)
    assert [len(service.messages(one)) for one in given] == [1, 1, 0]


def test_a_subscription_that_is_gone_is_forgotten(
    company: Company, rep: Browser, worker: Worker, service: PushService
) -> None:
    service.expire(subscribe(rep, service))
    remind(company, rep)
    work(worker)
    assert state(rep) is None


def test_what_was_read_meanwhile_is_not_sent(
    company: Company, rep: Browser, worker: Worker, service: PushService
) -> None:
    given = subscribe(rep, service)
    notice = remind(company, rep)
    rev = company.writer.read("notice", [notice])[notice].rev
    company.writer.submit(OPERATOR, [Change("notice", notice, "command", {"command": "see"}, rev)])
    work(worker)
    assert service.messages(given) == []


def test_a_worker_killed_after_sending_sends_the_same_tag_and_topic(
    company: Company, rep: Browser, worker: Worker, moody: MoodyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    rep.put("/reminders/v1/push", json={"endpoint": moody.origin + "/a", **real_keys()})
    remind(company, rep)

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    worker.step()
    with monkeypatch.context() as patch:
        patch.setattr(deliveries.subscriptions, "note", die)
        with pytest.raises(Killed):
            worker.step()
    company.clock.advance(minutes=1)
    work(worker)
    assert [one["path"] for one in moody.heard] == ["/a", "/a"]
    assert len({one["topic"] for one in moody.heard}) == 1
    assert len(moody.heard[0]["topic"]) == 32


def test_a_busy_service_is_asked_again_when_it_said(
    company: Company, rep: Browser, worker: Worker, moody: MoodyService
) -> None:
    rep.put("/reminders/v1/push", json={"endpoint": moody.origin + "/a", **real_keys()})
    remind(company, rep)
    moody.answers = [(429, {"Retry-After": "120"}), (503, {})]
    work(worker)
    now = to_ms(company.clock())
    assert pushes(company) == [now + 120_000]
    found = state(rep)
    assert found is not None
    assert (found["error"], found["failed_at"]) == ("push_busy", now)
    company.clock.advance(seconds=120)
    work(worker)
    assert pushes(company)[0] > to_ms(company.clock())
    company.clock.advance(hours=1)
    work(worker)
    assert (len(moody.heard), pushes(company)) == (3, [])


def test_a_service_that_does_not_answer_is_asked_again(
    company: Company, rep: Browser, worker: Worker, moody: MoodyService
) -> None:
    rep.put("/reminders/v1/push", json={"endpoint": moody.origin + "/a", **real_keys()})
    remind(company, rep)
    moody.answers = [(0, {})]
    work(worker)
    assert (state(rep) or {})["error"] == "push_unreachable"
    company.clock.advance(hours=1)
    work(worker)
    assert ((state(rep) or {})["error"], len(moody.heard)) == (None, 2)


def test_a_redirect_is_not_followed(company: Company, rep: Browser, worker: Worker, moody: MoodyService) -> None:
    rep.put("/reminders/v1/push", json={"endpoint": moody.origin + "/a", **real_keys()})
    remind(company, rep)
    moody.answers = [(307, {"Location": moody.origin + "/inside"})]
    work(worker)
    assert [one["path"] for one in moody.heard] == ["/a"]
    assert (state(rep) or {})["error"] == "push_refused"


def test_a_person_can_try_it_and_only_on_a_device_that_asked_for_it(
    rep: Browser, worker: Worker, service: PushService
) -> None:
    refused = rep.post("/reminders/v1/push/test")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "push_not_subscribed")
    given = subscribe(rep, service)
    for _ in range(2):
        assert rep.post("/reminders/v1/push/test").status_code == 204
    work(worker)
    assert [one["notification"]["title"] for one in service.messages(given)] == ["提醒送得到這台裝置"]


@pytest.mark.parametrize(
    "endpoint", ["https://169.254.169.254/x", "https://localhost/x", "http://fcm.googleapis.com/x"]
)
def test_an_endpoint_inside_the_network_is_refused(rep: Browser, endpoint: str) -> None:
    answer = rep.put("/reminders/v1/push", json={"endpoint": endpoint, **KEYS})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "push_endpoint_refused")


def test_keys_that_are_none_are_forgotten_when_they_are_used(company: Company, rep: Browser, worker: Worker) -> None:
    rep.put("/reminders/v1/push", json={"endpoint": "https://web.push.apple.com/a", **KEYS})
    remind(company, rep)
    work(worker)
    assert state(rep) is None


def test_who_subscribes_on_a_device_next_takes_it_over(
    app: Flask, rep: Browser, add_person: Callable[..., str], service: PushService, company: Company
) -> None:
    add_person("wang")
    other = new_browser(app)
    other.sign_in("wang", PASSWORD)
    given = subscribe(rep, service)
    other.put("/reminders/v1/push", json={"endpoint": given["endpoint"], **given["keys"]})
    assert state(rep) is None
    other.delete("/reminders/v1/push")
    with reading(company.session) as session:
        assert session.scalars(select(PushSubscription)).all() == []


def test_without_a_key_nobody_can_subscribe(make_app: Callable[..., Flask], add_person: Callable[..., str]) -> None:
    add_person("mei")
    browser = new_browser(make_app())
    browser.sign_in("mei")
    assert browser.get("/reminders/v1/push").get_json() == {"public_key": None, "subscription": None}
    refused = browser.put("/reminders/v1/push", json={"endpoint": "https://web.push.apple.com/a", **KEYS})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "push_not_set_up")


def pushes(company: Company) -> list[int]:
    with reading(company.session) as session:
        return list(session.scalars(select(Job.run_at).where(Job.kind == "push")))


def real_keys() -> dict[str, str]:
    """Keys that something can be sealed for."""
    point = derive_private_key(7, SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": base64.urlsafe_b64encode(point).rstrip(b"=").decode(), "auth": "A" * 22}
