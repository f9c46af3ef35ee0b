"""The demo company is whole, repeatable and refused where it has no business, on both databases."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from server.errors import DomainError
from server.features.customers.models import Contact, Customer, Site
from server.features.demo import services
from server.features.demo.cli import demo
from server.features.interactions.models import Interaction
from server.features.interactions.services import summarise
from server.features.people.models import Person
from server.features.promises.models import Promise
from server.features.territories.models import Territory
from server.features.touches.models import Cadence, Touch
from server.shared.actor import Actor, Role
from server.shared.clock import to_ms
from server.shared.db import reading
from server.shared.log_lock import ServerState
from server.shared.orm import Base
from tests.factories.apps import PASSWORD, new_browser
from tests.integration.features.conftest import Company

PLAN = services.Plan(6, date(2026, 11, 21), ZoneInfo("Asia/Taipei"), "7")
READ = ("started_at", "outcome", "channel", "person_id", "voided")
REP = Actor(services.person_id("chen"), Role.REP, None, "zh-Hant")


@pytest.fixture
def made(company: Company) -> Company:
    make(company)
    return company


def make(company: Company, plan: services.Plan = PLAN) -> None:
    services.make(company.session, company.writer, company.clock(), plan, PASSWORD)


def count(company: Company, model: type[Base]) -> int:
    with reading(company.session) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def head(company: Company) -> int:
    with reading(company.session) as session:
        return session.scalar(select(ServerState.last_seq)) or 0


def test_nothing_was_promised_tomorrow(company: Company) -> None:
    make(company, services.Plan(24, PLAN.today, PLAN.zone, PLAN.seed))
    with reading(company.session) as session:
        made_at = session.scalars(select(Promise.promised_at)).all()
    today = to_ms(datetime.combine(PLAN.today, time(), PLAN.zone))
    assert len(made_at) > 6
    assert max(at or today for at in made_at) < today


def test_company_is_whole(made: Company) -> None:
    assert [count(made, one) for one in (Customer, Person, Cadence)] == [6, 9, 6]
    assert count(made, Territory) == 8  # root, unassigned, two regions, four patches
    assert count(made, Site) >= 6
    assert count(made, Contact) >= 18
    assert 36 <= count(made, Interaction) <= 90
    assert count(made, Touch) >= 1
    assert count(made, Promise) >= 1


def test_repeating_it_changes_nothing(made: Company) -> None:
    before = head(made)
    make(made)
    assert head(made) == before


def test_more_customers_are_added_to_the_same_company(made: Company) -> None:
    make(made, services.Plan(8, PLAN.today, PLAN.zone, PLAN.seed))
    assert [count(made, one) for one in (Customer, Person)] == [8, 9]


def test_headers_agree_with_timelines(made: Company) -> None:
    with reading(made.session) as session:
        for customer in session.scalars(select(Customer)):
            found = session.scalars(select(Interaction).where(Interaction.customer_id == customer.id))
            rows = [{name: getattr(row, name) for name in READ} for row in found]
            told = {name: getattr(customer, name) for name in summarise(rows, 0)}
            assert told == summarise(rows, to_ms(made.clock()))


def test_reps_share_patches_and_managers_see_their_region(made: Company) -> None:
    def patches(login: str) -> set[str]:
        actor = Actor(services.person_id(login), Role.REP, None, "zh-Hant")
        return {one for one in made.grants(actor) if one.startswith("territory:")}

    assert patches("chen") == patches("lin") == {f"territory:{services.territory_id('台中屯區')}"}
    assert patches("zhou") == patches("chen") | patches("huang")
    assert patches("guo") >= patches("zhou") | patches("xu")


def test_everybody_can_sign_in(made: Company, app: Flask) -> None:
    assert made.grants(REP)
    for login in services.logins():
        assert new_browser(app).sign_in(login).status_code == 200


def test_somebody_elses_database_is_left_alone(company: Company, add_person) -> None:
    add_person("stranger")
    with pytest.raises(DomainError) as refused:
        make(company)
    assert refused.value.code == "not_a_demo"
    assert count(company, Person) == 0


def test_command_is_refused_outside_development(app: Flask) -> None:
    with app.app_context():
        result = CliRunner().invoke(demo, [])
    assert isinstance(result.exception, DomainError)
    assert result.exception.code == "demo_refused"
