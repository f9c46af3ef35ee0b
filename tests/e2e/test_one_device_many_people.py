"""Sessions on a shared, lost or long-offline device: nobody reads another's work, and no unsent word is lost."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands
from tests.e2e.local import read_local

WORDS = "還沒送出去的一句話"


@pytest.fixture(autouse=True)
def served(company: Company) -> None:
    """Each story begins with the server running."""
    company.start()


def write_offline(
    hands: Hands, company: Company, books: Books, words: str, patch: str = "台中屯區", nth: int = 0
) -> str:
    """Stop the server, log a visit with these words, and return the customer's id."""
    company.stop()
    pk, fields = books.customers_of(patch)[nth]
    hands.find_customer(fields["name"][:2], fields["name"])
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", words)
    hands.save("儲存拜訪", "的拜訪存好了")
    return pk


def notes_of(books: Books, pk: str, words: str) -> list[str]:
    """Who wrote these words about a customer, as the server knows it."""
    return [row["person_name"] for row in books.children("interaction", pk).values() if row.get("notes") == words]


def test_another_person_neither_reads_nor_sends_what_the_first_left(
    company: Company, books: Books, at_work: AtWork
) -> None:
    hands = at_work("shared")
    pk = write_offline(hands, company, books, WORDS)
    hands.open_tab("我的")
    hands.tap("button", "換人使用")
    expect(hands.page.get_by_role("button", name="登入")).to_be_visible()
    company.start()
    hands.sign_in("lin", company.password)
    hands.wait_until_all_is_sent()
    hands.page.goto(f"{company.origin}/customers/{pk}")
    expect(hands.page.get_by_role("button", name="到了，開始拜訪")).to_be_visible()
    expect(hands.page.get_by_text(WORDS)).to_have_count(0)
    sealed = read_local(hands.page, books.person("chen")[0])
    assert any(WORDS in line for line in sealed.unsent)
    assert sealed.found["mirror"] == []
    assert notes_of(books, pk, WORDS) == []

    hands.open_tab("我的")
    hands.tap("button", "換人使用")
    hands.tap("button", re.compile("陳柏翰"))
    hands.page.get_by_label("密碼").fill(company.password)
    hands.tap("button", "登入")
    hands.sync_until_all_is_sent()
    assert notes_of(books, pk, WORDS) == ["陳柏翰"]


def test_signing_out_is_refused_with_the_count_while_something_is_unsent(
    company: Company, books: Books, at_work: AtWork
) -> None:
    hands = at_work("phone")
    write_offline(hands, company, books, "先別登出")
    person = books.person("chen")[0]
    unsent = read_local(hands.page, person).unsent
    hands.open_tab("我的")
    hands.tap("button", "登出並清除這台裝置")
    expect(hands.page.get_by_role("alert")).to_contain_text("還有 1 筆沒上傳，現在登出")
    assert unsent
    assert read_local(hands.page, person).unsent == unsent
    company.start()
    hands.sync_until_all_is_sent()
    hands.open_tab("我的")
    hands.tap("button", "登出並清除這台裝置")
    expect(hands.page.get_by_role("button", name="登入")).to_be_visible()
    databases = hands.page.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")
    assert f"baifang-{person}" not in databases


def test_a_session_that_ended_while_offline_asks_for_the_password_and_goes_on(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    hands = at_work("phone")
    pk = write_offline(hands, company, books, "過期也不會掉")
    with closing(sqlite3.connect(books.path)) as connection, connection:
        connection.execute("UPDATE device_sessions SET last_seen_at = '2020-01-01 00:00:00'")
    hands.device.close()
    hands.device.open(playwright, f"/customers/{pk}")
    expect(hands.page.get_by_role("article").filter(has_text="過期也不會掉")).to_be_visible()
    company.start()
    hands.page.evaluate("dispatchEvent(new Event('online'))")
    expect(hands.page.get_by_text("登入過期了")).to_be_visible(timeout=15_000)
    hands.enter_password(company.password)
    hands.sync_until_all_is_sent()
    assert notes_of(books, pk, "過期也不會掉") == ["陳柏翰"]


def test_a_revoked_device_delivers_its_unsent_visits_by_itself_and_a_manager_adopts_one(
    company: Company, books: Books, at_work: AtWork
) -> None:
    lost, other, boss = at_work("lost", "huang"), at_work("other", "huang"), at_work("boss", "zhou")
    person = books.person("huang")[0]
    lost.device.link.weather.is_down = True
    said = [f"在遺失的手機上第{n}句" for n in range(3)]
    at = [write_offline(lost, company, books, words, "台中山海線", nth) for nth, words in enumerate(said)]
    company.start()
    other.open_tab("我的")
    other.tap("link", "登入的裝置")
    other.tap("button", "登出這台")
    other.hears("已經登出")

    lost.device.link.weather.is_down = False
    lost.page.evaluate("dispatchEvent(new Event('online'))")
    expect(lost.page.get_by_label("帳號")).to_be_visible(timeout=15_000)
    expect(lost.page.get_by_text("3 筆已送到")).to_be_visible(timeout=30_000)
    expect(lost.page.get_by_text(re.compile("第.句"))).to_have_count(0)
    kept = read_local(lost.page, person)
    assert (kept.found["mirror"], kept.unsent) == ([], [])
    assert [notes_of(books, pk, words) for pk, words in zip(at, said, strict=True)] == [[], [], []]

    boss.sync_until_all_is_sent()
    boss.open_tab("需要你")
    cards = [boss.page.get_by_role("article").filter(has_text=words) for words in said]
    for card in cards:
        expect(card).to_contain_text(f"{books.person('huang')[1]} 寫於")
    boss.tap("button", "採用", cards[0])
    boss.save("儲存更正", "更正存好了")
    boss.sync_until_all_is_sent()
    assert notes_of(books, at[0], said[0]) == [books.person("zhou")[1]]
    boss.open_tab("需要你")
    expect(cards[1]).to_be_visible()
    expect(cards[0]).to_have_count(0)


def test_what_a_person_left_who_gave_way_to_another_leaves_without_a_reload_once_access_is_ended(
    company: Company, books: Books, at_work: AtWork
) -> None:
    shared, other = at_work("given", "lin"), at_work("own", "lin")
    shared.device.link.weather.is_down = True
    write_offline(shared, company, books, "換人以前寫的")
    shared.open_tab("我的")
    shared.tap("button", "換人使用")
    expect(shared.page.get_by_role("button", name="登入")).to_be_visible()
    company.start()
    other.open_tab("我的")
    other.tap("link", "登入的裝置")
    other.tap("button", "登出這台")
    other.hears("已經登出")

    shared.device.link.weather.is_down = False
    shared.page.evaluate("dispatchEvent(new Event('online'))")
    expect(shared.page.get_by_text("1 筆已送到")).to_be_visible(timeout=30_000)
    assert read_local(shared.page, books.person("lin")[0]).unsent == []
