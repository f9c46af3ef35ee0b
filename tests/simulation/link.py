"""A bad link: requests and answers get lost, come twice, are cut at any byte or altered; the session may be over."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from tests.simulation.server import LostError, Server

FATES = {"requests lost": 2, "answers lost": 2, "requests doubled": 2, "requests cut": 1, "answers cut": 1}
"""What may happen on the way, and how often."""
UNAVAILABLE = {429, 502, 503}

T = TypeVar("T")


class RefusedError(LostError):
    """The server, or what stands before it, could not do it now; it may have done a part."""

    def __init__(self, status: int, data: bytes):
        super().__init__(status)
        self.receipts: list[dict[str, Any]] = error_in(data).get("details", {}).get("receipts", [])


@dataclass
class Link:
    """One device's way to the server, with its session.

    `faults` is how likely each common fate is.
    """

    server: Server
    person: str
    dice: Random
    tally: Counter[str]
    faults: float = 0.0
    token: str = ""
    old: list[bytes] = field(default_factory=list[bytes])

    def sign_in(self) -> None:
        """Get a session."""
        self.token = self.server.signed_in(self.person)

    def travel(
        self,
        door: str,
        body: bytes | None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """One request by the dice: the status, and the answer's bytes, which may end too early."""
        fate = self._fate()
        if fate:
            self.tally[fate] += 1
        if fate == "requests lost":
            raise LostError
        if fate == "requests cut" and body:
            self.server.ask_cut(self.token, door, body, self.dice.randrange(len(body)), headers)
            raise LostError
        status, data = self.server.ask(self.token, door, body, query, headers)
        if fate == "requests doubled":
            status, data = self.server.ask(self.token, door, body, query, headers)
        if fate == "answers lost":
            raise LostError
        return status, data[: self.dice.randrange(len(data))] if fate == "answers cut" and data else data

    def repeat_old(self, body: bytes) -> None:
        """Now and then an old push arrives once more, later than all the rest; nobody sees the answer."""
        self.old = [*self.old[-3:], body]
        if self.dice.random() < self.faults:
            self.tally["old requests late"] += 1
            self.server.ask(self.token, "push", self.dice.choice(self.old))

    def _fate(self) -> str:
        each = self.faults / max(FATES.values())
        at = self.dice.random()
        for name, weight in FATES.items():
            at -= each * weight
            if at < 0:
                return name
        return ""


def read(answer: tuple[int, bytes], parse: Callable[[bytes], T]) -> T:
    """A whole answer; raises LostError for one that was cut, RefusedError for what may work later."""
    status, data = answer
    if status in UNAVAILABLE:
        raise RefusedError(status, data)
    assert status == 200, data
    try:
        return parse(data)
    except (ValueError, IndexError) as problem:
        raise LostError from problem


def error_in(data: bytes) -> dict[str, Any]:
    """What a refusal says; nothing if it was cut, or comes from a proxy."""
    try:
        return json.loads(data)["error"]
    except ValueError:
        return {}
