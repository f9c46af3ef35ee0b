"""Sets whose elements remember who added them, so that a remove takes only what it saw (SPEC 5.5)."""

from collections.abc import Iterable

from sync.core.lineage import Lineage
from sync.core.mutation import Rev
from sync.core.state import Dots, Write


def add(dots: Dots, names: Iterable[str], dot: Write, seen: Rev | None, lineage: Lineage) -> Dots:
    """Return the dots after adding elements: the new dot stands in for those that it saw."""
    result = dict(dots)
    for name in names:
        result[name] = (*_unseen(dots.get(name, ()), seen, lineage), dot)
    return result


def remove(dots: Dots, names: Iterable[str], seen: Rev | None, lineage: Lineage) -> Dots:
    """Return the dots after removing elements: unseen dots of others stay, and keep the element."""
    result = dict(dots)
    for name in names:
        left = _unseen(result.pop(name, ()), seen, lineage)
        if left:
            result[name] = left
    return result


def elements(dots: Dots) -> list[str]:
    """Return the elements present, sorted by their UTF-8 bytes (in Python the natural order)."""
    return sorted(dots)


def _unseen(dots: tuple[Write, ...], seen: Rev | None, lineage: Lineage) -> tuple[Write, ...]:
    return tuple(dot for dot in dots if (seen is None or dot.rev > seen) and not lineage.includes(dot.device, dot.seq))
