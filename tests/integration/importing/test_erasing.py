"""Somebody whose data was erased on request: no import, and no undo, knows them any more (R34)."""

from pathlib import Path

import pytest
from flask import current_app

from server.operations.erase_list import EraseList
from server.operations.erasure import erase_subject
from server.replication.endpoints import PLACE
from server.shared.actor import OPERATOR
from tests.factories.old_system import FILES
from tests.integration.importing.conftest import Office

NAME = "陳先生"


@pytest.fixture
def erased(office: Office, tmp_path: Path) -> str:
    """Imports, then erases the first firm's contact; returns the plan."""
    plan_id = office.run().plan_id
    assert office.row("contact", "F1")["name"] == NAME
    place, listing = current_app.extensions[PLACE], EraseList(tmp_path / "erased.jsonl")
    erase_subject(place, listing, OPERATOR, ("contact", office.pk("contact", "F1")), office.clock())
    return plan_id


def remembered(office: Office) -> int:
    return office.count(f"SELECT count(*) FROM import_rows WHERE \"values\" LIKE '%{NAME}%'")


def test_what_the_files_said_is_forgotten(office: Office, erased: str):
    assert remembered(office) == 0
    assert office.count("SELECT count(*) FROM import_rows WHERE entity = 'contact'") == 1


def test_the_next_import_leaves_them_out(office: Office, erased: str):
    outcome = office.run(firms=FILES["firms.csv"].replace("大同商行", "大同公司"))
    assert office.row("customer", "F1")["name"] == "大同公司"
    assert (dict(office.row("contact", "F1")), outcome.rows["new"]) == ({}, 0)
    assert remembered(office) == 0


def test_the_import_can_still_be_taken_back(office: Office, erased: str):
    assert office.undo(erased).kept == []
    assert office.count("SELECT count(*) FROM customers") == 0
