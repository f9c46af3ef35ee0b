"""Storage that the browser takes away: the person signs in again, and all that was sent is there."""

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.local import read_local

SENT = "清掉以前就送到了"


@pytest.fixture(autouse=True)
def served(company: Company) -> None:
    """Each story begins with the server running."""
    company.start()


def test_a_device_that_lost_everything_asks_for_the_sign_in_and_begins_anew_with_all_that_was_sent(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[1]
    person = books.person("chen")[0]
    hands = at_work("evicted")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", SENT)
    hands.save("儲存拜訪", "的拜訪存好了")
    hands.wait_until_all_is_sent()
    former = read_local(hands.page, person).found["device"]

    hands.device.close()
    page = hands.device.open(playwright, "/health")
    assert hands.device.context is not None
    browser = hands.device.context.new_cdp_session(page)
    browser.send("Storage.clearDataForOrigin", {"origin": company.origin, "storageTypes": "all"})
    page.goto(company.origin)
    expect(page.get_by_label("帳號")).to_be_visible()
    hands.sign_in("chen", company.password)
    hands.wait_until_downloaded()
    hands.wait_until_all_is_sent()
    page.goto(f"{company.origin}/customers/{pk}")
    expect(page.get_by_role("article").filter(has_text=SENT)).to_contain_text("已上傳")
    local = read_local(page, person)
    assert local.is_whole
    assert local.found["device"] != former
    assert local.sums() == books.sums(books.granted(person))
    assert hands.device.problems == []
