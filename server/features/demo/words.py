"""The demo's words from config/demo/taiwan.toml, and the seeded dice that choose among them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from server.settings import ROOT
from sync.core.ids import uuid5

NAMESPACE = "0c6f6a52-3f1e-5d0a-8a6b-7a1d6a1f2c44"

Words = Mapping[str, Any]


@cache
def words() -> Words:
    """The whole file, read once."""
    return tomllib.loads((ROOT / "config" / "demo" / "taiwan.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Dice:
    """Chances and ids of one customer: the same seed and number give the same ones for ever."""

    seed: str
    random: Random

    @classmethod
    def of(cls, seed: str, *path: object) -> "Dice":
        """Dice for one thing, independent of all others."""
        name = "/".join(map(str, (seed, *path)))
        return cls(name, Random(name))  # noqa: S311 (invents data, guards nothing)

    def id(self, *path: object) -> str:
        """An id for a thing of this customer."""
        return uuid5(NAMESPACE, "/".join(map(str, (self.seed, *path))))

    def one(self, choices: Sequence[Any]) -> Any:
        """One of several."""
        return self.random.choice(choices)

    def some(self, choices: Sequence[Any], most: int) -> list[Any]:
        """None to `most` of several, in a fixed order."""
        chosen = self.random.sample(range(len(choices)), self.random.randint(0, most))
        return [choices[place] for place in sorted(chosen)]

    def weighed(self, weights: Mapping[str, int]) -> str:
        """A key, as often as its weight says."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred."""
        return self.random.randrange(100) < percent

    def between(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(lowest, highest)
