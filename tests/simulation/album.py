"""Remembers every photo that anybody took, as the ledger does what they wrote."""

from dataclasses import dataclass, field


@dataclass
class Album:
    """What was photographed, by SHA-256; `subjects` are the things that photos are of, and nothing else is written on.

    Of `forgiven` the only bytes may have been in a store that was lost.
    """

    taken: dict[str, bytes] = field(default_factory=dict[str, bytes])
    subjects: dict[str, str] = field(default_factory=dict[str, str])
    erased: set[str] = field(default_factory=set[str])
    forgiven: set[str] = field(default_factory=set[str])

    def lost_with(self, held: dict[str, bytes], left: dict[str, bytes]) -> None:
        """A store was lost, and with it these files."""
        self.forgiven |= held.keys() - left.keys()

    def is_erased(self, sha: str) -> bool:
        """Whether what it shows was erased on request."""
        return self.subjects[sha] in self.erased
