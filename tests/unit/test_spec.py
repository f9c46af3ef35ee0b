"""SPEC.md names the tests that would miss each clause: a name that is nowhere proves nothing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "sync" / "SPEC.md").read_text("utf-8")
SOURCES = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "pwa" / "src").rglob("*.test.ts*")]
FILES = {path.name for path in SOURCES}
DEFINED = {name for path in SOURCES for name in re.findall(r"(?:def|class) (\w+)", path.read_text("utf-8"))}
INVARIANTS = 27


def test_every_file_that_it_names_exists() -> None:
    named = set(re.findall(r"\b(?:test_\w+\.py|[\w-]+\.test\.ts)\b", SPEC))
    paths = set(re.findall(r"\b(?:tests|pwa/src)/[\w./-]*\w", SPEC)) | {
        f"sync/{v}" for v in re.findall(r"vectors/\w+\.json", SPEC)
    }
    vectors = {f"sync/vectors/{name}" for name in re.findall(r"`(\w+\.json)`", SPEC)}
    assert named
    assert named <= FILES
    assert [path for path in sorted(paths | vectors) if not (ROOT / path).exists()] == []


def test_every_test_that_it_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+|Test\w+)`", SPEC))
    assert named
    assert named <= DEFINED


def test_every_invariant_has_its_row() -> None:
    rows = re.findall(r"^\| I(\d+) \| .+ \| .+ \|$", SPEC, re.MULTILINE)
    assert [int(number) for number in rows] == list(range(1, INVARIANTS + 1))
