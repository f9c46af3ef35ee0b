"""A voice memo recorded without a network survives a killed browser and reaches the colleague over a bad link."""

import re

from playwright.sync_api import expect

from tests.e2e.bad_link import Weather
from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.test_photos import BLOBS, wait_for

MEMO = re.compile("^錄音 0:0[1-9]$")
STOP = re.compile("^停止錄音")


def test_what_was_said_and_signed_offline_reaches_the_colleague(
    playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, fields = books.customers_of("台中屯區")[0]
    rep, colleague = at_work("phone", "chen", microphone=True), at_work("tablet", "lin")
    address = f"{company.origin}/customers/{pk}"
    rep.page.goto(address)
    rep.device.link.weather.is_down = True

    # Killed while it records: what was said until then is in the draft, and plays.
    rep.tap("button", "到了，開始拜訪")
    rep.tap("button", "錄一段話", rep.sheet)
    expect(rep.sheet.get_by_role("button", name=re.compile("^停止錄音 0:0[3-9]"))).to_be_visible(timeout=20_000)
    rep.device.crash()
    rep.device.open(playwright, "/")
    # A killed browser may or may not have written its cookie: here it had not.
    assert rep.device.context is not None
    rep.device.context.clear_cookies()
    rep.page.get_by_role("main").get_by_role("link", name=re.compile(re.escape(fields["name"][:3]))).last.tap()
    rep.tap("button", MEMO, rep.sheet)
    expect(rep.sheet.get_by_label(MEMO)).to_have_js_property("error", None)
    wait_for(lambda: rep.sheet.get_by_label(MEMO).evaluate("(audio) => audio.currentTime > 0.2"), rep.page)

    # A second one, ended by Save: both belong to the visit.
    rep.tap("button", "錄一段話", rep.sheet)
    expect(rep.sheet.get_by_role("button", name=re.compile("^停止錄音 0:0[1-9]"))).to_be_visible(timeout=20_000)
    rep.save("儲存拜訪", "存好了")
    rep.page.goto(address)
    visit = rep.page.get_by_role("article").first
    expect(visit.get_by_role("button", name=MEMO)).to_have_count(2)
    expect(visit.get_by_text("還沒上傳")).to_have_count(2)

    # Over a bad link they arrive whole, and the colleague hears them.
    rep.device.link.weather = Weather(drop_reply=0.3, cut_reply=0.2, repeat_request=0.2, prefix=BLOBS)
    rep.enter_password(company.password)
    rep.sync_until_all_is_sent()
    colleague.page.goto(address)
    theirs = colleague.page.get_by_role("article").first
    wait_for(lambda: theirs.get_by_role("button", name=MEMO).count() == 2, colleague.page)
    theirs.get_by_role("button", name=MEMO).first.tap()
    sound = colleague.sheet.get_by_label(MEMO)
    expect(sound).to_be_visible(timeout=30_000)
    expect(sound).to_have_js_property("error", None)
    assert rep.device.problems + colleague.device.problems == []


def test_a_refused_microphone_says_how_to_allow_it(company: Company, books: Books, at_work: AtWork) -> None:
    pk, _ = books.customers_of("台中屯區")[1]
    hands = at_work("phone", "chen")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.tap("button", "錄一段話", hands.sheet)
    expect(hands.sheet.get_by_role("alert").filter(has_text="麥克風")).to_be_in_viewport(ratio=1)
    assert hands.device.problems == []
