"""A photo taken without a network reaches the colleague, though the browser is killed and the link is bad."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.bad_link import Weather
from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands
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

    # The visit gets through, no photo does: the colleague is told that it is on its way.
    rep.device.link.weather = Weather(drop_reply=1, prefix=BLOBS)
    rep.enter_password(company.password)  # the killed browser had not written its cookie
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


def test_a_renamed_program_is_no_photo_and_says_so(company: Company, books: Books, at_work: AtWork, tmp_path: Path):
    pk, _ = books.customers_of("台中屯區")[1]
    hands = at_work("phone", "chen")
    hands.device.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.PROGRAM * 50)
    with hands.page.expect_file_chooser() as chooser:
        hands.sheet.get_by_text("加照片").click()
    chooser.value.set_files(path)
    hands.hears("這個檔案打不開")
    expect(hands.sheet.get_by_role("img", name=re.compile("的照片$"))).to_have_count(0)
