"""SPEC.md names the tests that would miss each clause: a name that is nowhere proves nothing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "sync" / "SPEC.md").read_text("utf-8")
SOURCES = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "pwa" / "src").rglob("*.test.ts*")]
FILES = {path.name for path in SOURCES}
DEFINED = {name for path in SOURCES for name in re.findall(r"(?:def|class) (\w+)", path.read_text("utf-8"))}
INVARIANTS, RULES = 27, 40
RESERVED = {14, 32}
"""Rules that wait for quotes and for the merging of duplicates."""


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


def last_cells(letter: str) -> dict[int, str]:
    """What a table names as tests, by number."""
    return {int(n): cell for n, cell in re.findall(rf"^\| {letter}(\d+) \| .+ \| (.+) \|$", SPEC, re.MULTILINE)}


def test_every_invariant_and_every_rule_has_its_row() -> None:
    assert [*last_cells("I")] == [*range(1, INVARIANTS + 1)]
    assert [*last_cells("R")] == [*range(1, RULES + 1)]


def test_every_row_names_a_test() -> None:
    cells = {f"{letter}{n}": cell for letter in "IR" for n, cell in last_cells(letter).items()}
    proof = re.compile(r"`(?:test_\w+(?:\.py)?|Test\w+|[\w-]+\.test\.ts|[\w]+\.json|tests/[\w/.]+)`|\bsim\b")
    assert {name for name, cell in cells.items() if not proof.search(cell)} == {f"R{n}" for n in RESERVED}
