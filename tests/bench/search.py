"""How long the app's own search takes over all customers of a slowed phone, apart from any drawing."""

import json
import subprocess
from pathlib import Path

from tests.bench.dataset import CACHE
from tests.bench.inputs import QUERIES
from tests.bench.measure import Measure
from tests.bench.phone import Phone
from tests.bench.report import ROOT

ENTRY = ROOT / "tests" / "bench" / "search.ts"
ROUNDS = 10
AIM_MS = 50


def search(phone: Phone) -> list[Measure]:
    """Run every query several times in the page, over the rows in its database."""
    [database] = [name for name in phone.databases() if name.startswith("baifang-")]
    call = f"searching.timeSearch({json.dumps(database)}, {json.dumps(QUERIES * ROUNDS)})"
    timed = phone.page.evaluate(f"() => {{ {bundle(ENTRY, 'searching')}\n return {call}; }}")
    name = f"search function over {timed['customers']:,} customers, CPU 4×"
    return [Measure(name, "ms", timed["ms"], "p98", AIM_MS)]


def bundle(entry: Path, name: str) -> str:
    """A module as one script that gives its exports this name, made by the bundler that builds the app."""
    file = CACHE / f"{entry.stem}.js"
    options = ["--format", "iife", "--name", name, "--no-codeSplitting", "--file", str(file)]
    command = ["npx", "rolldown", str(entry), *options]
    subprocess.run(command, cwd=ROOT / "pwa", check=True, capture_output=True)
    return file.read_text(encoding="utf-8")
