"""Two tabs over one store: one may freeze with an answer in its hands, and wake when the other has gone on (R37)."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Tabs:
    """Answers that frozen tabs have not taken in yet; `is_freezing`: the next answer's tab will freeze."""

    is_freezing: bool = False
    asleep: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    def take(self, work: Callable[[], object]) -> None:
        """Do with an answer what is to be done, now or when the tab wakes."""
        if self.is_freezing:
            self.is_freezing = False
            self.asleep.append(work)
        else:
            work()

    def wake(self) -> int:
        """Frozen tabs go on where they were, each with its own picture of the store; returns how many."""
        woken, self.asleep = self.asleep, []
        for work in woken:
            work()
        return len(woken)

    def close(self) -> None:
        """All of them are gone, and with them what they had in hand."""
        self.is_freezing, self.asleep = False, []
