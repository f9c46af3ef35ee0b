"""Several tabs of one person: one of them syncs, and all of them show the same within a second."""

from playwright.sync_api import Page, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands

WITHIN_MS = 1000
PHONE = "04-5555-6666"


def test_what_one_tab_writes_or_receives_shows_in_the_other(company: Company, books: Books, at_work: AtWork) -> None:
    pk, _ = books.customers_of("台中屯區")[0]
    hands, colleague = at_work("phone", "chen"), at_work("tablet", "lin")
    first, second = two_tabs(hands, f"{company.origin}/customers/{pk}")

    # Written here: shown there, and sent by whichever of them has the turn.
    first.get_by_role("button", name="到了，開始拜訪").tap()
    first.get_by_role("dialog").get_by_label("重點").fill("兩個分頁都要看到")
    first.get_by_role("button", name="儲存拜訪").tap()
    expect(first.get_by_role("status").filter(has_text="存好了")).to_be_visible()
    expect(second.get_by_role("article").filter(has_text="兩個分頁都要看到")).to_be_visible(timeout=WITHIN_MS)

    # Received here: shown there.
    colleague.device.page.goto(f"{company.origin}/customers/{pk}")
    colleague.edit_customer()
    colleague.type("電話", PHONE)
    colleague.save("儲存客戶", "客戶資料存好了")
    colleague.wait_until_all_is_sent()
    for tab in (first, second):
        tab.get_by_role("tab", name="資料").tap()
    first.evaluate("dispatchEvent(new Event('online'))")
    expect(first.get_by_text(PHONE)).to_be_visible(timeout=15_000)
    expect(second.get_by_text(PHONE)).to_be_visible(timeout=WITHIN_MS)
    assert hands.device.problems == []


def two_tabs(hands: Hands, address: str) -> tuple[Page, Page]:
    """Two tabs of one browser on the same screen."""
    assert hands.device.context is not None
    second = hands.device.context.new_page()
    second.on("pageerror", lambda error: hands.device.problems.append(str(error)))
    for tab in (hands.page, second):
        tab.goto(address)
        expect(tab.get_by_role("button", name="到了，開始拜訪")).to_be_visible()
    return hands.page, second
