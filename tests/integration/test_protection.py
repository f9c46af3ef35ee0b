"""The rules of every request and answer: header, origin, content types, security headers, cookies."""

from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask

from server.protection import CONTENT_SECURITY_POLICY
from server.settings import SettingsError
from tests.factories.apps import Browser, make_settings, new_browser
from tests.integration.test_sign_in import code

SIGN_OUT = "/auth/v1/sign-out"


@pytest.fixture
def backend() -> str:
    """Requests are judged before any database is asked: once is enough."""
    return "sqlite"


@pytest.fixture
def shell_folder(tmp_path: Path) -> Path:
    """A built app as small as one can be."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>page</title>")
    (folder / "sw.js").write_text("worker")
    (folder / "assets" / "main-abc123.js").write_text("code " * 100)
    return folder


@pytest.fixture
def shell(make_app, shell_folder: Path) -> Browser:
    return new_browser(make_app(app_dir=str(shell_folder)))


def set_cookie(answer) -> SimpleCookie:
    return SimpleCookie(answer.headers["Set-Cookie"])


@pytest.mark.parametrize("value", [None, "0", "true"])
def test_an_unsafe_request_without_our_header_is_refused(client: Browser, value):
    answer = client.post(SIGN_OUT, headers={"X-Baifang": value})
    assert (answer.status_code, code(answer)) == (403, "header_required")


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://baifang.test", "https://baifang.test:444"])
def test_an_unsafe_request_from_another_origin_is_refused(client: Browser, origin: str):
    answer = client.post(SIGN_OUT, headers={"Origin": origin})
    assert (answer.status_code, code(answer)) == (403, "foreign_origin")


def test_our_own_origin_passes(client: Browser):
    assert client.post(SIGN_OUT, headers={"Origin": "https://baifang.test"}).status_code == 204


@pytest.mark.parametrize(
    "media_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/html", ""],
)
def test_what_a_foreign_form_can_send_gets_415(client: Browser, media_type: str):
    answer = client.post(SIGN_OUT, data="x", content_type=media_type)
    assert (answer.status_code, code(answer)) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson", "application/json; charset=utf-8"])
def test_json_and_lines_of_json_pass(client: Browser, media_type: str):
    assert client.post(SIGN_OUT, data="{}", content_type=media_type).status_code == 204


def test_reading_needs_no_header(client: Browser):
    assert client.get("/health", headers={"X-Baifang": None}).status_code == 200


def test_a_body_over_the_cap_gets_413(make_app):
    browser = new_browser(make_app(max_request_bytes=100))
    answer = browser.post("/auth/v1/sign-in", data=b" " * 101, content_type="application/json")
    assert (answer.status_code, code(answer)) == (413, "request_too_large")
    assert "100" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/health", "/", "/sw.js", "/assets/main-abc123.js", "/auth/v1/session", "/auth/nothing"]
)
def test_every_answer_carries_the_security_headers(shell: Browser, path: str):
    with shell.get(path) as answer:
        headers = answer.headers
    assert headers.getlist("Content-Security-Policy") == [CONTENT_SECURITY_POLICY]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


def test_the_policy_allows_no_inline_script_and_no_frame():
    rules = {rule.partition(" ")[0]: rule.partition(" ")[2] for rule in CONTENT_SECURITY_POLICY.split("; ")}
    assert rules["script-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_hsts_is_said_only_over_https(make_app):
    browser = new_browser(make_app(environment="development", public_origin=""))
    assert "Strict-Transport-Security" not in browser.get("/health").headers


def test_no_preflight_is_answered_for_other_sites(client: Browser):
    answer = client.options(SIGN_OUT, headers={"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"})
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/health", "/auth/v1/session", "/openapi.json"])
def test_data_is_never_stored_on_its_way(client: Browser, path: str):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_the_strict_cookie_form(client: Browser, add_person):
    add_person("wang")
    cookie = set_cookie(client.sign_in("wang"))["__Host-baifang"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie["domain"] == ""


def test_the_development_cookie_form(make_app, app: Flask, add_person):
    add_person("wang")
    browser = new_browser(make_app(environment="development", public_origin=""))
    cookie = set_cookie(browser.sign_in("wang"))["baifang_dev"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == ("", True, "Strict")
    assert browser.get("/auth/v1/session").status_code == 200


def test_the_development_form_is_refused_outside_development():
    for environment in ("production", "test"):
        with pytest.raises(SettingsError, match="https://"):
            make_settings(environment=environment, public_origin="http://localhost:8000")


def test_the_strict_server_does_not_take_the_development_cookie(client: Browser, add_person):
    add_person("wang")
    client.sign_in("wang")
    token = client.get_cookie("__Host-baifang", domain="baifang.test").value
    client.delete_cookie("__Host-baifang", domain="baifang.test")
    client.set_cookie("baifang_dev", token, domain="baifang.test")
    assert code(client.get("/auth/v1/session")) == "session_required"


@pytest.mark.parametrize("path", ["/", "/customers/0199", "/index.html"])
def test_every_page_address_opens_the_one_page_and_asks_anew(shell: Browser, path: str):
    with shell.get(path) as answer:
        assert answer.get_data(as_text=True) == "<title>page</title>"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_hashed_files_stay_and_the_worker_is_asked_for_anew(shell: Browser):
    with shell.get("/assets/main-abc123.js") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with shell.get("/sw.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/auth/v1/nothing", "/sync/v1/nothing", "/assets/gone-000.js", "/features/x"])
def test_what_belongs_to_the_server_is_missing_rather_than_a_page(shell: Browser, path: str):
    answer = shell.get(path)
    assert (answer.status_code, code(answer)) == (404, "not_found")


def test_an_unbuilt_app_says_what_to_do(make_app, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    answer = new_browser(make_app(app_dir=str(tmp_path / "empty"))).get("/")
    assert (answer.status_code, code(answer)) == (503, "app_not_built")


def test_the_number_address_leads_to_localhost_in_development(make_app, shell_folder: Path):
    browser = new_browser(make_app(environment="development", public_origin="", app_dir=str(shell_folder)))
    answer = browser.get("/customers?q=x", base_url="http://127.0.0.1:8000")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://localhost:8000/customers?q=x")


def test_the_wrong_method_gets_our_body(client: Browser):
    answer = client.put("/auth/v1/session")
    assert (answer.status_code, code(answer)) == (405, "method_not_allowed")


def test_broken_json_gets_our_body(client: Browser):
    answer = client.post("/auth/v1/sign-in", data="{", content_type="application/json")
    assert (answer.status_code, code(answer)) == (400, "bad_request")


def test_a_fault_of_ours_gets_our_body_and_no_details(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch):
    app.testing = False
    monkeypatch.setitem(app.view_functions, "auth.show_session", lambda: 1 / 0)
    answer = client.get("/auth/v1/session")
    assert (answer.status_code, code(answer)) == (500, "internal")
    assert "division" not in answer.get_data(as_text=True)


def test_everything_is_described_in_openapi(client: Browser):
    described = client.get("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    assert {"/auth/v1/sign-in", "/auth/v1/devices/{session_id}"} <= described["paths"].keys()
    error = described["components"]["schemas"]["Error"]["properties"]
    assert error.keys() == {"error"}
