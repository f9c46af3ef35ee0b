"""The list of signed-in devices, and ending one from another."""

import pytest
from flask import Flask

from server.shared.actor import Role
from tests.factories.apps import Browser, new_browser
from tests.integration.test_sign_in import code


@pytest.fixture
def phone(client: Browser, add_person) -> Browser:
    add_person("wang")
    client.sign_in("wang", device_name="Phone")
    return client


@pytest.fixture
def tablet(app: Flask, phone: Browser) -> Browser:
    browser = new_browser(app)
    browser.sign_in("wang", device_name="Tablet")
    return browser


def devices(browser: Browser, **query: str) -> dict[str, dict]:
    return {d["name"]: d for d in browser.get("/auth/v1/devices", query_string=query).json}


def test_both_devices_are_listed_and_the_asking_one_is_marked(phone: Browser, tablet: Browser):
    shown = devices(phone)
    assert {name: d["is_current"] for name, d in shown.items()} == {"Phone": True, "Tablet": False}
    assert shown["Tablet"]["device_id"] == tablet.device_id


def test_a_device_revoked_from_another_is_refused_on_its_next_request(phone: Browser, tablet: Browser):
    target = devices(tablet)["Phone"]["id"]
    assert tablet.delete(f"/auth/v1/devices/{target}").status_code == 204
    answer = phone.get("/auth/v1/session")
    assert (answer.status_code, code(answer)) == (401, "device_revoked")
    assert devices(tablet).keys() == {"Tablet"}


def test_a_revoked_device_may_sign_in_again(phone: Browser, tablet: Browser):
    tablet.delete(f"/auth/v1/devices/{devices(tablet)['Phone']['id']}")
    assert phone.sign_in("wang").status_code == 200


def test_someone_elses_device_is_missing(app: Flask, phone: Browser, add_person):
    add_person("chen", Role.MANAGER)
    stranger = new_browser(app)
    stranger.sign_in("chen")
    target = devices(phone)["Phone"]["id"]
    person_id = phone.get("/auth/v1/session").json["person_id"]
    assert code(stranger.delete(f"/auth/v1/devices/{target}")) == "not_found"
    assert code(stranger.get("/auth/v1/devices", query_string={"person_id": person_id})) == "not_found"
    assert phone.get("/auth/v1/session").status_code == 200


def test_an_admin_sees_and_ends_anybodys_device(app: Flask, phone: Browser, add_person):
    add_person("chief", Role.ADMIN)
    admin = new_browser(app)
    admin.sign_in("chief")
    person_id = phone.get("/auth/v1/session").json["person_id"]
    target = devices(admin, person_id=person_id)["Phone"]["id"]
    assert admin.delete(f"/auth/v1/devices/{target}").status_code == 204
    assert code(phone.get("/auth/v1/session")) == "device_revoked"
