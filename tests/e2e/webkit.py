"""WebKitGTK on a virtual screen: the nearest thing to Safari that runs here. Its sessions leave nothing behind."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Remote, WebKitGTKOptions
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service

from tests.factories.machine import require

PATIENCE_S = 30


@contextmanager
def webkit() -> Generator[Remote]:
    """A fresh browser of a phone's size."""
    options = WebKitGTKOptions()
    options.binary_location = str(require("WebKitGTK with its driver and Xvfb"))
    options.add_argument("--automation")
    with virtual_screen() as display:
        driver = Service(shutil.which("WebKitWebDriver"), env=os.environ | {"DISPLAY": display})
        driver.start()
        try:
            # selenium's own class for this browser still uses what selenium itself has deprecated.
            line = RemoteConnection(client_config=ClientConfig(remote_server_addr=driver.service_url))
            browser = Remote(line, options=options)
            browser.set_window_size(400, 860)
            yield browser
            browser.quit()
        finally:
            driver.stop()


@contextmanager
def virtual_screen() -> Generator[str]:
    """The name of a display that nobody sees."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1000x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def seen(browser: Remote, words: str) -> WebElement:
    """Wait for words that a person can see."""
    return waited(browser, f"//*[contains(normalize-space(text()), '{words}')]")


def pressable(browser: Remote, words: str) -> WebElement:
    """Wait for a link or button with these words in it or as its label."""
    return waited(
        browser,
        f"//*[self::a or self::button][contains(normalize-space(.), '{words}') or contains(@aria-label, '{words}')]",
    )


def labelled(browser: Remote, label: str) -> WebElement:
    """Wait for the field of a label, or one that carries its name itself."""
    return waited(browser, f"//input[@id=//label[normalize-space(.)='{label}']/@for] | //input[@aria-label='{label}']")


def waited(browser: Remote, path: str) -> WebElement:
    """The first element on this path that can be seen."""

    def look(_: Remote) -> list[WebElement]:
        return [one for one in browser.find_elements(By.XPATH, path) if one.is_displayed()]

    # A list that is drawn anew between finding and looking is looked at again.
    patience = WebDriverWait(browser, PATIENCE_S, ignored_exceptions=[StaleElementReferenceException])
    return patience.until(look, path)[0]
