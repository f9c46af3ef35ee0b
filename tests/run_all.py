"""Runs every test suite, one after another, and ends with one line that sums them all."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"


@dataclass(frozen=True)
class Suite:
    """A test command that writes a JUnit file; `{report}` in the command stands for that file."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


@dataclass(frozen=True)
class Count:
    """Tests by outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


PYTEST = (sys.executable, "-m", "pytest", "-q", "--junitxml={report}")
SUITES = (
    Suite("python", (*PYTEST, "-n", "2", "tests", "--ignore=tests/e2e")),
    Suite("browser", (*PYTEST, "tests/e2e")),
    Suite(
        "pwa",
        ("npx", "vitest", "run", "--reporter=default", "--reporter=junit", "--outputFile={report}"),
        ROOT / "pwa",
    ),
)


def read_report(report: Path) -> Count:
    """Count the test cases of a JUnit file."""
    count = Count()
    for case in ET.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            count += Count(failed=1)
        elif case.find("skipped") is not None:
            count += Count(skipped=1)
        else:
            count += Count(passed=1)
    return count


def judge(exit_code: int, report: Path) -> Count:
    """Count a finished suite; one that died, or ran nothing, counts as one failure."""
    count = read_report(report) if report.exists() else Count()
    ran_nothing = count == Count()
    died_unreported = exit_code != 0 and count.failed == 0
    return count + Count(failed=1) if ran_nothing or died_unreported else count


def run_suite(suite: Suite) -> Count:
    """Run one suite in its folder, showing its output."""
    report = REPORTS / f"{suite.name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    print(f"== {suite.name}", flush=True)
    command = [part.format(report=report) for part in suite.command]
    return judge(subprocess.run(command, cwd=suite.folder, check=False).returncode, report)


def main(names: Iterable[str]) -> int:
    """Run the named suites (all when none is named); 0 only if no test failed."""
    chosen = set(names)
    total = sum((run_suite(s) for s in SUITES if not chosen or s.name in chosen), Count())
    if total.skipped:
        print(f"{total.skipped} skipped; the reasons are above", flush=True)
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
