"""What was said and signed without a network survives a killed browser and reaches the colleague over a bad link."""

import re

from playwright.sync_api import expect

from tests.e2e.bad_link import Weather
from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands
from tests.e2e.test_photos import BLOBS, wait_for

MEMO = re.compile("^錄音 0:0[1-9]$")
SIGNER = "王建宏"
NOTES = "兩台都裝好了"


def sign(hands: Hands) -> None:
    """Hand the device over, let the customer sign, and accept it."""
    page = hands.page
    hands.tap("button", "請客戶簽名", hands.sheet)
    hands.type("誰簽名", SIGNER)
    hands.tap("button", "交給客戶簽", hands.sheet)
    expect(hands.sheet.get_by_text(NOTES)).to_be_visible()
    expect(hands.sheet.get_by_role("button", name="收下簽名")).to_have_count(0)
    expect(hands.sheet.get_by_role("button", name="不簽了")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(hands.sheet.get_by_role("button", name="簽好了，請交還")).to_be_disabled()
    box = hands.sheet.get_by_role("img", name="請在框裡簽名").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + 15 * step, box["y"] + 60 + 30 * (step % 2))
    page.mouse.up()
    hands.tap("button", "簽好了，請交還", hands.sheet)
    hands.tap("button", "收下簽名", hands.sheet)
    expect(hands.sheet.get_by_text(f"{SIGNER} 簽名")).to_be_visible()


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

    # A second one, ended by what comes next: both belong to the visit.
    rep.type("重點", NOTES)
    rep.tap("button", "錄一段話", rep.sheet)
    expect(rep.sheet.get_by_role("button", name=re.compile("^停止錄音 0:0[1-9]"))).to_be_visible(timeout=20_000)
    sign(rep)
    rep.save("儲存拜訪", "存好了")
    rep.page.goto(address)
    visit = rep.page.get_by_role("article").first
    expect(visit.get_by_role("button", name=MEMO)).to_have_count(2)
    expect(visit.get_by_role("button", name=f"{SIGNER} 簽名")).to_be_visible()
    expect(visit.get_by_text("還沒上傳")).to_have_count(3)

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
    colleague.page.goto(address)
    theirs.get_by_role("button", name=f"{SIGNER} 簽名").tap()
    expect(colleague.sheet.get_by_role("img", name=f"{SIGNER} 簽名")).to_be_visible(timeout=30_000)

    # What the author corrects afterwards was not signed, and both are told so.
    rep.page.goto(address)
    rep.page.get_by_role("article").first.get_by_role("button", name=re.compile("^更正")).tap()
    rep.type("重點", f"{NOTES}，另加一台")
    rep.save("儲存更正", "更正存好了")
    expect(visit.get_by_text("簽名後內容改過")).to_be_visible()
    rep.sync_until_all_is_sent()
    colleague.page.goto(address)
    wait_for(theirs.get_by_text("簽名後內容改過").is_visible, colleague.page)
    assert rep.device.problems + colleague.device.problems == []


def test_a_refused_microphone_says_how_to_allow_it(company: Company, books: Books, at_work: AtWork) -> None:
    pk, _ = books.customers_of("台中屯區")[1]
    hands = at_work("phone", "chen")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.tap("button", "錄一段話", hands.sheet)
    expect(hands.sheet.get_by_role("alert").filter(has_text="麥克風")).to_be_in_viewport(ratio=1)
    assert hands.device.problems == []
