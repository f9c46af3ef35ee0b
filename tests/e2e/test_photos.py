"""A photo taken without a network reaches the colleague, though the browser is killed and the link is bad."""

import base64
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.bad_link import Weather
from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.device import CHEAP_PHONE, PHONE, TABLET
from tests.e2e.hands import Hands
from tests.e2e.local import read_local
from tests.factories import files

NOTES = "三號機的壓力錶"
SECRET = b"PLACE OF THE SHOP"
BLOBS = "/sync/v1/blobs"
# Noise, which no encoder makes small: it must take several chunks.
DRAW = """async () => {
  const canvas = document.createElement('canvas');
  canvas.width = 2400; canvas.height = 1800;
  const pen = canvas.getContext('2d');
  const data = pen.createImageData(2400, 1800);
  let seed = 7;
  for (let i = 0; i < data.data.length; i++) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    data.data[i] = i % 4 === 3 ? 255 : (seed >> 16) & 255;
  }
  pen.putImageData(data, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.9);
}"""


def camera_file(page: Page, folder: Path) -> Path:
    """A photo as a phone's camera writes it: large, and telling where it was taken."""
    whole = base64.b64decode(page.evaluate(DRAW).partition(",")[2])
    exif = files.jpeg(tags=(files.ORIENTATION, files.GPS))
    told = exif[exif.index(b"\xff\xe1") : exif.index(b"\xff\xc0")]
    path = folder / "camera.jpg"
    path.write_bytes(whole[:2] + told + files.segment(0xFE, SECRET) + whole[2:])
    return path


# A browser that decodes no picture before it is let go, and counts what it was asked to.
SLOW_DECODING = """(() => {
  const decode = HTMLImageElement.prototype.decode;
  window.slow = { asked: 0, letGo() {}, hold() { this.gate = new Promise((done) => { this.letGo = done; }); } };
  HTMLImageElement.prototype.decode = async function () {
    window.slow.asked += 1;
    await window.slow.gate;
    return decode.call(this);
  };
})();"""
PHOTO = re.compile("的照片$")


def tall_picture(page: Page, folder: Path, colour: str) -> Path:
    """A picture as a phone held upright takes it, of one colour."""
    draw = """(colour) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 900, height: 1600 });
      const pen = canvas.getContext('2d');
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 900, 1600);
      return canvas.toDataURL('image/jpeg', 0.9);
    }"""
    path = folder / f"{colour}.jpg"
    path.write_bytes(base64.b64decode(page.evaluate(draw, colour).partition(",")[2]))
    return path


def huge_picture(folder: Path) -> Path:
    """A file of some KB that would take 400 MB of memory: 100 million black pixels."""
    width, height = 20_000, 5_000
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width // 8 + 1) * height)
    parts = [files.chunk(b"IHDR", head), files.chunk(b"IDAT", rows), files.chunk(b"IEND", b"")]
    path = folder / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def choose(hands: Hands, *paths: Path) -> None:
    """Choose pictures in the log sheet, without waiting for them."""
    with hands.page.expect_file_chooser() as chooser:
        hands.sheet.get_by_text("加照片").click()
    chooser.value.set_files(paths)


def wait_for(holds: Callable[[], bool], page: Page) -> None:
    """Until something holds, on a phone that finds a network again and again."""
    for _ in range(30):
        page.evaluate("dispatchEvent(new Event('online'))")
        if holds():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("it never came")


def add_photo(hands: Hands, path: Path) -> None:
    """Choose a picture in the log sheet, and wait until it is on the device."""
    with hands.page.expect_file_chooser() as chooser:
        hands.sheet.get_by_text("加照片").click()
    chooser.value.set_files(path)
    expect(hands.sheet.get_by_role("img", name=re.compile("的照片$"))).to_be_visible(timeout=20_000)


