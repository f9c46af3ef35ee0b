"""Says under which conditions a run was made, so that two runs are compared only where they may be."""

import os
import platform
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

from tests.bench.report import ROOT
from tests.factories.machine import find_chromium


def machine() -> dict[str, str]:
    """What runs, on what, and how busy it was at the start (1, 5 and 15 minutes)."""
    return {
        "date": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        "commit": commit(),
        "machine": f"{os.cpu_count()} × {processor()}, {memory_gb()} GB, Linux {platform.release()}",
        "load at start": load(),
        "Python": platform.python_version(),
        "browser": version_of(find_chromium()),
    }


def load() -> str:
    """The system's load averages."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def commit() -> str:
    """The commit, marked when the files differ from it."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def processor() -> str:
    """The processor's name, where the system tells it."""
    names = [line.split(":", 1)[1] for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    return names[0].strip() if names else platform.machine()


def memory_gb() -> int:
    """Main memory, rounded."""
    [total] = [line for line in read("/proc/meminfo").splitlines() if line.startswith("MemTotal")]
    return round(int(total.split()[1]) / 1024**2)


def version_of(program: Path | None) -> str:
    """What a program says of itself."""
    if program is None:
        return "none"
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def sqlite_version() -> str:
    """The library that Python brings."""
    return sqlite3.sqlite_version


def read(path: str) -> str:
    """A file of the system."""
    return Path(path).read_text(encoding="utf-8")
