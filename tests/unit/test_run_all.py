"""The closing line of `make test` may never claim more than the suites reported."""

import sys
from pathlib import Path

import pytest

from tests import run_all
from tests.run_all import Count, Suite, judge, run_suite

MIXED = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"/>
<testcase name="c"><failure/></testcase><testcase name="d"><error/></testcase>
<testcase name="e"><skipped/></testcase></testsuite></testsuites>"""

GREEN = "<testsuite><testcase name='a'/></testsuite>"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.xml"


def fake_suite(xml: str, exit_code: int) -> Suite:
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2]); sys.exit(int(sys.argv[3]))"
    return Suite("fake", (sys.executable, "-c", script, "{report}", xml, str(exit_code)))


def test_counts_every_outcome(report: Path):
    report.write_text(MIXED)
    assert judge(1, report) == Count(passed=2, failed=2, skipped=1)


def test_a_suite_that_ran_nothing_is_a_failure(report: Path):
    report.write_text("<testsuites/>")
    assert judge(0, report) == Count(failed=1)


def test_a_suite_that_wrote_no_report_is_a_failure(report: Path):
    assert judge(0, report) == Count(failed=1)


def test_a_suite_that_died_after_green_tests_is_a_failure(report: Path):
    report.write_text(GREEN)
    assert judge(3, report) == Count(passed=1, failed=1)


@pytest.mark.parametrize(
    ("xml", "suite_exit", "line", "exit_code"),
    [(GREEN, 0, "1 passed, 0 failed", 0), (MIXED, 1, "2 passed, 2 failed", 1)],
)
def test_the_last_line_is_the_total(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    xml: str,
    suite_exit: int,
    line: str,
    exit_code: int,
):
    monkeypatch.setattr(run_all, "REPORTS", tmp_path)
    monkeypatch.setattr(run_all, "SUITES", (fake_suite(xml, suite_exit),))
    assert run_all.main([]) == exit_code
    assert capfd.readouterr().out.splitlines()[-1] == line


def test_a_stale_report_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(run_all, "REPORTS", tmp_path)
    (tmp_path / "fake.xml").write_text(GREEN)
    assert run_suite(Suite("fake", (sys.executable, "-c", ""))) == Count(failed=1)
