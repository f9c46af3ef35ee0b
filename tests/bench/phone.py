"""A cheap phone: 360×640, its processor slowed, touched and typed on through the browser's own input, and watched."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Playwright

from tests.e2e.device import ARGUMENTS, CHEAP_PHONE
from tests.factories.machine import require

PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
FRAME = 200
"""Pixels of the browser's window around the page; Playwright leaves none, and what lies outside is never drawn."""
TOUCH_S = 0.06
"""A finger's tap is no shorter; each event of it is timed from its own moment."""
LEAST_MS = 16.0
"""The browser reports no input faster than this; it counts as this."""
SPIN = """() => {
  const begin = performance.now();
  for (let i = 0, x = 0; i < 2e7; i++) x = (x * 31 + i) | 0;
  return performance.now() - begin;
}"""
Taken = Mapping[str, list[Any]]


@dataclass
class Phone:
    """One browser profile; `open` starts a new browser process on it, `slowdown` times slower."""

    playwright: Playwright
    profile: Path
    origin: str
    slowdown: int = 1
    context: BrowserContext | None = None
    problems: list[str] = field(default_factory=list[str])

    def open(self) -> None:
        """Start the browser, slow it down, and watch every page from its first moment."""
        width, height = CHEAP_PHONE
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=str(require("Chromium")),
            headless=True,
            args=list(ARGUMENTS),
            viewport={"width": width, "height": height},
            locale="zh-TW",
            timezone_id="Asia/Taipei",
            has_touch=True,
            service_workers="allow",
        )
        self.context.add_init_script(PROBE)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self._cdp = self.context.new_cdp_session(self.page)
        window = self._cdp.send("Browser.getWindowForTarget")["windowId"]
        bounds = {"width": width + FRAME, "height": height + FRAME}
        self._cdp.send("Browser.setWindowBounds", {"windowId": window, "bounds": bounds})
        self.slow_down(self.slowdown)

    def slow_down(self, times: int) -> None:
        """Slow the page's main thread down; the browser slows nothing else."""
        self.slowdown = times
        self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def close(self) -> None:
        """End the browser process."""
        if self.context is not None:
            self.context.close()
            self.context = None

    @property
    def page(self) -> Page:
        """The open page."""
        assert self.context is not None
        return self.context.pages[0]

    def spin(self) -> float:
        """How long a fixed loop takes, ms: the quotient of two shows what the slowing really does."""
        return min(float(self.page.evaluate(SPIN)) for _ in range(3))

    # Opening

    def start(self, path: str = "/") -> float:
        """Go to a path; returns the milliseconds from the start of the navigation until Today is usable."""
        self.page.goto(self.origin + path, wait_until="commit")
        return float(self.page.evaluate("bench.whenUsable.then(() => bench.usable)"))

    def forget_code(self) -> None:
        """Fetch everything from the server from now on, as if nothing had been kept; the data stays."""
        self._cdp.send("Network.enable")
        self._cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._cdp.send("Network.setBypassServiceWorker", {"bypass": True})

    # Touching

    def tap(self, target: Locator) -> None:
        """Put a finger on the middle of something and lift it."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None, f"{target} is not on the screen"
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self._cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        time.sleep(TOUCH_S)
        self._cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def press(self, key: str) -> None:
        """Press a key: one character, or Backspace."""
        text = {} if key == "Backspace" else {"text": key}
        code = {"windowsVirtualKeyCode": 8, "code": key} if key == "Backspace" else {}
        self._cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": key, **text, **code})
        self._cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, **code})

    # Watching

    def rest(self) -> Taken:
        """Wait until the page has nothing left to do; returns what happened since the last rest."""
        time.sleep(0.03)
        self.page.evaluate("bench.atRest()")
        time.sleep(0.03)
        return self.page.evaluate("bench.take()")

    def input_ms(self) -> float:
        """Wait for rest; returns how long the one input since the last rest took until its paint."""
        return slowest(self.rest())

    def databases(self) -> list[str]:
        """The names of the databases in this browser."""
        return [str(found["name"]) for found in self.page.evaluate("indexedDB.databases()")]

    @property
    def interactions(self) -> int:
        """How many inputs the browser itself has counted."""
        return int(self.page.evaluate("performance.interactionCount"))


def slowest(taken: Taken) -> float:
    """The longest event of an input, from the finger to the paint."""
    return max((float(event["duration"]) for event in taken["inputs"]), default=LEAST_MS)
