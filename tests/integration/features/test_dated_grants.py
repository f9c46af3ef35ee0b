"""Assignments with dates begin and end at the company's midnight without any write (SPEC 9.2, R21)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from server.errors import DomainError
from server.features.people.services import find_person
from server.features.territories import services as territories
from server.features.territories.cli import territory
from server.features.territories.dated import Dated, Period, make
from server.features.territories.tree import Node
from server.replication.blobs.endpoints import SHELF
from server.replication.blobs.reading import open_blob
from server.replication.blobs.shelf import Shelf
from server.replication.due import settle
from server.replication.endpoints import PLACE
from server.replication.head import head
from server.replication.place import Place
from server.replication.pull import pull
from server.replication.snapshot import packed
from server.shared.actor import OPERATOR, Actor
from server.shared.db import reading
from server.shared.ids import new_id
from server.shared.log_lock import read_counters
from server.shared.scope import ScopeGrant
from sync.wire.pull import PullRequest
from sync.wire.snapshot import SnapshotRequest
from tests.contract.blobs import PHOTO, announce, send, sha
from tests.contract.world import Phone, World
from tests.integration.features import test_attachments as attachments
from tests.integration.features.conftest import Company

TAIPEI = ZoneInfo("Asia/Taipei")
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 3)
EVE = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)  # a second before midnight in Taipei
BEGUN = EVE + timedelta(seconds=1)
LAST_SECOND = datetime(2026, 12, 3, 15, 59, 59, tzinfo=UTC)
OVER = LAST_SECOND + timedelta(seconds=1)


@pytest.fixture
def place(app: Flask) -> Place:
    """What replication works on."""
    return app.extensions[PLACE]


@pytest.fixture
def amy(company: Company) -> Actor:
    """Who covers for somebody."""
    return company.person("林佳穎")


@pytest.fixture
def node(company: Company) -> Node:
    """What is covered."""
    return company.patch("大里")


def cover(company: Company, node: Node, first: date | None = FIRST, last: date | None = LAST) -> None:
    """Let 林佳穎 work a territory in a period."""
    with reading(company.session) as session:
        facts, found = find_person(session, "林佳穎"), territories.find_territory(session, node.id)
    args = (company.session, company.writer, OPERATOR, company.clock())
    territories.assign(*args, found, facts, Period(first, last, TAIPEI))


def ask(place: Place, actor: Actor, cursor: str | None = None) -> tuple[dict[str, Any], str]:
    """A pulled page's header, and the cursor at its end."""
    asked = PullRequest(1, new_id(), cursor, None, 0, 0, 500, actor.person_id)
    lines = pull(place, actor, asked).split(b"\n")
    return msgspec.json.decode(lines[0]), msgspec.json.decode(lines[-2])["cursor"]


def at(company: Company, moment: datetime) -> None:
    """Turn the clock."""
    company.clock.moment = moment


def drawn(company: Company) -> tuple[int, int]:
    """How many positions of the log, and of grants and revocations, were drawn."""
    with reading(company.session) as session:
        counters = read_counters(session)
    return counters.last_seq, counters.last_grant_id


def test_cover_begins_and_ends_at_midnight_without_any_write(
    company: Company, place: Place, amy: Actor, node: Node
) -> None:
    scope = f"territory:{node.id}"
    cover(company, node)
    at(company, EVE)
    _, cursor = ask(place, amy)
    log = drawn(company)[0]
    at(company, BEGUN)
    header, cursor = ask(place, amy, cursor)
    assert header["grants"] == [scope]
    at(company, LAST_SECOND)
    header, cursor = ask(place, amy, cursor)
    assert (header["scopes"], header["drops"]) == (None, [])
    at(company, OVER)
    header, cursor = ask(place, amy, cursor)
    assert header["drops"] == [scope]
    assert drawn(company)[0] == log


def test_poll_of_an_idle_device_tells_of_the_beginning_and_the_end(
    company: Company, place: Place, amy: Actor, node: Node
) -> None:
    cover(company, node)
    tags: list[str] = []
    for moment in (EVE, BEGUN, LAST_SECOND, OVER):
        at(company, moment)
        tags.append(head(place, amy, None)[1])
    assert tags[1] == tags[2]
    assert len(set(tags)) == 3


def test_first_download_begins_and_ends_at_midnight(company: Company, place: Place, amy: Actor, node: Node) -> None:
    cover(company, node)
    asked = SnapshotRequest(f"territory:{node.id}", None)
    for moment, is_theirs in ((EVE, False), (BEGUN, True), (LAST_SECOND, True), (OVER, False)):
        at(company, moment)
        if is_theirs:
            assert packed(place, amy, asked)
        else:
            with pytest.raises(DomainError, match="forbidden"):
                packed(place, amy, asked)


def test_photo_is_shown_from_midnight_to_midnight(
    company: Company, app: Flask, amy: Actor, node: Node, customer: Callable[..., str]
) -> None:
    shelf: Shelf = app.extensions[SHELF]
    pk = customer(territory_id=node.id)
    company.create("attachment", **attachments.fields(pk, attachments.visit(company, pk), sha256=sha(PHOTO)))
    send(shelf, Phone(cast("World", None), OPERATOR.person_id), PHOTO)
    cover(company, node)
    with pytest.raises(DomainError, match="not_found"):
        open_blob(shelf, amy, sha(PHOTO))
    at(company, BEGUN)
    assert b"".join(open_blob(shelf, amy, sha(PHOTO)).pieces) == PHOTO
    at(company, OVER)
    with pytest.raises(DomainError, match="not_found"):
        open_blob(shelf, amy, sha(PHOTO))
    other = Phone(cast("World", None), amy.person_id)
    assert announce(shelf, other, PHOTO).state == "uploading"


