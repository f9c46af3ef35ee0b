"""What the server adds to photos' rows and refuses of them, on both databases."""

from collections.abc import Callable
from typing import Any

from server.features.attachments.models import Attachment
from server.shared.clock import to_ms
from server.shared.ids import new_id
from server.shared.writer import Change
from tests.integration.features.conftest import Company

Make = Callable[..., str]
SHA = "ab" * 32


def fields(customer_id: str, interaction_id: str, **more: Any) -> dict[str, Any]:
    file = {"sha256": SHA, "thumb_sha256": None, "media_type": "image/jpeg", "size": 9}
    shape = {"width": 4, "height": 3, "taken_at": 1}
    return {"customer_id": customer_id, "interaction_id": interaction_id, "kind": "photo", **file, **shape} | more


def visit(company: Company, customer_id: str) -> str:
    return company.create("interaction", customer_id=customer_id, channel="visit", started_at=1)


def code(company: Company, values: dict[str, Any]) -> str | None:
    [written] = company.submit([Change("attachment", new_id(), "create", values)])
    return written.code


def test_a_photo_belongs_to_its_author_and_follows_its_customer(company: Company, customer: Make) -> None:
    pk = customer()
    photo = company.create("attachment", **fields(pk, visit(company, pk)))
    row = company.row("attachment", photo)
    assert (row["person_id"], row["created_at"]) == ("0" * 8 + "-0000-0000-0000-" + "0" * 12, to_ms(company.clock()))
    assert company.scope("attachment", photo) == company.scope("customer", pk)
    kept = company.session.get_one(Attachment, photo)
    assert (kept.sha256, kept.kind, kept.thumb_sha256) == (SHA, "photo", None)


def test_a_photo_of_another_customers_visit_is_refused(company: Company, customer: Make) -> None:
    mine, other = customer("宏晟"), customer("永曜")
    assert code(company, fields(mine, visit(company, other))) == "invalid_value"


def test_what_is_no_name_of_a_file_is_refused(company: Company, customer: Make) -> None:
    pk = customer()
    log = visit(company, pk)
    for wrong in ("AB" * 32, "ab" * 31, "../" * 21 + "x", 7):
        assert code(company, fields(pk, log, sha256=wrong)) in {"invalid_value", "wrong_type"}, wrong
    assert code(company, fields(pk, log, kind="program")) == "invalid_value"


def test_a_memo_says_its_length_a_document_its_name_and_a_signature_what_was_signed(
    company: Company, customer: Make
) -> None:
    pk = customer()
    log = visit(company, pk)
    facts = {"kind": "voice", "media_type": "audio/webm", "duration_ms": 61_000, "name": "王建宏", "signed_hash": SHA}
    memo = company.create("attachment", **fields(pk, log, **facts))
    kept = company.session.get_one(Attachment, memo)
    assert (kept.duration_ms, kept.name, kept.signed_hash) == (61_000, "王建宏", SHA)
    for wrong in ({"duration_ms": -1}, {"duration_ms": 10**9}, {"name": "甲\n乙"}, {"signed_hash": "ab"}):
        assert code(company, fields(pk, log, **wrong)) == "invalid_value", wrong


def test_only_its_author_strikes_a_photo_out(company: Company, customer: Make) -> None:
    amy, ben = company.person("林佳穎"), company.person("陳柏翰")
    company.patch("大里", amy, ben)
    pk = company.create("customer", amy, name="新客戶")
    log = company.create("interaction", amy, customer_id=pk, channel="visit", started_at=1)
    photo = company.create("attachment", amy, **fields(pk, log))
    void = Change("attachment", photo, "void", {}, (1, 1))
    assert company.submit([void], ben)[0].code == "not_author"
    assert company.submit([void], amy)[0].code is None
    assert company.row("attachment", photo)["voided"] is True
