"""What a person does on a screen, told by the words that stand there; it counts the taps."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.device import Device


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

    def type(self, label: str, text: str) -> None:
        """Put words into a labelled field of the open sheet, instead of what is there."""
        self.sheet.get_by_label(label, exact=True).fill(text)

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
