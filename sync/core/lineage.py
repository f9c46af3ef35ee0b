"""Which devices are one author's past, so that nobody ever conflicts with themselves (SPEC 5.2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lineage:
    """A device and its ancestors: `(device, last seq that it shares with its descendant)`."""

    device: str
    ancestors: tuple[tuple[str, int], ...] = ()

    def includes(self, device: str, seq: int) -> bool:
        """Tell whether a device's mutation belongs to this lineage."""
        if device == self.device:
            return True
        return any(device == name and seq <= last for name, last in self.ancestors)

    def fork(self, device: str, last_equal_seq: int) -> "Lineage":
        """Return the lineage of a new device that shares this one's past up to a seq."""
        return Lineage(device, ((self.device, last_equal_seq), *self.ancestors))

    def before(self, seq: int) -> "Lineage":
        """Return what came before the own device's mutation `seq`, which may be a replayed one."""
        return Lineage("", ((self.device, seq - 1), *self.ancestors))
