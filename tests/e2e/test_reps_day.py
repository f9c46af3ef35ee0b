"""What reps do every day on two devices: a new customer, a corrected log, and what cannot go on as it was typed."""

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.books import Books, Fields
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands
from tests.e2e.story import NEXT_PATCH, PATCH

FOUND = {"公司名稱": "永豐精密", "電話": "04-2567-8899", "備註": "展場遇到，先寄目錄"}
FIRST, CORRECTED = "談了八台", "談了十八台，月底前要報價"
MEANWHILE = "談到一半，這家換人負責了"


@pytest.fixture
def rep(at_work: AtWork) -> Hands:
    """A rep at a phone."""
    return at_work("rep", "chen")


@pytest.fixture
def colleague(at_work: AtWork) -> Hands:
    """Somebody who works the same patch, at a phone of their own."""
    return at_work("colleague", "lin")


def offline(hands: Hands, *, is_so: bool) -> None:
    """Lose or find the signal."""
    hands.device.link.weather.is_down = is_so


def add_customer(hands: Hands, typed: dict[str, str]) -> None:
    """Search in vain, and add what was searched for; each field is heard with a pause before its remark."""
    name = typed["公司名稱"]
    hands.open_tab("客戶")
    hands.page.get_by_role("searchbox", name="找公司、人名、電話").fill(name)
    hands.tap("button", re.compile(f"新增.*{name}"))
    expect(hands.field("公司名稱")).to_have_value(name)
    expect(hands.sheet.get_by_role("textbox", name=re.compile("^電話 ?， ?可不填$"))).to_be_visible()
    for label in ("電話", "備註"):
        hands.type(label, typed[label])
    hands.save("儲存客戶", "客戶資料存好了")


def test_a_customer_found_offline_is_the_colleagues_too_after_the_sync(
    rep: Hands, colleague: Hands, books: Books
) -> None:
    offline(rep, is_so=True)
    add_customer(rep, FOUND)
    expect(rep.page.get_by_role("main", name=FOUND["公司名稱"])).to_be_visible()
    assert FOUND["公司名稱"] not in {row["name"] for row in books.rows("customer").values()}
    offline(rep, is_so=False)
    rep.sync_until_all_is_sent()
    [(_, saved)] = [pair for pair in books.customers_of(PATCH) if pair[1]["name"] == FOUND["公司名稱"]]
    assert (saved["phone"], saved["notes"], saved["stage"]) == (FOUND["電話"], FOUND["備註"], "prospect")

    colleague.sync_until_all_is_sent()
    colleague.find_customer("25678899", FOUND["公司名稱"])
    colleague.show_profile()
    expect(colleague.page.get_by_role("main").get_by_text(FOUND["備註"])).to_be_visible()


def test_a_corrected_visit_reads_the_same_for_both_and_keeps_what_it_said(
    rep: Hands, colleague: Hands, books: Books
) -> None:
    pk, fields = books.customers_of(PATCH)[0]
    log(rep, fields, FIRST)
    rep.wait_until_all_is_sent()
    offline(rep, is_so=True)
    rep.tap("button", re.compile("^更正.*拜訪"), event(rep, FIRST))
    rep.type("重點", CORRECTED)
    rep.save("儲存更正", "更正存好了")
    expect(event(rep, CORRECTED)).to_be_visible()
    offline(rep, is_so=False)
    rep.sync_until_all_is_sent()
    colleague.sync_until_all_is_sent()
    for hands in (rep, colleague):
        hands.find_customer(fields["name"][:2], fields["name"])
        expect(event(hands, CORRECTED)).to_have_count(1)
        expect(hands.page.get_by_text(FIRST, exact=True)).to_have_count(0)
    assert [row["notes"] for row in visits(books, pk) if FIRST in row["notes"] or CORRECTED in row["notes"]] == [
        CORRECTED
    ]
    said = [json.loads(line)["patch"].get("notes") for line in books.history() if '"entity":"interaction"' in line]
    assert [notes for notes in said if notes in {FIRST, CORRECTED}] == [FIRST, CORRECTED]


def log(hands: Hands, fields: Fields, words: str) -> None:
    """Visit this customer, and note these words."""
    hands.find_customer(fields["name"][:2], fields["name"])
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", words)
    hands.save("儲存拜訪", "的拜訪存好了")


def event(hands: Hands, words: str) -> Locator:
    """The item of the timeline with these words."""
    return hands.page.get_by_role("article").filter(has_text=words)


def visits(books: Books, customer_id: str) -> list[Fields]:
    """The logs about a customer that have notes."""
    return [row for row in books.children("interaction", customer_id).values() if row.get("notes")]


def test_a_log_names_the_customer_who_leaves_while_it_is_typed(rep: Hands, company: Company, books: Books) -> None:
    pk, fields = books.customers_of(PATCH)[1]
    rep.find_customer(fields["name"][:2], fields["name"])
    rep.tap("button", "到了，開始拜訪")
    rep.type("重點", MEANWHILE)
    company.run("customer", "move", pk, "--to", NEXT_PATCH)
    rep.tap("button", "關閉，草稿會留著")
    rep.sync_until_all_is_sent()
    rep.open_tab("今日")
    rep.tap("link", fields["name"], rep.page.get_by_role("listitem").filter(has_text=MEANWHILE))
    expect(rep.sheet.get_by_text(fields["name"])).to_be_visible()
    # The office would park it for the next test to find; whether it got there hung on how slowly this browser closed.
    offline(rep, is_so=True)
    rep.save("儲存拜訪", f"{fields['name']} 的拜訪存好了")


def test_a_new_customer_without_a_territory_waits_with_its_reason_until_it_is_mended_or_let_go(
    rep: Hands, company: Company, books: Books
) -> None:
    kept, given_up = "大成五金", "大明五金"
    offline(rep, is_so=True)
    for name in (kept, given_up):
        add_customer(rep, {**FOUND, "公司名稱": name})
    me = books.person("chen")[0]
    mine = [row["name"] for row in books.rows("territory").values() if me in row["person_ids"]]
    for territory in mine:
        company.run("territory", "unassign", territory, "chen")
    offline(rep, is_so=False)
    rep.sync_until_all_is_sent()

    rep.open_tab("需要你")
    for name in (kept, given_up):
        expect(card(rep, name).get_by_text("轄區")).to_be_visible()
        expect(card(rep, name).get_by_text(FOUND["備註"])).to_be_visible()
    rep.tap("button", "不送了", card(rep, given_up))
    expect(card(rep, given_up)).to_have_count(0)
    for territory in mine:
        company.run("territory", "assign", territory, "chen")
    rep.tap("button", "修改再送", card(rep, kept))
    expect(rep.field("公司名稱")).to_have_value(kept)
    rep.type("電話", "04-2000-0000")
    rep.save("儲存客戶", "客戶資料存好了")
    rep.sync_until_all_is_sent()
    known = {row["name"]: row for row in books.rows("customer").values()}
    assert known[kept]["phone"] == "04-2000-0000"
    assert given_up not in known
    assert {row["state"] for row in books.rows("parked").values()} == {"superseded", "dismissed"}
    rep.open_tab("客戶")
    rep.page.get_by_role("searchbox", name="找公司、人名、電話").fill("五金")
    expect(rep.page.get_by_role("link", name=kept)).to_be_visible()
    expect(rep.page.get_by_role("link", name=given_up)).to_have_count(0)


def card(hands: Hands, name: str) -> Locator:
    """The card of what the company could not take about this customer."""
    return hands.page.get_by_role("article").filter(has_text=name)
