"""The operator's commands for people, territories and customers, as they are typed."""

from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from server.errors import DomainError
from server.features.customers.cli import customer as customer_group
from server.features.people.cli import user
from server.features.territories.cli import territory
from tests.factories.apps import Browser, new_browser
from tests.integration.features.conftest import Company

PASSWORD = "battery horse correct"


@pytest.fixture
def run(company: Company) -> Callable[..., str]:
    """Runs a command and returns what it printed; a refusal is raised."""

    def call(group: click.Group, *arguments: str) -> str:
        # Requests of the test share this context's session: a command begins with a fresh one.
        company.session.rollback()
        result = CliRunner().invoke(group, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return call


def test_tree_is_built_shown_and_changed(run: Callable[..., str]) -> None:
    run(user, "invite", "zhou", "--name", "周美玲", "--role", "manager", "--title", "經理")
    run(user, "invite", "lin", "--name", "林佳穎", "--manager", "zhou")
    assert "is under 拜訪示範公司" in run(territory, "add", "中區", "--kind", "region")
    run(territory, "add", "大里", "--under", "中區")
    assert run(territory, "assign", "大里", "lin") == "林佳穎 works 大里.\n"
    outline = [line.split("\t")[:3] for line in run(territory, "list").splitlines()]
    assert outline == [
        ["拜訪示範公司", "region", ""],
        ["  中區", "region", ""],
        ["    大里", "patch", "林佳穎"],
        ["  未指派", "patch", ""],
    ]
    run(territory, "add", "南區", "--kind", "region")
    assert run(territory, "move", "大里", "南區") == "大里 is under 南區.\n"
    assert run(territory, "unassign", "大里", "林佳穎") == "林佳穎 no longer works 大里.\n"


def test_people_are_listed_with_login_manager_and_state(run: Callable[..., str]) -> None:
    run(user, "invite", "zhou", "--name", "周美玲", "--role", "manager", "--title", "經理")
    run(user, "invite", "Lin", "--name", "林佳穎", "--manager", "周美玲")
    run(user, "disable", "lin")
    lines = {line.split("\t")[0]: line.split("\t")[1:6] for line in run(user, "list").splitlines()}
    assert lines == {
        "zhou": ["周美玲", "manager", "經理", "", ""],
        "lin": ["林佳穎", "rep", "", "-> 周美玲", "disabled"],
    }


def test_invitation_needs_a_name_or_somebody_known(app: Flask) -> None:
    with app.app_context():
        result = CliRunner().invoke(user, ["invite", "lin"])
    assert result.exit_code == 2
    assert "--name" in result.output


def test_disabling_ends_a_session_at_once(run: Callable[..., str], app: Flask) -> None:
    run(user, "invite", "lin", "--name", "林佳穎")
    run(user, "set-password", "lin", "--password", PASSWORD)
    phone: Browser = new_browser(app)
    assert phone.sign_in("lin", PASSWORD).status_code == 200
    assert phone.get("/auth/v1/session").status_code == 200
    run(user, "disable", "lin")
    assert phone.get("/auth/v1/session").status_code == 401
    assert phone.sign_in("lin", PASSWORD).status_code == 401
    run(user, "enable", "lin")
    assert phone.sign_in("lin", PASSWORD).status_code == 200


def test_customer_is_moved_by_code_or_name(
    run: Callable[..., str], company: Company, customer: Callable[..., str]
) -> None:
    first, second = customer("宏晟", code="TC-1"), customer("永曜")
    there = company.patch("南投")
    told = run(customer_group, "move", "TC-1", "永曜", "--to", "南投")
    assert told == "宏晟 is in 南投.\n永曜 is in 南投.\n"
    for pk in (first, second):
        assert company.scope("customer", pk) == f"territory:{there.id}"


@pytest.mark.parametrize(
    ("group", "arguments", "name"),
    [
        (customer_group, ("move", "nobody", "--to", "南投"), "南投"),
        (territory, ("assign", "nowhere", "lin"), "nowhere"),
        (territory, ("move", "nowhere", "elsewhere"), "nowhere"),
        (user, ("invite", "lin", "--person", "nobody"), "nobody"),
    ],
)
def test_unknown_name_is_said(
    run: Callable[..., str], group: click.Group, arguments: tuple[str, ...], name: str
) -> None:
    with pytest.raises(DomainError) as refused:
        run(group, *arguments)
    assert (refused.value.code, refused.value.details) == ("unknown_name", {"name": name})
