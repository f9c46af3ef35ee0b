"""Who sees what follows assignments, moves and reporting lines, on both databases."""

from collections.abc import Callable

import pytest

from server.errors import DomainError
from server.features.customers import services as customers
from server.features.people import services as people
from server.features.territories import services as territories
from server.shared.actor import OPERATOR, Role
from tests.integration.features.conftest import Company


def test_assignment_grants_and_unassignment_takes(company: Company) -> None:
    amy = company.person("林佳穎")
    node = company.patch("大里")
    assert company.grants(amy) == {"everyone", f"person:{amy.person_id}"}
    facts = people.find_person(company.session, "林佳穎")
    company.session.rollback()
    args = (company.session, company.writer, OPERATOR, company.clock())
    territories.assign(*args, node, facts)
    assert f"territory:{node.id}" in company.grants(amy)
    assigned = territories.find_territory(company.session, "大里")
    company.session.rollback()
    territories.unassign(*args, assigned, facts)
    assert f"territory:{node.id}" not in company.grants(amy)


def test_manager_sees_what_reports_see_and_an_admin_all(company: Company) -> None:
    boss = company.person("周美玲", Role.MANAGER)
    amy = company.person("林佳穎", manager=boss)
    node = company.patch("大里", amy)
    admin = company.person("郭怡君", Role.ADMIN)
    assert f"territory:{node.id}" in company.grants(boss)
    assert f"territory:{territories.UNASSIGNED_ID}" not in company.grants(boss)
    assert {f"territory:{node.id}", f"territory:{territories.UNASSIGNED_ID}"} <= company.grants(admin)


def test_moved_territory_takes_its_grants_along(company: Company) -> None:
    boss = company.person("周美玲", Role.MANAGER)
    region = company.patch("中區", boss)
    node = company.patch("大里")
    args = (company.session, company.writer, OPERATOR, company.clock())
    territories.move(*args, node, region)
    assert f"territory:{node.id}" in company.grants(boss)
    with pytest.raises(DomainError) as refused:
        territories.move(*args, region, node)
    assert refused.value.code == "territory_loop"


def test_moved_customer_takes_its_children_along(company: Company, customer: Callable[..., str]) -> None:
    pk = customer()
    contact = company.create("contact", customer_id=pk, name="王")
    there = company.patch("南投")
    customers.move(company.writer, OPERATOR, [pk], there.id)
    assert company.scope("customer", pk) == company.scope("contact", contact) == f"territory:{there.id}"


def test_only_an_admin_moves_customers(company: Company, customer: Callable[..., str]) -> None:
    amy, pk = company.person("林佳穎"), customer()
    with pytest.raises(DomainError) as refused:
        customers.move(company.writer, amy, [pk], company.patch("南投").id)
    assert refused.value.code == "forbidden"


def test_moving_an_unknown_customer_is_refused(company: Company) -> None:
    with pytest.raises(DomainError) as refused:
        customers.move(company.writer, OPERATOR, [OPERATOR.person_id], company.patch("南投").id)
    assert refused.value.code == "unknown_name"


def test_login_for_a_known_person_keeps_the_manager(company: Company) -> None:
    boss = company.person("周美玲", Role.MANAGER)
    amy = company.person("林佳穎", manager=boss)
    facts = people.find_person(company.session, "林佳穎")
    company.session.rollback()
    args = (company.session, company.writer, OPERATOR, company.clock())
    assert len(people.invite(*args, "lin", facts)) >= 10
    assert company.row("person", amy.person_id)["manager_id"] == boss.person_id
    found = people.find_person(company.session, "lin")
    assert found.id == amy.person_id


def test_disabled_person_loses_grants_and_gets_them_back(company: Company) -> None:
    amy = company.person("林佳穎")
    facts = people.find_person(company.session, "林佳穎")
    company.session.rollback()
    args = (company.session, company.writer, OPERATOR, company.clock())
    people.invite(*args, "lin", facts)
    before = company.grants(amy)
    people.set_active(*args, "lin", is_active=False)
    territories.regrant(company.session, company.clock())
    assert company.row("person", amy.person_id)["is_active"] is False
    assert company.grants(amy) == set()
    people.set_active(*args, "lin", is_active=True)
    territories.regrant(company.session, company.clock())
    assert company.grants(amy) == before


def test_two_of_one_name_ask_for_an_id(company: Company) -> None:
    company.person("王小明")
    company.person("王小明")
    with pytest.raises(DomainError) as refused:
        people.find_person(company.session, "王小明")
    assert refused.value.code == "ambiguous_name"
    with pytest.raises(DomainError) as refused:
        people.find_person(company.session, "nobody")
    assert refused.value.code == "unknown_name"
