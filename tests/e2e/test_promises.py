"""A promise from the customer's screen to its end: three taps with no signal, handed over, kept by the colleague."""

import re

from playwright.sync_api import expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.story import PATCH


def test_a_promise_takes_three_taps_offline_and_goes_to_the_colleague_who_keeps_it(
    company: Company, books: Books, at_work: AtWork
) -> None:
    customer_id, fields = books.customers_of(PATCH)[0]
    before = set(books.children("promise", customer_id))
    rep, colleague = at_work("rep", "chen"), at_work("colleague", "lin")
    colleague_id, colleague_name = books.person("lin")
    rep.page.goto(f"{company.origin}/customers/{customer_id}")
    rep.device.link.weather.is_down = True
    rep.taps = 0
    rep.tap("button", "記下答應的事")
    rep.tap("button", re.compile("^寄報價單"), rep.sheet)
    rep.save("記下來", "記下了")
    assert rep.taps == 3
    expect(rep.page.get_by_role("main")).to_contain_text("寄報價單")

    # It is somebody else's now: nobody has to remember to tell them.
    rep.page.get_by_role("link", name=re.compile("寄報價單")).first.tap()
    rep.field("誰負責").select_option(label=colleague_name)
    rep.save("儲存", "改好了")
    rep.device.link.weather.is_down = False
    rep.sync_until_all_is_sent()
    [pk] = set(books.children("promise", customer_id)) - before
    made = books.rows("promise")[pk]
    assert (made["what"], made["owner_id"], made["state"]) == ("寄報價單", colleague_id, "open")

    colleague.page.goto(f"{company.origin}/")
    colleague.page.evaluate("dispatchEvent(new Event('online'))")
    asked = colleague.page.get_by_role("listitem").filter(has_text=fields["name"][:4]).filter(has_text="寄報價單")
    expect(asked).to_be_visible(timeout=30_000)
    asked.get_by_role("button").tap()
    expect(asked).to_have_count(0)
    colleague.sync_until_all_is_sent()
    assert books.rows("promise")[pk]["state"] == "kept"

    rep.page.goto(f"{company.origin}/customers/{customer_id}")
    rep.page.evaluate("dispatchEvent(new Event('online'))")
    told = rep.page.get_by_role("article").filter(has_text="寄報價單").first
    expect(told).to_contain_text("做到了", timeout=30_000)
    assert rep.device.problems + colleague.device.problems == []
