"""A manager's team day: who is late and what was done, as far as devices could tell; without a network, too."""

import re

from playwright.sync_api import expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork


def test_a_manager_sees_each_reps_day_and_what_a_rep_logs_arrives_there(
    company: Company, books: Books, at_work: AtWork
) -> None:
    customer_id, fields = books.customers_of("台中屯區")[0]
    manager, rep = at_work("desk", "zhou"), at_work("phone", "chen")
    rep.page.goto(f"{company.origin}/customers/{customer_id}")
    rep.tap("button", "到了，開始拜訪")
    rep.save("儲存拜訪", "的拜訪存好了")
    rep.wait_until_all_is_sent()

    manager.page.goto(f"{company.origin}/")
    manager.tap("link", re.compile("^團隊今日"))
    person = manager.page.get_by_role("link", name=re.compile("^陳柏翰"))
    expect(person).to_be_visible()
    manager.page.evaluate("dispatchEvent(new Event('online'))")
    row = manager.page.get_by_role("listitem").filter(has=person)
    expect(row).to_contain_text("今天聯絡 1 家", timeout=30_000)

    # What was known stays known where there is no network.
    manager.device.link.weather.is_down = True
    person.tap()
    done = manager.page.get_by_role("region", name=re.compile("今天聯絡過"))
    expect(done.or_(manager.page.get_by_role("main")).first).to_contain_text(fields["name"][:4])
    expect(manager.heading("陳柏翰")).to_be_visible()
    manager.page.go_back()
    expect(manager.heading("團隊今日")).to_be_visible()
    assert manager.device.problems + rep.device.problems == []


def test_a_rep_is_not_offered_a_team(company: Company, at_work: AtWork) -> None:
    rep = at_work("phone", "chen")
    rep.page.goto(f"{company.origin}/team")
    expect(rep.page.get_by_text("還沒有人向你報告")).to_be_visible()
    rep.open_tab("今日")
    expect(rep.heading("今日")).to_be_visible()
    expect(rep.page.get_by_role("link", name=re.compile("^團隊今日"))).to_have_count(0)
