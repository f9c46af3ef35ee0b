"""What a person does on a screen, told by the words that stand there; it counts the taps."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.device import Device

TRIES = 40
TRY_MS = 500


@dataclass
class Hands:
    """A person at an open device; `taps` counts since it was last set."""

    device: Device
    taps: int = 0

    @property
    def page(self) -> Page:
        """What the person looks at."""
        return self.device.page

    def tap(self, role: str, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Tap the one thing of this role and name."""
        place = within or self.page
        exact = isinstance(name, str)
        place.get_by_role(role, name=name, exact=exact).tap()  # pyright: ignore[reportArgumentType]
        self.taps += 1

    def field(self, label: str) -> Locator:
        """A field of the open sheet; its label may go on, as in 電話，可不填."""
        return self.sheet.get_by_label(re.compile(f"^{re.escape(label)}"))

    def type(self, label: str, text: str) -> None:
        """Put words into a field of the open sheet, instead of what is there."""
        self.field(label).fill(text)

    def add(self, label: str, text: str, after: str = "\n") -> None:
        """Write on behind what stands in a field of the open sheet."""
        before = self.field(label).input_value()
        self.type(label, f"{before}{after}{text}" if before else text)

    @property
    def sheet(self) -> Locator:
        """The sheet that lies over the screen."""
        return self.page.get_by_role("dialog")

    def sign_in(self, login: str, password: str) -> None:
        """Sign in on the entry screen."""
        self.page.get_by_label("帳號").fill(login)
        self.page.get_by_label("密碼").fill(password)
        self.tap("button", "登入")
        expect(self.heading("今日")).to_be_visible()

    def enter_password(self, password: str) -> None:
        """Give the password again, as asked for after a session ended."""
        self.tap("button", "登入")
        self.sheet.get_by_label("密碼").fill(password)
        self.tap("button", "登入", self.sheet)

    def heading(self, name: str) -> Locator:
        """A heading that begins with these words."""
        return self.page.get_by_role("heading", name=re.compile(f"^{re.escape(name)}"))

    def wait_until_all_is_sent(self) -> None:
        """Until the sign on every screen says that everything is at the company."""
        expect(self.page.get_by_role("link", name="全部都在公司了")).to_be_visible(timeout=30_000)

    def wait_until_downloaded(self) -> None:
        """Until the first download is over."""
        expect(self.page.get_by_text(re.compile("第一次下載"))).to_have_count(0, timeout=30_000)

    def open_tab(self, name: str) -> None:
        """One of the four tabs; its label may carry a count."""
        menu = self.page.get_by_role("navigation", name="主選單")
        self.tap("link", re.compile(f"^{name}"), menu)

    def find_customer(self, words: str, name: str) -> None:
        """Search the list and open the customer of this name."""
        self.open_tab("客戶")
        self.page.get_by_role("searchbox", name="找公司、人名、電話").fill(words)
        self.page.get_by_role("list", name="客戶").get_by_role("link", name=name).tap()
        expect(self.page.get_by_role("main", name=name)).to_be_visible()

    def show_profile(self) -> None:
        """The part of the open customer with what is known, notes and sites."""
        self.tap("tab", "資料")

    def edit_customer(self) -> None:
        """Open the sheet for the customer on the screen."""
        self.show_profile()
        self.tap("button", "改客戶資料")
        expect(self.field("電話")).to_be_visible()

    def edit_site(self, name: str) -> None:
        """Open the sheet for a site of the customer on the screen."""
        self.show_profile()
        self.tap("button", re.compile(f"^{name}"))
        expect(self.field("地址")).to_be_visible()

    def save(self, name: str, said: str) -> None:
        """Press the sheet's button, and wait until the app says that it is safe."""
        self.tap("button", name, self.sheet)
        self.hears(said)

    def hears(self, said: str) -> None:
        """Wait for a notice with these words."""
        expect(self.page.get_by_role("status").filter(has_text=said)).to_be_visible()

    def sync_until_all_is_sent(self) -> None:
        """Press "try again" as long as something waits, as one does where the signal is bad."""
        self.open_tab("我的")
        self.tap("link", "同步")
        done = self.page.get_by_role("heading", name="全部都在公司了")
        for _ in range(TRIES):
            self.tap("button", "再試一次")
            self.page.wait_for_timeout(TRY_MS)
            if done.is_visible() and self.is_quiet:
                return
        expect(done).to_be_visible()

    @property
    def is_quiet(self) -> bool:
        """Whether the last attempt reached the server and nothing is under way."""
        return self.page.get_by_role("link", name=re.compile("全部都在公司了|需要你，")).first.is_visible()
