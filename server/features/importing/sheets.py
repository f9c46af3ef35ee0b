"""Reads CSV so that every row and every cell still knows the line of the file it stands on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from server.features.importing.encodings import Decoded, count_breaks
from server.features.importing.problems import BadInputError, Problem

LONGEST_CELL = 1_000_000
"""Code points; a longer cell means a quote that never closes."""


@dataclass(frozen=True)
class Record:
    """One row of cells as they stand in the file; `line` is where it begins, counted from 1."""

    line: int
    cells: tuple[str, ...]

    def line_of(self, index: int) -> int:
        """The line on which a cell begins: quoted cells before it may have had several lines."""
        return self.line + sum(count_breaks(cell) for cell in self.cells[:index])


@dataclass(frozen=True)
class Sheet:
    """A file's rows; each record has one cell for each column."""

    file: str
    encoding: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]


def read_sheet(decoded: Decoded, file: str, delimiter: str = ",") -> Sheet:
    """Read a header and its rows; rows without any text are left out.

    Raises BadInputError, with every row that has too few or too many cells.
    """
    records = [record for record in _records(decoded.text, file, delimiter) if any(map(str.strip, record.cells))]
    if not records:
        raise BadInputError(Problem("import_no_header", file))
    header, *rows = records
    columns = tuple(name.strip() for name in header.cells)
    problems = [*_bad_names(file, header.line, columns), *_bad_widths(file, len(columns), rows)]
    if problems:
        raise BadInputError(*problems)
    return Sheet(file, decoded.encoding, columns, tuple(rows))


def _records(text: str, file: str, delimiter: str) -> Iterator[Record]:
    if (nul := text.find("\0")) >= 0:
        raise BadInputError(Problem("import_holds_nul", file, count_breaks(text[:nul]) + 1))
    csv.field_size_limit(LONGEST_CELL)
    # newline="" keeps the line breaks of quoted cells as they are, so that lines can be counted.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield Record(line, tuple(next(reader)))
        except StopIteration:
            return
        except csv.Error as fault:
            raise BadInputError(Problem("import_bad_quotes", file, line, None, {"fault": str(fault)})) from fault


def _bad_names(file: str, line: int, columns: tuple[str, ...]) -> list[Problem]:
    twice = {name for name in columns if columns.count(name) > 1}
    return [Problem("import_column_twice", file, line, name) for name in sorted(twice)]


def _bad_widths(file: str, width: int, rows: list[Record]) -> list[Problem]:
    return [
        Problem("import_cell_count", file, row.line, None, {"expected": width, "found": len(row.cells)})
        for row in rows
        if len(row.cells) != width
    ]
