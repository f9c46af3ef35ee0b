"""A phone or tablet: one browser profile behind its own bad link, opened and closed like a real one."""

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.e2e.bad_link import BadLink
from tests.factories.machine import require

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--proxy-bypass-list=<-loopback>",
)
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""A microphone that hears beeps, and a person who allows it."""
PHONE = (390, 844)
TABLET = (820, 1180)
DESKTOP = (1280, 800)
CHEAP_PHONE = (360, 640)


@dataclass
class Device:
    """A profile that outlives its browser process; `link` is its connection."""

    name: str
    folder: Path
    origin: str
    seed: int = 1
    size: tuple[int, int] = PHONE
    language: str = "zh-TW"
    scripts: tuple[str, ...] = ()
    microphone: bool = False
    context: BrowserContext | None = None
    problems: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.link = BadLink(self.seed)

    def open(self, playwright: Playwright, path: str = "/") -> Page:
        """Start the browser (a cold start: a new process) at a path of the app."""
        width, height = self.size
        self.context = playwright.chromium.launch_persistent_context(
            str(self.folder / self.name),
            executable_path=str(require("Chromium")),
            headless=True,
            args=[*ARGUMENTS, *(MICROPHONE if self.microphone else ()), f"--proxy-server={self.link.address}"],
            viewport={"width": width, "height": height},
            locale=self.language,
            timezone_id="Asia/Taipei",
            has_touch=True,
            service_workers="allow",
        )
        for script in self.scripts:
            self.context.add_init_script(script)
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.origin + path)
        return page

    @property
    def page(self) -> Page:
        """The open page."""
        assert self.context is not None, f"{self.name} is not open"
        return self.context.pages[0]

    def crash(self) -> None:
        """Kill the browser's process: no page hears of it, nothing is written down."""
        profile = f"--user-data-dir={self.folder / self.name}"
        running = [
            pid for pid, words in commands() if profile in words and not any(w.startswith("--type=") for w in words)
        ]
        assert running, f"{self.name} is not open"
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        self.context = None

    def close(self) -> None:
        """End the browser process, as when a phone swipes the app away."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def discard(self) -> None:
        """Close the browser and its link for good."""
        self.close()
        self.link.close()


def commands() -> Iterator[tuple[int, list[str]]]:
    """Every process that can be looked at: its id and the words of its command."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            yield int(folder.name), (folder / "cmdline").read_text(errors="replace").split("\0")


def clock_ahead(days: int) -> str:
    """An init script that turns a page's wall clock ahead, monotonic time untouched."""
    return (
        f"(() => {{ const shift = {days} * 86400000; const Real = Date;"
        " class Shifted extends Real { constructor(...a) { if (a.length) super(...a); else super(Real.now() + shift); }"
        " static now() { return Real.now() + shift; } }"
        " globalThis.Date = Shifted; })();"
    )
