"""Sign-in as devices meet it, on both databases."""

from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.auth import passwords, services
from server.auth.models import AuditEvent, DeviceSession, User
from server.auth.sessions import hash_token
from server.shared.actor import OPERATOR, Role
from server.shared.db import db, writing
from tests.factories.apps import PASSWORD, Browser, TurnableClock, new_browser


def code(answer) -> str:
    return answer.json["error"]["code"]


def test_a_person_signs_in_and_sees_who_they_are(client: Browser, add_person):
    person_id = add_person("wang", name="王小明", role=Role.MANAGER)
    answer = client.sign_in("wang", device_name="小米 13")
    assert answer.status_code == 200
    shown = client.get("/auth/v1/session").json
    assert shown == answer.json
    assert (shown["person_id"], shown["name"], shown["role"], shown["locale"]) == (
        person_id,
        "王小明",
        "manager",
        "zh-Hant",
    )
    assert shown["company"] == {"name": "拜訪示範公司", "zone": "Asia/Taipei"}
    assert shown["device"]["name"] == "小米 13"
    assert shown["device"]["device_id"] == client.device_id
    assert shown["server_time"] == 1795251600000


def test_the_login_may_be_typed_in_any_width_and_case(client: Browser, add_person):
    add_person("wang")
    assert client.sign_in("  ＷＡＮＧ ").status_code == 200


