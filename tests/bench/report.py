"""Turns measures into a table for people and a file for machines, and puts a run's table into docs/performance.md.

`python -m tests.bench.report var/bench/RUN.json` replaces what stands between the two marks of that page.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.measure import Measure, percentile

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def save(file: Path, conditions: Mapping[str, str], measures: Sequence[Measure]) -> None:
    """Write every single value with the conditions it was measured under."""
    file.parent.mkdir(parents=True, exist_ok=True)
    run = {"conditions": conditions, "measures": [asdict(measure) for measure in measures]}
    file.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(file: Path) -> tuple[dict[str, str], list[Measure]]:
    """Read what `save` wrote."""
    run: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return run["conditions"], [Measure(**measure) for measure in run["measures"]]


def markdown(conditions: Mapping[str, str], measures: Sequence[Measure]) -> str:
    """The run as a list of conditions and a table."""
    lines = [f"- {name}: {value}" for name, value in conditions.items()]
    lines += ["", "| measured | aim | answer | median | p90 | worst | n | verdict |", "|---" * 8 + "|"]
    lines += [row(measure) for measure in measures]
    return "\n".join(lines)


def row(measure: Measure) -> str:
    """One line of the table; the answer says which value of the row it is."""
    worst = min(measure.values) if measure.more_is_better else max(measure.values)
    poor = 10 if measure.more_is_better else 90
    name = f"{measure.name} ({measure.note})" if measure.note else measure.name
    aim = "" if measure.aim is None else f"{'≥' if measure.more_is_better else '≤'} {shown(measure.aim)} {measure.unit}"
    cells = [
        name,
        aim,
        f"**{shown(measure.answer)} {measure.unit}** {measure.pick}",
        shown(percentile(measure.values, 50)),
        shown(percentile(measure.values, poor)),
        shown(worst),
        str(len(measure.values)),
        verdict(measure),
    ]
    return "| " + " | ".join(cells) + " |"


def verdict(measure: Measure) -> str:
    """Met, or missed and by how much."""
    if measure.is_met is None or measure.aim is None:
        return ""
    if measure.is_met:
        return "met"
    return f"**missed** by {shown(abs(measure.answer - measure.aim))} {measure.unit}"


def shown(value: float) -> str:
    """Three digits that matter, thousands set apart."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def publish(file: Path) -> None:
    """Put a run's table into the page."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    table = markdown(*load(file))
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
