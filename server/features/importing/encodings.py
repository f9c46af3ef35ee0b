"""Turns a file's bytes into text without guessing: one encoding for the whole file, or a refusal.

Files from Taiwan are UTF-8 or one of two kinds of Big5. Each step of the ladder is strict, so a step is
taken only when every byte fits it.
"""

import codecs
import re
from typing import NamedTuple

from server.features.importing.problems import BadInputError, Problem

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LADDER = ("utf-8", "cp950", "big5hkscs")
LINE_BREAK = re.compile(r"\r\n|\r|\n")
THREE_BYTES = 0x800
"""Code points from here on take three bytes or more in UTF-8."""


class Decoded(NamedTuple):
    """A file's text and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, file: str, encoding: str | None = None) -> Decoded:
    """Decode a whole file: by its byte order mark, else by the given encoding, else by the ladder.

    Raises BadInputError with the line and the byte (counted from 1 in the file) that does not fit.
    """
    for bom, name in BOMS:
        if data.startswith(bom):
            return _by(data, file, (name,), len(bom))
    return _by(data, file, (encoding,) if encoding else LADDER)


def count_breaks(text: str) -> int:
    """How many lines end in the text."""
    return sum(1 for _ in LINE_BREAK.finditer(text))


def _by(data: bytes, file: str, encodings: tuple[str, ...], skip: int = 0) -> Decoded:
    failures: list[tuple[int, str]] = []
    for encoding in encodings:
        try:
            return Decoded(data[skip:].decode(encoding), encoding)
        except UnicodeDecodeError as failure:
            failures.append((failure.start, encoding))
            if encoding == LADDER[0] and len(encodings) > 1:
                _refuse_mixture(data, file)
    # The encoding that came farthest is most likely the one that was meant.
    start, encoding = max(failures, key=lambda failure: failure[0])
    raise BadInputError(_undecodable(data, file, skip, start, encoding))


def _undecodable(data: bytes, file: str, skip: int, start: int, encoding: str) -> Problem:
    before, at = data[skip : skip + start].decode(encoding), skip + start
    details = {"byte": at + 1, "value": f"0x{data[at]:02X}", "encoding": encoding}
    return Problem("import_undecodable", file, count_breaks(before) + 1, None, details)


def _refuse_mixture(data: bytes, file: str) -> None:
    """Refuse a file that is not UTF-8 although some lines plainly are, even if Big5 takes every byte.

    One UTF-8 ideograph alone never passes for Big5 (its third byte has no partner), two may. The other
    way round, a line of Big5 that is also UTF-8 with two such characters is next to impossible.
    """
    lines = data.splitlines()
    utf8 = next((n for n, line in enumerate(lines, 1) if _is_plainly_utf8(line)), None)
    other = next(n for n, line in enumerate(lines, 1) if not _is(line, LADDER[0]))
    encoding = next((name for name in LADDER[1:] if _is(lines[other - 1], name)), None)
    if utf8 is not None and encoding is not None:
        details = {"encoding": encoding, "other_line": other}
        raise BadInputError(Problem("import_mixed_encodings", file, utf8, None, details))


def _is_plainly_utf8(line: bytes) -> bool:
    return _is(line, LADDER[0]) and sum(ord(c) >= THREE_BYTES for c in line.decode()) >= 2


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
