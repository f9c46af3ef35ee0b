"""One measured thing: every single value, the aim it is held against, and which value of the row is the answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Measure:
    """`pick` chooses the answer among `values`; `unit` is ms, s, KB, rows/s or × (a ratio).

    An aim is an upper bound, unless `more_is_better`.
    """

    name: str
    unit: str
    values: list[float] = field(default_factory=list[float])
    pick: str = "median"
    aim: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def answer(self) -> float:
        """The one number that the aim is held against."""
        return median(self.values) if self.pick == "median" else percentile(self.values, int(self.pick.lstrip("p")))

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.aim is None:
            return None
        return self.answer >= self.aim if self.more_is_better else self.answer <= self.aim


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: a value that really occurred."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
