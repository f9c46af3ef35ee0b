"""A page that the browser freezes, or whose database it closes, while it saves: nothing is lost or twice there."""

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands

WORDS = "主軸異音已排除，客戶要再看一次報價"

CLOSE_AT = """(() => {
  // The browser closes the database at the nth moment of writing an act down: a transaction begun, or just committed.
  let left = CLOSE_AFTER;
  const moment = (db, txn) => {
    if (!window.isSaving || left-- !== 0) return;
    try { txn.abort(); } catch { /* committed */ }
    db.close();
    setTimeout(() => db.dispatchEvent(new Event("close")));
    window.wasClosed = true;
  };
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
    const txn = begin.call(this, stores, mode, ...rest);
    if (mode !== "readwrite" || !this.name.startsWith("baifang-") || !window.isSaving) return txn;
    txn.addEventListener("complete", () => moment(this, txn));
    setTimeout(() => moment(this, txn));
    return txn;
  };
})();"""

SAVE = """() => {
  window.isSaving = true;
  document.querySelector("dialog button[type=submit]").click();
}"""


@pytest.fixture(autouse=True)
def served(company: Company) -> None:
    """Each story begins with the server running."""
    company.start()


def begin_visit(hands: Hands, company: Company, pk: str, words: str) -> None:
    """Open the log of a visit and write these words."""
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.field("重點").press_sequentially(words)


def notes(books: Books, pk: str, words: str) -> int:
    """How often the company has a visit with these words."""
    return [row.get("notes") for row in books.children("interaction", pk).values()].count(words)


@pytest.mark.parametrize("moment", range(2))
def test_a_database_that_is_closed_while_a_visit_is_saved_holds_it_once(
    company: Company, books: Books, at_work: AtWork, moment: int
) -> None:
    pk, _ = books.customers_of("台中屯區")[moment]
    hands = at_work(f"closed{moment}", scripts=(CLOSE_AT.replace("CLOSE_AFTER", str(moment)),))
    begin_visit(hands, company, pk, WORDS)
    hands.page.evaluate(SAVE)
    hands.hears("的拜訪存好了")
    assert hands.page.evaluate("window.wasClosed") is True
    hands.wait_until_all_is_sent()
    assert notes(books, pk, WORDS) == 1
    assert hands.device.problems == []


def test_a_page_that_is_frozen_while_a_visit_is_saved_goes_on_where_it_was(
    company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[2]
    hands = at_work("frozen")
    begin_visit(hands, company, pk, WORDS)
    assert hands.device.context is not None
    browser = hands.device.context.new_cdp_session(hands.page)
    hands.page.evaluate(SAVE)
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    hands.page.wait_for_timeout(2_000)
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    hands.hears("的拜訪存好了")
    hands.wait_until_all_is_sent()
    assert notes(books, pk, WORDS) == 1
    assert hands.device.problems == []


def test_what_was_typed_until_the_page_was_frozen_outlives_its_end(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, fields = books.customers_of("台中屯區")[3]
    hands = at_work("typing")
    begin_visit(hands, company, pk, WORDS)
    assert hands.device.context is not None
    browser = hands.device.context.new_cdp_session(hands.page)
    hands.page.keyboard.type("！")
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    hands.page.wait_for_timeout(1_000)
    hands.device.crash()

    page = hands.device.open(playwright)
    page.get_by_role("listitem").filter(has_text="寫到一半").get_by_role("link", name=fields["name"]).tap()
    expect(hands.field("重點")).to_have_value(f"{WORDS}！")