def test_a_photo_taken_offline_arrives_on_the_colleagues_device(
    company: Company, books: Books, at_work: AtWork, playwright, tmp_path: Path
) -> None:
    pk, _ = books.customers_of("台中屯區")[0]
    rep, colleague = at_work("phone", "chen"), at_work("tablet", "lin")
    address = f"{company.origin}/customers/{pk}"
    rep.device.page.goto(address)
    camera = camera_file(rep.page, tmp_path)

    # In the basement: the photo is kept with the draft, and with the visit, though the browser is killed.
    rep.device.link.weather.is_down = True
    rep.tap("button", "到了，開始拜訪")
    rep.type("重點", NOTES)
    add_photo(rep, camera)
    rep.save("儲存拜訪", "存好了")
    rep.device.crash()
    rep.device.open(playwright, f"/customers/{pk}")
    visit = rep.page.get_by_role("article").filter(has_text=NOTES)
    expect(visit.get_by_role("img", name=re.compile("的照片$"))).to_be_visible()
    expect(visit.get_by_text("還沒上傳")).to_be_attached()
    # A killed browser may or may not have written its cookie (Chromium does so now and then): here it had not.
    assert rep.device.context is not None
    rep.device.context.clear_cookies()

    # The visit gets through, no photo does: the colleague is told that it is on its way.
    rep.device.link.weather = Weather(drop_reply=1, prefix=BLOBS)
    rep.enter_password(company.password)
    wait_for(lambda: any(row.get("notes") == NOTES for row in books.rows("interaction").values()), rep.page)
    colleague.device.page.goto(address)
    theirs = colleague.page.get_by_role("article").filter(has_text=NOTES)
    expect(theirs).to_be_visible(timeout=30_000)
    expect(theirs.get_by_text("照片還在路上")).to_be_attached(timeout=30_000)
    assert not list((company.folder / "var").glob("blobs/[0-9a-f]*/*"))
    assert rep.page.get_by_role("link", name="全部都在公司了").count() == 0

    # A bad link, then rest: it arrives whole and once, small enough, without the place.
    rep.device.link.weather = Weather(drop_reply=0.3, cut_reply=0.2, repeat_request=0.2, prefix=BLOBS)
    seen = rep.device.link.weather.seen
    wait_for(lambda: seen["drop"] + seen["cut"] >= 6, rep.page)
    rep.device.link.weather = Weather()
    rep.sync_until_all_is_sent()
    photo = theirs.get_by_role("img", name=re.compile("的照片$"))
    wait_for(photo.is_visible, colleague.page)
    theirs.get_by_role("button", name=re.compile("的照片$")).tap()
    whole = colleague.sheet.get_by_role("img", name=re.compile("的照片$"))
    expect(whole).to_be_visible(timeout=30_000)
    assert whole.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [1600, 1200]
    kept = [path.read_bytes() for path in (company.folder / "var" / "blobs").glob("*/*")]
    assert len(kept) == 2
    assert max(map(len, kept)) > 2 * 64 * 1024, "it took several chunks"
    assert not any(SECRET in data or b"Exif" in data for data in kept)
    assert rep.device.problems + colleague.device.problems == []


def test_photos_that_are_still_being_made_small_outlive_their_sheet_and_are_waited_for_by_save(
    company: Company, books: Books, at_work: AtWork, tmp_path: Path
):
    pk, fields = books.customers_of("台中屯區")[2]
    hands = at_work("phone", "chen", scripts=(SLOW_DECODING,))
    hands.page.goto(f"{company.origin}/")
    red, blue = (tall_picture(hands.page, tmp_path, colour) for colour in ("red", "blue"))

    # Closed at once: the photo begins a draft by itself, which Today shows.
    hands.page.evaluate("slow.hold()")
    hands.page.evaluate(
        "(to) => { history.pushState(null, '', to); dispatchEvent(new Event('popstate')); }",
        f"/?sheet=log&s.customer={pk}",
    )
    choose(hands, red)
    expect(hands.sheet.get_by_text("照片處理中")).to_be_visible()
    hands.tap("button", "關閉，草稿會留著")
    expect(hands.sheet).to_have_count(0)
    hands.page.evaluate("slow.letGo()")
    hands.page.get_by_role("main").get_by_role("link", name=re.compile(re.escape(fields["name"][:3]))).last.tap()
    expect(hands.sheet.get_by_role("img", name=PHOTO)).to_have_count(1)

    # Saved at once: Save says that it waits, and both are there.
    hands.page.evaluate("slow.hold()")
    choose(hands, blue)
    expect(hands.sheet.get_by_text("照片處理中")).to_be_visible()
    hands.tap("button", "儲存拜訪", hands.sheet)
    expect(hands.sheet.get_by_role("button", name="照片處理中").last).to_be_disabled()
    hands.page.evaluate("slow.letGo()")
    hands.hears("存好了")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    expect(hands.page.get_by_role("article").first.get_by_role("img", name=PHOTO)).to_have_count(2)
    assert read_local(hands.page, books.person("chen")[0]).found["drafts"] == []
    hands.sync_until_all_is_sent()
    assert hands.device.problems == []