@pytest.mark.parametrize(("login", "password"), [("wang", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_look_the_same(client: Browser, add_person, login, password):
    add_person("wang")
    answer = client.sign_in(login, password)
    assert (answer.status_code, code(answer)) == (401, "sign_in_failed")
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_login_costs_as_much_hashing_as_a_wrong_password(client: Browser, add_person):
    add_person("wang")
    passwords.decoy()
    parameters: list[str] = []

    def verify(stored: str, password: str) -> bool:
        parameters.append(stored.split("$")[3])
        return original(stored, password)

    original = passwords.hasher.verify
    with patch.object(type(passwords.hasher), "verify", lambda _self, *given: verify(*given)):
        client.sign_in("wang", "wrong password")
        client.sign_in("nobody", "wrong password")
    assert len(parameters) == 2
    assert parameters[0] == parameters[1]


def test_passwords_are_kept_as_argon2id(app: Flask, add_person):
    add_person("wang")
    with app.app_context():
        assert db.session.scalars(select(User.password_hash)).one().startswith("$argon2id$")


def test_the_token_is_in_no_body_and_stored_only_as_a_hash(app: Flask, client: Browser, add_person):
    add_person("wang")
    answer = client.sign_in("wang")
    token = client.get_cookie("__Host-baifang", domain="baifang.test").value
    assert token not in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(DeviceSession.token_hash)).one() == hash_token(token)


def test_each_sign_in_has_a_new_token_and_ends_the_old_one(app: Flask, client: Browser, add_person):
    add_person("wang")
    client.sign_in("wang")
    old = client.get_cookie("__Host-baifang", domain="baifang.test").value
    client.sign_in("wang")
    assert client.get_cookie("__Host-baifang", domain="baifang.test").value != old
    thief = new_browser(app)
    thief.set_cookie("__Host-baifang", old, domain="baifang.test")
    assert code(thief.get("/auth/v1/session")) == "session_required"


def test_without_a_session_the_answer_says_so_in_the_readers_language(client: Browser):
    answer = client.get("/auth/v1/session", headers={"Accept-Language": "zh-TW,zh;q=0.9"})
    assert (answer.status_code, code(answer)) == (401, "session_required")
    assert answer.json["error"]["message"].startswith("請登入")
    assert client.get("/auth/v1/session").json["error"]["message"].startswith("Sign in")


def test_sign_out_ends_the_session_and_works_twice(client: Browser, add_person):
    add_person("wang")
    client.sign_in("wang")
    token = client.get_cookie("__Host-baifang", domain="baifang.test").value
    assert client.post("/auth/v1/sign-out").status_code == 204
    assert client.get_cookie("__Host-baifang", domain="baifang.test") is None
    client.set_cookie("__Host-baifang", token, domain="baifang.test")
    assert code(client.get("/auth/v1/session")) == "session_required"
    assert client.post("/auth/v1/sign-out").status_code == 204


def test_a_disabled_person_is_refused_on_the_next_request(app: Flask, client: Browser, add_person, clock):
    add_person("wang")
    client.sign_in("wang")
    with app.app_context(), writing(db.session()) as session:
        services.disable_user(session, OPERATOR, "wang", clock())
    assert code(client.get("/auth/v1/session")) == "device_revoked"
    assert code(client.sign_in("wang")) == "sign_in_failed"


def test_a_change_of_role_holds_on_the_next_request(app: Flask, client: Browser, add_person):
    add_person("wang")
    client.sign_in("wang")
    with app.app_context(), writing(db.session()) as session:
        session.scalars(select(User)).one().role = "admin"
    assert client.get("/auth/v1/session").json["role"] == "admin"


def test_an_unused_session_ends_after_the_idle_days(client: Browser, add_person, clock: TurnableClock):
    add_person("wang")
    client.sign_in("wang")
    clock.advance(days=29)
    assert client.get("/auth/v1/session").status_code == 200
    clock.advance(days=29)
    assert client.get("/auth/v1/session").status_code == 200
    clock.advance(days=30)
    assert code(client.get("/auth/v1/session")) == "session_required"


def test_a_session_in_daily_use_ends_after_the_absolute_days(client: Browser, add_person, clock: TurnableClock):
    add_person("wang")
    client.sign_in("wang")
    for _ in range(7):
        clock.advance(days=25)
        assert client.get("/auth/v1/session").status_code == 200
    clock.advance(days=5)
    assert code(client.get("/auth/v1/session")) == "session_required"


def test_guessing_one_account_from_many_addresses_is_slowed(app: Flask, add_person):
    add_person("wang")
    answers = [
        new_browser(app).post(
            "/auth/v1/sign-in",
            json={"login": "wang", "password": "guess", "device_id": services.new_id(), "device_name": "x"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{n}"},
        )
        for n in range(11)
    ]
    assert [a.status_code for a in answers] == [401] * 10 + [429]
    assert code(answers[-1]) == "too_many_attempts"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 900


def test_guessing_many_accounts_from_one_address_is_slowed(make_app):
    browser = new_browser(make_app(sign_in_limit_per_address="3 per 15 minutes"))
    assert [browser.sign_in(f"guess{n}").status_code for n in range(4)] == [401, 401, 401, 429]


def test_a_success_forgives_earlier_mistakes(client: Browser, add_person):
    add_person("wang")
    for _ in range(2):
        for _ in range(9):
            assert client.sign_in("wang", "mistaken").status_code == 401
        assert client.sign_in("wang").status_code == 200


def test_a_temporary_password_asks_to_be_changed_and_then_no_more(app: Flask, client: Browser, clock):
    with app.app_context(), writing(db.session()) as session:
        _, temporary = services.invite(session, OPERATOR, clock(), login="lin", name="林", role=Role.REP)
    assert client.sign_in("lin", temporary).json["must_change_password"] is True
    other = new_browser(app)
    other.sign_in("lin", temporary)
    form = {"current": temporary, "new": "a password of my own"}
    assert client.post("/auth/v1/password", json=form).status_code == 204
    assert client.get("/auth/v1/session").json["must_change_password"] is False
    assert code(other.get("/auth/v1/session")) == "session_required"
    assert code(other.sign_in("lin", temporary)) == "sign_in_failed"


def test_a_short_or_wrong_password_changes_nothing(client: Browser, add_person):
    add_person("wang")
    client.sign_in("wang")
    short = client.post("/auth/v1/password", json={"current": PASSWORD, "new": "short"})
    assert (short.status_code, code(short)) == (422, "weak_password")
    wrong = client.post("/auth/v1/password", json={"current": "not it", "new": "long enough now"})
    assert (wrong.status_code, code(wrong)) == (403, "sign_in_failed")
    assert client.sign_in("wang").status_code == 200


@pytest.mark.parametrize("person", ["rep", "manager"])
def test_only_an_admin_creates_people(app: Flask, add_person, clock, person):
    from server.errors import DomainError
    from server.shared.actor import Actor

    actor = Actor(add_person("wang", Role(person)), Role(person), None, "en")
    with app.app_context(), pytest.raises(DomainError, match="forbidden"):
        services.invite(db.session(), actor, clock(), login="x", name="x", role=Role.ADMIN)


def test_a_login_is_taken_in_every_spelling(app: Flask, add_person):
    from server.errors import DomainError

    add_person("wang")
    with pytest.raises(DomainError, match="login_taken"):
        add_person("ＷＡＮＧ")


def test_sign_ins_are_audited_without_secrets(app: Flask, client: Browser, add_person):
    person_id = add_person("wang")
    client.sign_in("wang", "a wrong secret")
    client.sign_in("wang")
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [e.action for e in events] == ["user_created", "sign_in_failed", "signed_in"]
    assert (events[1].actor_id, events[1].subject_id, events[2].actor_id) == (None, person_id, person_id)
    token = client.get_cookie("__Host-baifang", domain="baifang.test").value
    written = str([e.details for e in events])
    assert "secret" not in written
    assert PASSWORD not in written
    assert token not in written


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"])
def test_the_audit_record_cannot_be_changed(app: Flask, add_person, statement):
    add_person("wang")
    with app.app_context(), pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement))


def test_a_malformed_sign_in_names_the_fields(client: Browser):
    answer = client.post("/auth/v1/sign-in", json={"login": "wang", "password": 3})
    assert (answer.status_code, code(answer)) == (422, "invalid_request")
    assert {"password", "device_id", "device_name"} == answer.json["error"]["details"]["fields"].keys()
