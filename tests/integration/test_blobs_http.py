"""Blobs over HTTP: who is asked, what is refused at the door, and how bytes are served so that nothing runs them."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from server import cli
from server.replication.blobs.endpoints import shelf
from server.replication.blobs.models import Blob
from server.replication.blobs.naming import LET_GO
from server.replication.blobs.shelf import MAX_CHUNK
from server.shared.actor import OPERATOR
from server.shared.db import db, writing
from server.shared.scope import own_scopes, set_grants, territory_scope
from server.shared.writer import Change, current_writer
from sync.core.ids import uuid7
from tests.factories import files
from tests.factories.apps import Browser, new_browser

PHOTO = files.jpeg(filling=bytes(3_000))
NAME = hashlib.sha256(PHOTO).hexdigest()
PATCH = "94000000-0000-7000-8000-000000000001"
BLOBS = "/sync/v1/blobs"


def ident(number: int) -> str:
    return uuid7(number, bytes(10))


@pytest.fixture
def sign_in(app: Flask, add_person: Callable[..., str]) -> Callable[..., Browser]:
    """Somebody signed in who may see these territories."""

    def enter(login: str, *territories: str) -> Browser:
        person = add_person(login)
        with app.app_context(), writing(db.session()) as session:
            set_grants(session, {person: own_scopes(person) | {territory_scope(t) for t in territories}}, 1)
        browser = new_browser(app)
        browser.sign_in(login)
        return browser

    return enter


@pytest.fixture
def rep(sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("mei", PATCH)


@pytest.fixture
def shown(app: Flask) -> None:
    """A visit in the patch, with the photo's row written by the operator, who gives no proof of the bytes."""
    with app.app_context():
        fields: list[tuple[str, dict[str, Any]]] = [
            ("customer", {"name": "宏晟", "territory_id": PATCH}),
            ("interaction", {"customer_id": ident(1), "channel": "visit", "started_at": 1}),
            ("attachment", attachment()),
        ]
        for number, (entity, values) in enumerate(fields, 1):
            [written] = current_writer().submit(OPERATOR, [Change(entity, ident(number), "create", values)])
            assert written.code is None


def attachment() -> dict[str, Any]:
    file = {"sha256": NAME, "thumb_sha256": None, "media_type": "image/jpeg", "size": len(PHOTO)}
    shape = {"width": 640, "height": 480, "taken_at": 1}
    return {"customer_id": ident(1), "interaction_id": ident(2), "kind": "photo", **file, **shape}


def announce(browser: Browser, data: bytes = PHOTO, **more: Any) -> Any:
    asked = {"v": 2, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "media_type": "image/jpeg"}
    return browser.post(BLOBS, json=asked | more)


