"""A customer leaves a rep's patch while something is half typed about it: the customer goes, the words stay."""

from playwright.sync_api import expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.local import read_local
from tests.e2e.places import Place, show

WORDS = "說好下週把舊機拉走，還沒寫完"


def test_a_sheet_says_that_its_customer_left(books: Books, at_work: AtWork) -> None:
    pk, fields = books.customers_of("台中山海線")[0]
    hands = at_work("sheet")
    show(hands.page, hands.device.origin, Place("touch", f"/?sheet=touch&s.customer={pk}"))
    expect(hands.sheet.get_by_text("已不在你名單裡的客戶")).to_be_visible()
    expect(hands.sheet.get_by_text(fields["name"])).to_have_count(0)


# The last one: what it leaves behind waits for its author, and the next would not begin with everything sent.
def test_a_draft_outlives_the_leave_of_its_customer(company: Company, books: Books, at_work: AtWork) -> None:
    pk, fields = books.customers_of("台中屯區")[0]
    hands = at_work("phone")
    hands.find_customer(fields["name"][:2], fields["name"])
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", WORDS)
    hands.tap("button", "關閉，草稿會留著")
    company.run("customer", "move", pk, "--to", "台中山海線")
    hands.page.evaluate("dispatchEvent(new Event('online'))")
    expect(hands.page.get_by_text("這家客戶不在你的名單裡")).to_be_visible(timeout=15_000)

    hands.open_tab("今日")
    hands.page.get_by_role("listitem").filter(has_text=WORDS).get_by_role("link").tap()
    expect(hands.field("重點")).to_have_value(WORDS)
    hands.tap("button", "儲存拜訪", hands.sheet)
    hands.hears("的拜訪存好了")
    hands.sync_until_all_is_sent()
    kept = [str(row.get("notes")) for row in books.children("interaction", pk).values()]
    held = [str(row["mutation"]) for row in books.rows("parked").values()]
    assert any(WORDS in text for text in [*kept, *held])
    assert read_local(hands.page, books.person("chen")[0]).texts == []
    assert hands.device.problems == []
