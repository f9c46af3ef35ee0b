"""The app stays small enough for a cheap phone on a slow link: KB of gzip, as the browser fetches it."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

DIST = Path(__file__).resolve().parents[2] / "pwa" / "dist"
FIRST_LOAD_KB = 90
ALL_KB = 300
"""Of all languages together, and fetched behind the screens: why it grew stands in docs/performance.md."""


@pytest.fixture(scope="module")
def dist() -> Path:
    if not (DIST / "index.html").exists():
        pytest.fail("pwa/dist is missing: run `make test`, which builds it.")
    return DIST


def gzip_kb(files: set[Path]) -> float:
    return sum(len(gzip.compress(f.read_bytes(), 9)) for f in files) / 1024


SIGN_IN = ("src/i18n/zh-Hant/index.ts", "src/features/session/views/sign-in.tsx", "src/transport/index.ts")


def manifest(dist: Path) -> dict[str, Any]:
    return json.loads((dist / "build-manifest.json").read_text())


def first_load(dist: Path) -> set[Path]:
    """On a new device: what the page names, the words of one language, the sign-in and its way to the server."""
    parts = manifest(dist)
    page = (dist / "index.html").read_text()
    names = {name.lstrip("/") for name in re.findall(r'<script[^>]+src="([^"]+)"', page)}
    waiting = ["index.html", *SIGN_IN]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            names.add(parts[key]["file"])
            waiting += parts[key].get("imports", [])
    return {dist / name for name in names}


def test_the_first_load_of_a_new_device_is_within_its_budget(dist: Path):
    files = first_load(dist)
    assert files
    assert gzip_kb(files) <= FIRST_LOAD_KB


def test_the_page_runs_as_soon_as_one_file_is_here(dist: Path):
    # A file that the first one imported would start another request, and could run before what it needs.
    assert "imports" not in manifest(dist)["index.html"]


def test_all_code_together_is_within_its_budget(dist: Path):
    files = set(dist.rglob("*.js"))
    assert first_load(dist) < files
    assert gzip_kb(files) <= ALL_KB


def test_the_page_has_no_inline_script_style_or_foreign_address(dist: Path):
    page = (dist / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r"https?://", page)


def test_the_order_of_style_layers_is_known_before_any_style(dist: Path):
    page = (dist / "index.html").read_text()
    assert re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', page)[0] == "/layers.css"
    order = re.search(r"@layer ([^;{]+);", (dist / "layers.css").read_text())
    assert order
    used = {name for f in dist.rglob("*.css") for name in re.findall(r"@layer (\w+)\{", f.read_text())}
    assert used == set(order[1].split(", "))
