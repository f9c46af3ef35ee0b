"""Finds the browsers, databases and servers that the tests use, and says what is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HINT = (
    "Install it with `make system-deps`, or leave its tests out with ALLOW_MISSING={group} "
    "(a comma-separated list; they then count as skipped)."
)


def find_postgresql() -> Path | None:
    """The folder that holds initdb, pg_ctl and postgres."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    if pg_config := shutil.which("pg_config"):
        found = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(found.stdout.strip()))
    if postgres := shutil.which("postgres"):
        folders.append(Path(postgres).resolve().parent)
    complete = [f for f in folders if all((f / n).exists() for n in ("initdb", "pg_ctl"))]
    return max(complete, default=None)


def find_chromium() -> Path | None:
    """Debian's Chromium, or a Chrome installed by hand."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((Path(p) for p in map(shutil.which, names) if p), None)


def find_webkit() -> Path | None:
    """WebKitGTK's small browser, present together with its driver and a virtual screen."""
    browsers = sorted(Path("/usr").glob("lib*/*/webkit2gtk-4.1/MiniBrowser"))
    has_tools = shutil.which("WebKitWebDriver") and shutil.which("Xvfb")
    return browsers[-1] if browsers and has_tools else None


def find_program(name: str) -> Path | None:
    """A program that only administrators have on their path, too."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


NEEDS: dict[str, tuple[str, Callable[[], Path | None]]] = {
    "PostgreSQL": ("postgresql", find_postgresql),
    "Chromium": ("browsers", find_chromium),
    "WebKitGTK with its driver and Xvfb": ("browsers", find_webkit),
    "nginx": ("production", lambda: find_program("nginx")),
    "redis-server": ("production", lambda: find_program("redis-server")),
    "openssl": ("production", lambda: find_program("openssl")),
    "systemd-analyze": ("production", lambda: find_program("systemd-analyze")),
}


def allowed_missing() -> set[str]:
    """The groups that the person agreed to leave out."""
    return {name for name in os.environ.get("ALLOW_MISSING", "").split(",") if name}


def require(name: str) -> Path:
    """The path of a need; skips the test if it is missing and may be, else fails it."""
    group, find = NEEDS[name]
    if path := find():
        return path
    sentence = f"{name} was not found on this machine. {HINT.format(group=group)}"
    if group in allowed_missing():
        pytest.skip(sentence)
    pytest.fail(sentence)


def missing() -> list[str]:
    """One sentence for each need that is neither here nor allowed to be missing."""
    allowed = allowed_missing()
    return [
        f"{name} was not found on this machine. {HINT.format(group=group)}"
        for name, (group, find) in NEEDS.items()
        if group not in allowed and find() is None
    ]


if __name__ == "__main__":
    sentences = missing()
    print("\n".join(sentences), end="\n" if sentences else "", file=sys.stderr)
    sys.exit(1 if sentences else 0)