def give(browser: Browser, upload: str, offset: int, data: bytes, **headers: Any) -> Any:
    checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
    told = {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {checksum}"} | headers
    kind = "application/offset+octet-stream"
    return browser.patch(f"{BLOBS}/uploads/{upload}", data=data, headers=told, content_type=kind)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def test_a_photo_goes_up_in_two_parts_and_comes_down_sealed(rep: Browser, shown: None):
    begun = announce(rep).get_json()
    assert (begun["state"], begun["offset"], begun["max_chunk"]) == ("uploading", 0, MAX_CHUNK)
    assert give(rep, begun["upload"], 0, PHOTO[:1_000]).headers["Upload-Offset"] == "1000"
    looked = rep.head(f"{BLOBS}/uploads/{begun['upload']}")
    assert (looked.headers["Upload-Offset"], looked.headers["Upload-Length"]) == ("1000", str(len(PHOTO)))
    assert give(rep, begun["upload"], 1_000, PHOTO[1_000:]).get_json()["state"] == "complete"
    push_own_attachment(rep)
    answer = rep.get(f"{BLOBS}/{NAME}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PHOTO, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}.jpg"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    rest = rep.get(f"{BLOBS}/{NAME}", headers={"Range": "bytes=1000-"})
    assert (rest.status_code, rest.data) == (206, PHOTO[1_000:])
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(PHOTO) - 1}/{len(PHOTO)}"


def push_own_attachment(rep: Browser) -> None:
    """The photo's row as its author's device writes it."""
    with rep.application.app_context():
        person = rep.get("/auth/v1/session").get_json()["person_id"]
        author = replace(OPERATOR, person_id=person)
        [written] = current_writer().submit(author, [Change("attachment", ident(4), "create", attachment())])
        assert written.code is None


def test_one_that_has_not_come_is_on_its_way_and_one_that_one_may_not_see_is_not_there(
    rep: Browser, shown: None, sign_in: Callable[..., Browser]
):
    assert code(rep.get(f"{BLOBS}/{NAME}")) == (404, "blob_on_its_way")
    assert code(sign_in("ann").get(f"{BLOBS}/{NAME}")) == (404, "not_found")


def test_every_door_asks_who_is_there(client: Browser):
    assert code(announce(client)) == (401, "session_required")
    assert code(give(client, ident(1), 0, PHOTO)) == (401, "session_required")
    assert client.head(f"{BLOBS}/uploads/{ident(1)}").status_code == 401
    assert code(client.get(f"{BLOBS}/{NAME}")) == (401, "session_required")


def test_another_site_can_send_no_chunk(rep: Browser):
    upload = announce(rep).get_json()["upload"]
    assert code(give(rep, upload, 0, PHOTO, **{"X-Baifang": None})) == (403, "header_required")
    assert code(give(rep, upload, 0, PHOTO, Origin="https://evil.test")) == (403, "foreign_origin")
    answer = rep.patch(f"{BLOBS}/uploads/{upload}", data=PHOTO, content_type="application/octet-stream")
    assert code(answer) == (415, "unsupported_media_type")


def test_what_is_wrong_with_a_chunk_is_said(rep: Browser):
    upload = announce(rep).get_json()["upload"]
    assert code(give(rep, upload, 5, PHOTO[5:])) == (409, "wrong_offset")
    assert give(rep, upload, 5, PHOTO[5:]).get_json()["error"]["details"] == {"offset": 0}
    for checksum in ("", "md5 AAAA", "sha256 AAAA", "sha256 ?", "sha256"):
        assert code(give(rep, upload, 0, PHOTO, **{"Upload-Checksum": checksum})) == (422, "chunk_damaged"), checksum
    assert code(give(rep, upload, -1, PHOTO)) == (422, "invalid_request")
    assert code(give(rep, ident(9), 0, PHOTO)) == (404, "upload_gone")


def test_what_may_not_be_kept_is_refused_by_name_and_by_content(rep: Browser):
    assert code(announce(rep, media_type="text/html")) == (415, "blob_refused")
    assert code(announce(rep, size=10**12)) == (413, "blob_too_large")
    upload = announce(rep, files.PROGRAM).get_json()["upload"]
    assert code(give(rep, upload, 0, files.PROGRAM)) == (415, "blob_refused")
    upload = announce(rep).get_json()["upload"]
    assert code(give(rep, upload, 0, PHOTO[:-1] + b"\1")) == (422, "blob_mismatch")


def test_the_outbox_of_somebody_else_is_refused(rep: Browser):
    assert code(announce(rep, person=ident(7))) == (403, "wrong_person")


def test_a_start_finishes_what_a_killed_erasure_let_go_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "serve_forever", lambda _settings: None)
    with app.app_context():
        shelf().store.put("ab/erased", [PHOTO])
        with writing(db.session()) as session:
            session.add(Blob(sha256=NAME, key="ab/erased", media_type="image/jpeg", size=1, log_seq=0, kept_at=LET_GO))
        CliRunner().invoke(cli.serve, obj=app, catch_exceptions=False)
        assert shelf().store.size("ab/erased") is None
        assert db.session().get(Blob, NAME, populate_existing=True) is None