def test_pulls_at_once_make_one_change_and_a_restarted_one_none(
    company: Company, place: Place, amy: Actor, node: Node
) -> None:
    cover(company, node)
    before = drawn(company)[1]
    at(company, BEGUN)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ask(place, amy), range(4)))
    assert drawn(company)[1] == before + 1
    settle(replace(place))
    territories.materialise(company.session, place.now_ms())
    company.session.commit()
    assert drawn(company)[1] == before + 1
    with reading(company.session) as session:
        live = select(func.count()).where(ScopeGrant.scope == f"territory:{node.id}", ScopeGrant.revoked_id.is_(None))
        assert session.scalar(live.where(ScopeGrant.person_id == amy.person_id)) == 1


def test_clock_set_back_takes_nothing_back(company: Company, place: Place, amy: Actor, node: Node) -> None:
    cover(company, node)
    at(company, BEGUN)
    settle(place)
    at(company, EVE)
    settle(place)
    territories.regrant(company.session, company.clock())
    assert f"territory:{node.id}" in company.grants(amy)
    at(company, OVER)
    settle(place)
    at(company, BEGUN)
    territories.regrant(company.session, company.clock())
    assert f"territory:{node.id}" not in company.grants(amy)


def test_overlapping_assignments_hold_until_the_last_is_over(
    company: Company, place: Place, amy: Actor, node: Node
) -> None:
    cover(company, node)
    cover(company, node)
    cover(company, node, LAST, date(2026, 12, 5))
    assert len(company.row("territory", node.id)["dated"]) == 2
    at(company, BEGUN)
    settle(place)
    once = drawn(company)
    at(company, OVER)
    settle(place)
    assert f"territory:{node.id}" in company.grants(amy)
    assert drawn(company) == once
    at(company, OVER + timedelta(days=2))
    settle(place)
    assert f"territory:{node.id}" not in company.grants(amy)


def test_end_without_a_beginning_holds_at_once_and_unassigning_ends_all(
    company: Company, amy: Actor, node: Node
) -> None:
    cover(company, node, None, LAST)
    assert f"territory:{node.id}" in company.grants(amy)
    with reading(company.session) as session:
        facts, found = find_person(session, "林佳穎"), territories.find_territory(session, node.id)
    territories.unassign(company.session, company.writer, OPERATOR, company.clock(), found, facts)
    assert f"territory:{node.id}" not in company.grants(amy)
    assert "dated" not in company.row("territory", node.id)


def test_what_was_written_before_the_device_knew_of_the_end_is_applied(
    company: Company, place: Place, amy: Actor, node: Node, customer: Callable[..., str]
) -> None:
    cover(company, node, None, LAST)
    pk = customer(territory_id=node.id)
    world = SimpleNamespace(place=place, now=place.now_ms())
    phone = Phone(cast("World", world), amy.person_id)
    phone.pull()
    phone.patch("customer", pk, phone="04-1111")
    at(company, OVER)
    settle(place)
    assert [receipt.status for receipt in phone.send()] == ["applied"]
    phone.patch("customer", pk, phone="04-2222")
    held = phone.mirror
    phone.pull()
    assert phone.see("customer", pk) is None
    assert [receipt.status for receipt in phone.send()] == ["applied"]
    phone.mirror = held
    phone.patch("customer", pk, phone="04-3333")
    assert [(receipt.status, receipt.code) for receipt in phone.send()] == [("parked", "left_scope")]


def hours(one: Dated) -> float:
    """How long an assignment holds."""
    assert one.from_at is not None
    assert one.until_at is not None
    return (one.until_at - one.from_at) / 3_600_000


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Asia/Taipei", date(2026, 12, 1), 24),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Santiago", date(2026, 9, 6), 23),  # its midnight is skipped
    ],
)
def test_day_lasts_from_midnight_to_midnight_when_the_clocks_change(zone: str, day: date, length: int) -> None:
    assert hours(make("amy", Period(day, day, ZoneInfo(zone)))) == length


def test_command_takes_days_shows_them_and_refuses_wrong_ones(
    company: Company, amy: Actor, node: Node, call: Callable[..., Any]
) -> None:
    told = call("assign", "大里", "林佳穎", "--from", "2026-12-01", "--to", "2026-12-03")
    assert told.output == "林佳穎 works 大里 from 2026-12-01 to 2026-12-03.\n"
    assert "林佳穎 (2026-12-01..2026-12-03)" in call("list").output
    assert call("assign", "大里", "林佳穎", "--from", "2026-02-30").exit_code == 2
    refused = call("assign", "大里", "林佳穎", "--from", "2026-12-03", "--to", "2026-12-01").exception
    assert isinstance(refused, DomainError)
    assert (refused.code, refused.details) == ("dates_reversed", {"from": "2026-12-03", "to": "2026-12-01"})
    assert f"territory:{node.id}" not in company.grants(amy)


@pytest.fixture
def call(company: Company) -> Callable[..., Any]:
    """Runs a command of territories."""

    def run(*arguments: str) -> Any:
        company.session.rollback()
        return CliRunner().invoke(territory, arguments)

    return run
