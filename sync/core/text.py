"""Three-way merge of text, so that two people's paragraphs survive each other (SPEC 5.10).

Positions are code points. The search is Myers' greedy algorithm: "An O(ND) Difference Algorithm
and Its Variations", Algorithmica 1 (1986).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

MAX_STEPS: Final = 1_000_000
_MIN_GAP: Final = 4


class Hunk(NamedTuple):
    """Replaces the base's code points `start` to `end` (end not included) by `text`."""

    start: int
    end: int
    text: str


class _Span(NamedTuple):
    """a[start:end] becomes b[new_start:new_end]."""

    start: int
    end: int
    new_start: int
    new_end: int


def diff(a: str, b: str, max_steps: int = MAX_STEPS) -> list[Hunk]:
    """Return the hunks that turn `a` into `b`, in order, at least four equal points apart."""
    before = _common_prefix(a, b)
    after = _common_prefix(a[before:][::-1], b[before:][::-1])
    found = _core(a[before : len(a) - after], b[before : len(b) - after], max_steps)
    spans = [_Span(*(before + place for place in span)) for span in found]
    return [Hunk(s.start, s.end, b[s.new_start : s.new_end]) for s in _joined(_aligned(a, b, spans), _MIN_GAP)]


def merge3(base: str, current: str, new: str, max_steps: int = MAX_STEPS) -> tuple[str, bool]:
    """Return the base with both sides' changes, and whether any passage had to be kept twice."""
    if base == current:
        return new, False
    if new in (base, current):
        return current, False
    pieces: list[str] = []
    at = 0
    overlapped = False
    for ours, theirs in _regions(diff(base, current, max_steps), diff(base, new, max_steps)):
        both = [*ours, *theirs]
        start, end = min(hunk.start for hunk in both), max(hunk.end for hunk in both)
        passage, marked = _combined(base, ours, theirs, start, end)
        pieces += (base[at:start], passage)
        at = end
        overlapped = overlapped or marked
    return "".join((*pieces, base[at:])), overlapped


def _common_prefix(a: str, b: str) -> int:
    """Return how many leading code points are equal, by halving: comparing slices is fast."""
    if a[:1] != b[:1]:
        return 0
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _core(a: str, b: str, max_steps: int) -> list[_Span]:
    """Return the spans between texts without a common prefix or suffix."""
    if not a and not b:
        return []
    whole = _Span(0, len(a), 0, len(b))
    rounds = _search(a, b, max_steps) if a and b else None
    return [whole] if rounds is None else _joined(_edits(len(a), len(b), rounds), 1)


def _search(a: str, b: str, max_steps: int) -> list[list[int]] | None:
    """Return the frontier before each round of the search; None when the steps run out.

    In round d, `v[d + 1 + k]` is the furthest x on diagonal k that d - 1 edits reach. A step is
    one diagonal in one round.
    """
    len_a, len_b = len(a), len(b)
    rounds = [[0, 0, 0]]
    steps = 0
    d = 0
    while True:
        before = rounds[d]
        v = [0, *before, 0]
        for k in range(-d, d + 1, 2):
            steps += 1
            if steps > max_steps:
                return None
            left, right = before[d + k], before[d + 2 + k]
            x = right if k == -d or (k != d and left < right) else left + 1
            y = x - k
            while x < len_a and y < len_b and a[x] == b[y]:
                x += 1
                y += 1
            v[d + 2 + k] = x
            if x >= len_a and y >= len_b:
                return rounds
        rounds.append(v)
        d += 1


def _edits(x: int, y: int, rounds: list[list[int]]) -> list[_Span]:
    """Walk back from the end (x, y) and return the single insertions and deletions in order."""
    found: list[_Span] = []
    for d in range(len(rounds) - 1, 0, -1):
        before = rounds[d]
        k = x - y
        left, right = before[d + k], before[d + 2 + k]
        inserts = k == -d or (k != d and left < right)
        x = right if inserts else left
        y = x - k - 1 if inserts else x - k + 1
        found.append(_Span(x, x, y, y + 1) if inserts else _Span(x, x + 1, y, y))
    return found[::-1]


def _aligned(a: str, b: str, spans: list[_Span]) -> list[_Span]:
    """Move whole lines that came or went to where the line begins: "- x\\n", not "x\\n- "."""
    result: list[_Span] = []
    for span in spans:
        shift = _shift(a, b, span, result[-1].end if result else 0)
        result.append(_Span(*(place - shift for place in span)))
    return result


def _shift(a: str, b: str, span: _Span, floor: int) -> int:
    """Return how far to the left an insertion or deletion is one of whole lines, else 0."""
    start, end, new_start, new_end = span
    if (start == end) == (new_start == new_end):
        return 0
    side, first, last = (b, new_start, new_end) if start == end else (a, start, end)
    if "\n" not in side[first:last]:
        return 0
    for shift in range(start - floor + 1):
        is_line_start = shift == start or a[start - shift - 1] == "\n"
        if is_line_start and side[last - shift - 1] == "\n":
            return shift
        if shift == start or a[start - shift - 1] != side[last - shift - 1]:
            return 0
    return 0


def _joined(spans: list[_Span], gap: int) -> list[_Span]:
    """Make one of spans with fewer than `gap` equal points between them."""
    result: list[_Span] = []
    for span in spans:
        if result and span.start - result[-1].end < gap:
            last = result.pop()
            result.append(_Span(last.start, span.end, last.new_start, span.new_end))
        else:
            result.append(span)
    return result


def _regions(current: Sequence[Hunk], new: Sequence[Hunk]) -> list[tuple[list[Hunk], list[Hunk]]]:
    """Group hunks that overlap, directly or through one another; lone hunks are regions, too."""
    found: list[tuple[list[Hunk], list[Hunk]]] = []
    sided = [(hunk, 0) for hunk in current] + [(hunk, 1) for hunk in new]
    sided.sort(key=lambda item: (item[0].start, item[0].start != item[0].end))
    for hunk, side in sided:
        opposite = found[-1][1 - side] if found else []
        if not opposite or not _overlap(opposite[-1], hunk):
            found.append(([], []))
        found[-1][side].append(hunk)
    return found


def _overlap(a: Hunk, b: Hunk) -> bool:
    both_insert = a.start == a.end == b.start == b.end
    return both_insert or (a.start < b.end and b.start < a.end)


def _combined(base: str, ours: list[Hunk], theirs: list[Hunk], start: int, end: int) -> tuple[str, bool]:
    """Return both passages of a region as one, and whether they had to be marked."""
    c, n = _side(base, ours, start, end), _side(base, theirs, start, end)
    if not theirs or c == n:
        return c, False
    if not ours:
        return n, False
    if start == end:
        return (c + n if c.endswith("\n") or n.startswith("\n") else f"{c}\n{n}"), False
    return (c or n, False) if not c or not n else (f"⟪{c}⟫⟪{n}⟫", True)


def _side(base: str, hunks: list[Hunk], start: int, end: int) -> str:
    """Return what one side makes of the base between two positions."""
    pieces: list[str] = []
    at = start
    for hunk in hunks:
        pieces += (base[at : hunk.start], hunk.text)
        at = hunk.end
    return "".join((*pieces, base[at:end]))
