"""The cadence commands: what is set reaches every device, what makes no sense is refused, a preview writes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from click.testing import CliRunner

from server.errors import DomainError
from server.features.touches.cli import cadence
from server.shared.clock import to_ms
from server.shared.ids import new_id
from server.shared.writer import Change
from sync.core.window import generated_pk, window
from tests.integration.features.conftest import Company

Run = Callable[..., str]
Make = Callable[..., str]
DAY_MS = 86_400_000


@pytest.fixture
def run(company: Company) -> Run:
    """Runs a cadence command inside the company's app."""

    def invoke(*arguments: str) -> str:
        company.session.rollback()
        result = CliRunner().invoke(cadence, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return invoke


def ago(company: Company, days: int) -> int:
    return to_ms(company.clock()) - days * DAY_MS


def test_what_is_set_is_a_row_for_everybody_and_what_is_left_out_stays(company: Company, run: Run) -> None:
    assert run("set", "常客", "--channel", "visit", "--every", "90", "--lead", "14", "--tag", "VIP") == (
        "常客: visit every 90 days, for VIP.\n"
    )
    run("set", "常客", "--every", "60", "--tier", "A")
    pk = run("list").split("\t")[-1].strip()
    wanted = {"name": "常客", "channel": "visit", "every_days": 60, "lead_days": 14, "tier": "A", "tags": ["VIP"]}
    assert company.row("cadence", pk) == wanted
    assert company.scope("cadence", pk) == "everyone"
    run("set", "常客", "--tier", "", "--tag", "")
    assert {"tier", "tags"} & set(company.row("cadence", pk)) == set()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--every", "0", "--channel", "visit"), "cadence_interval"),
        (("--every", "7", "--channel", "visit", "--lead", "-1"), "cadence_interval"),
        (("--every", "7"), "cadence_channel"),
    ],
)
def test_a_cadence_without_sense_is_refused_by_its_name(run: Run, options: tuple[str, ...], code: str) -> None:
    for command in ("set", "preview"):
        with pytest.raises(DomainError) as refused:
            run(command, "常客", *options)
        assert (refused.value.code, refused.value.details["name"]) == (code, "常客")
    assert run("list") == ""


def test_a_preview_says_the_work_before_and_after_and_writes_nothing(
    company: Company, run: Run, customer: Make
) -> None:
    amy = company.person("林佳穎")
    node = company.patch("大里", amy)
    run("set", "拜訪", "--channel", "visit", "--every", "70")
    late = {"tier": "A", "territory_id": node.id, "created_at": ago(company, 60)}
    pk = customer("宏晟", **late, last_visit_at=ago(company, 40))
    customer("永豐", territory_id=node.id, last_visit_at=ago(company, 1))
    head = company.writer.read("customer", [pk])[pk].rev
    told = run("preview", "通話", "--channel", "call", "--every", "14", "--tier", "A")
    assert "通話 asks for 1 customers (until now 0)." in told
    assert "林佳穎\t0.2 a week, 1 a month -> 0.6 a week, 3 a month\toverdue 0 -> 1" in told
    assert "Overdue customers: 0 -> 1; 1 of them newly.\n  宏晟\tcall\t2" in told
    assert company.writer.read("customer", [pk])[pk].rev == head
    assert "通話" not in run("list")


def test_who_was_skipped_put_off_or_paused_is_not_told_as_overdue(company: Company, run: Run, customer: Make) -> None:
    run("set", "通話", "--channel", "call", "--every", "14")
    pk = customer("宏晟", last_call_at=ago(company, 20))
    told = run("preview", "通話", "--every", "14")
    assert "Overdue customers: 1 -> 1; 0 of them newly." in told
    run("pause", "宏晟", "--customer", "--until", "2099-01-01", "--reason", "停工")
    row = company.row("customer", pk)
    assert (row["paused_until_on"], row["pause_reason"]) == ("2099-01-01", "停工")
    assert "Overdue customers: 0 -> 0" in run("preview", "通話", "--every", "14")
    run("pause", "宏晟", "--customer")
    assert "paused_until_on" not in company.row("customer", pk)
    run("pause", "通話", "--until", "2099-01-01")
    assert "Overdue customers: 0 -> 0" in run("preview", "通話", "--every", "14")
    run("pause", "通話")
    assert "Overdue customers: 1 -> 1" in run("preview", "通話", "--every", "14")
    planned = {"customer_id": pk, "assignee_id": company.person("林佳穎").person_id, "channel": "call", "state": "open"}
    days = {"due_from_on": "2026-01-01", "due_to_on": "2026-01-02", "due_time": None}
    company.submit([Change("touch", new_id(), "create", planned | days)])
    assert "Overdue customers: 0 -> 0" in run("preview", "通話", "--every", "14")


def test_a_skipped_contact_leads_to_the_next(company: Company, run: Run, customer: Make) -> None:
    run("set", "通話", "--channel", "call", "--every", "14")
    cadence_id = run("list").split("\t")[-1].strip()
    last = company.clock().date() - timedelta(days=20)
    pk = customer("宏晟", last_call_at=to_ms(datetime.combine(last, time(4), UTC)))
    due = window(last.isoformat(), 14, 0)
    touch = {
        "customer_id": pk,
        "assignee_id": company.person("林佳穎").person_id,
        "channel": "call",
        "state": "skipped",
    }
    touch |= {"due_from_on": due.due_from_on, "due_to_on": due.due_to_on, "due_time": None, "cadence_id": cadence_id}
    skipped = Change("touch", generated_pk(cadence_id, pk, due.due_from_on), "create", touch)
    assert "Overdue customers: 1 -> 1" in run("preview", "通話", "--every", "14")
    assert company.submit([skipped])[0].code is None
    assert "Overdue customers: 0 -> 0" in run("preview", "通話", "--every", "14")


def test_what_is_removed_asks_for_nobody(run: Run) -> None:
    run("set", "通話", "--channel", "call", "--every", "14")
    run("remove", "通話")
    assert run("list") == ""
    with pytest.raises(DomainError) as refused:
        run("remove", "通話")
    assert refused.value.code == "unknown_name"
