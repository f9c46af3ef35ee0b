"""Ends `make sim` with what was lived through; only where this folder alone is run."""

import json
from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many stories were told, how much happened in them, and what went wrong on the way."""
    reports = terminalreporter.getreports("passed")
    told = [json.loads(str(v)) for report in reports for name, v in report.user_properties if name == "told"]
    if not told:
        return
    faults = sum((Counter(one["faults"]) for one in told), Counter[str]())
    databases = ", ".join(sorted({one["database"] for one in told}))
    listed = ", ".join(f"{count} {name}" for name, count in faults.most_common())
    terminalreporter.write_line(f"{len(told)} stories on {databases}: {sum(one['acts'] for one in told)} acts")
    terminalreporter.write_line(f"{faults.total()} faults: {listed}")
