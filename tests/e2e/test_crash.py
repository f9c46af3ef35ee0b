"""A phone that dies at the worst moment: what was promised is there, and nearly all of what was being typed."""

import time

from playwright.sync_api import Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork

AT_MOST_LOST_S = 0.5
WORDS = "主軸異音已排除，客戶要再看一次報價，下週三上午和廠長一起看現場，順便量管路。"


def test_what_the_app_said_is_saved_survives_a_kill(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, fields = books.customers_of("台中屯區")[0]
    hands = at_work("phone")
    company.stop()
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", WORDS)
    hands.save("儲存拜訪", "的拜訪存好了")
    hands.device.crash()

    page = hands.device.open(playwright, f"/customers/{pk}")
    visit = page.get_by_role("article").filter(has_text=WORDS)
    expect(visit).to_contain_text("在這台裝置")
    company.start()
    hands.open_tab("我的")
    hands.tap("link", "同步")
    hands.tap("button", "再試一次")
    # The browser writes cookies late too: then the app asks for the password, and goes on.
    asked, sent = page.get_by_role("button", name="登入"), page.get_by_role("heading", name="全部都在公司了")
    expect(asked.or_(sent)).to_be_visible(timeout=15_000)
    if asked.is_visible():
        hands.enter_password(company.password)
    expect(sent).to_be_visible(timeout=15_000)
    rows = books.children("interaction", pk).values()
    assert [row["notes"] for row in rows if row.get("notes") == WORDS] == [WORDS], fields["name"]


def test_a_kill_while_typing_loses_less_than_half_a_second(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    company.start()
    pk, fields = books.customers_of("台中屯區")[1]
    hands = at_work("phone")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.field("重點").focus()
    typed_at: list[float] = []
    for character in WORDS:
        hands.page.keyboard.type(character, delay=30)
        typed_at.append(time.monotonic())
    hands.device.crash()
    killed_at = time.monotonic()

    page = hands.device.open(playwright)
    page.get_by_role("listitem").filter(has_text="寫到一半").get_by_role("link", name=fields["name"]).tap()
    kept = hands.field("重點").input_value()
    assert WORDS.startswith(kept)
    assert len(kept) >= sum(killed_at - at > AT_MOST_LOST_S for at in typed_at)