def test_a_photo_that_was_being_made_small_when_the_browser_was_killed_is_in_its_draft_afterwards(
    playwright, company: Company, books: Books, at_work: AtWork, tmp_path: Path
):
    pk, fields = books.customers_of("台中屯區")[4]
    hands = at_work("phone", "chen", scripts=(SLOW_DECODING,))
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.device.link.weather.is_down = True
    red = tall_picture(hands.page, tmp_path, "red")
    hands.page.evaluate("slow.hold()")
    hands.tap("button", "到了，開始拜訪")
    choose(hands, red)
    wait_for(lambda: hands.page.evaluate("slow.asked") > 0, hands.page)
    hands.device.crash()
    hands.device.open(playwright, "/")
    hands.page.get_by_role("main").get_by_role("link", name=re.compile(re.escape(fields["name"][:3]))).last.tap()
    expect(hands.sheet.get_by_role("img", name=PHOTO)).to_have_count(1, timeout=20_000)
    hands.save("儲存拜訪", "存好了")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    expect(hands.page.get_by_role("article").first.get_by_role("img", name=PHOTO)).to_have_count(1)
    assert hands.device.problems == []


def test_a_picture_of_100_million_pixels_is_refused_before_it_takes_the_memory(
    company: Company, books: Books, at_work: AtWork, tmp_path: Path
):
    pk, _ = books.customers_of("台中屯區")[1]
    hands = at_work("phone", "chen", scripts=(SLOW_DECODING,))
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    choose(hands, huge_picture(tmp_path))
    expect(hands.sheet.get_by_role("alert").filter(has_text="這個檔案打不開")).to_be_visible()
    assert hands.page.evaluate("slow.asked") == 0


def test_a_tall_photo_leaves_the_button_below_it_in_sight_and_two_taps_strike_it_out_once(
    company: Company, books: Books, at_work: AtWork, tmp_path: Path
):
    pk, _ = books.customers_of("台中屯區")[3]
    hands = at_work("tablet", "chen", size=(1180, 820))
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    add_photo(hands, tall_picture(hands.page, tmp_path, "red"))
    hands.save("儲存拜訪", "存好了")
    for width, height in ((1180, 820), PHONE, TABLET):
        hands.page.set_viewport_size({"width": width, "height": height})
        hands.page.goto(f"{company.origin}/customers/{pk}")
        hands.page.get_by_role("article").first.get_by_role("button", name=PHOTO).tap()
        expect(hands.sheet.get_by_role("img", name=PHOTO)).to_be_visible()
        expect(hands.sheet.get_by_role("button", name="拿掉這張照片")).to_be_in_viewport(ratio=1)
    hands.device.link.weather.is_down = True
    hands.sheet.get_by_role("button", name="拿掉這張照片").evaluate(
        "(button) => { button.click(); setTimeout(() => button.click(), 0); }"
    )
    hands.hears("照片拿掉了")
    local = read_local(hands.page, books.person("chen")[0])
    assert len([line for line in local.unsent if '"op":"void"' in line]) == 1
    hands.device.link.weather.is_down = False
    hands.sync_until_all_is_sent()


def test_a_renamed_program_is_no_photo_and_says_so(company: Company, books: Books, at_work: AtWork, tmp_path: Path):
    pk, _ = books.customers_of("台中屯區")[1]
    hands = at_work("phone", "chen", size=CHEAP_PHONE)
    hands.device.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.PROGRAM * 50)
    with hands.page.expect_file_chooser() as chooser:
        hands.sheet.get_by_text("加照片").click()
    chooser.value.set_files(path)
    # The sheet covers the bar where notices stand: it says so itself, and stays where it is.
    expect(hands.sheet.get_by_role("alert").filter(has_text="這個檔案打不開")).to_be_in_viewport(ratio=1)
    expect(hands.sheet.get_by_role("heading", name="記錄")).to_be_in_viewport(ratio=1)
    expect(hands.sheet.get_by_role("img", name=re.compile("的照片$"))).to_have_count(0)
