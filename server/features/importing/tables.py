"""The mapping's tables, filled from files: cleaned rows, found by key, that know where they come from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.features.importing import mapping as m
from server.features.importing.encodings import decode
from server.features.importing.problems import BadInputError, Problem
from server.features.importing.sheets import Record, Sheet, read_sheet

KEY_GLUE = "\0"
"""Between the parts of a key: no file that is accepted holds it."""


@dataclass(frozen=True)
class Row:
    """One row: cleaned cells by column, and its place."""

    table: str
    file: str
    columns: tuple[str, ...]
    record: Record
    key: str
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where the row begins."""
        return f"{self.file}:{self.record.line}"

    def problem(self, code: str, column: str | None = None, **details: object) -> Problem:
        """A fault of this row, at the line on which the named cell begins."""
        line = self.record.line_of(self.columns.index(column)) if column in self.columns else self.record.line
        return Problem(code, self.file, line, column, details)


@dataclass(frozen=True)
class Table:
    """A file's rows by key, in the file's order."""

    name: str
    sheet: Sheet
    rows: Mapping[str, Row]


@dataclass
class Loaded:
    """What was read: all tables that could be, and every fault."""

    tables: dict[str, Table] = field(default_factory=dict[str, Table])
    problems: list[Problem] = field(default_factory=list[Problem])
    unused_files: list[str] = field(default_factory=list[str])


def read_files(paths: Iterable[Path]) -> dict[str, bytes]:
    """The files' bytes by name; raises BadInputError for those that cannot be read or share a name."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in paths:
        if path.name in found:
            problems.append(Problem("import_file_twice", path.name))
        try:
            found[path.name] = path.read_bytes()
        except OSError as fault:
            problems.append(Problem("import_unreadable", path.name, details={"why": fault.strerror}))
    if problems:
        raise BadInputError(*problems)
    return found


def load(mapping: m.Mapping, files: Mapping[str, bytes], used: Mapping[str, set[str]]) -> Loaded:
    """Fill every table of the mapping from the files of its names; `used` are the columns it needs."""
    loaded = Loaded(unused_files=sorted(files.keys() - {table.file for table in mapping.tables.values()}))
    for name, table in mapping.tables.items():
        try:
            loaded.tables[name] = _load_table(mapping.reading, name, table, files, used[name], loaded.problems)
        except BadInputError as bad:
            loaded.problems += bad.problems
    if len(loaded.tables) == len(mapping.tables):
        loaded.problems += _dangling(mapping, loaded.tables)
    return loaded


def _load_table(
    reading: m.Reading, name: str, table: m.Table, files: Mapping[str, bytes], used: set[str], problems: list[Problem]
) -> Table:
    if table.file not in files:
        raise BadInputError(Problem("import_file_missing", table.file))
    sheet = read_sheet(decode(files[table.file], table.file, reading.encoding), table.file, reading.delimiter)
    if missing := sorted(used - set(sheet.columns)):
        raise BadInputError(*(Problem("import_no_column", table.file, 1, column) for column in missing))
    rows: dict[str, Row] = {}
    for record in sheet.records:
        row = _row(reading, name, table, sheet, record)
        problem = _bad_key(table, row, rows)
        if problem:
            problems.append(problem)
        else:
            rows[row.key] = row
    return Table(name, sheet, rows)


def _row(reading: m.Reading, name: str, table: m.Table, sheet: Sheet, record: Record) -> Row:
    cells = {column: _clean(reading, cell) for column, cell in zip(sheet.columns, record.cells, strict=True)}
    key = KEY_GLUE.join(cells[column] for column in table.key)
    return Row(name, sheet.file, sheet.columns, record, key, cells)


def _clean(reading: m.Reading, cell: str) -> str:
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    if reading.line_break:
        text = text.replace(reading.line_break, "\n")
    text = "\n".join(line.strip() for line in text.split("\n")).strip()
    return "" if text in reading.empty else text


def _bad_key(table: m.Table, row: Row, rows: Mapping[str, Row]) -> Problem | None:
    column = table.key[0]
    if not all(row.cells[part] for part in table.key):
        return row.problem("import_empty_key", next(part for part in table.key if not row.cells[part]))
    if row.key in rows:
        value = row.key.replace(KEY_GLUE, ", ")
        return row.problem("import_key_twice", column, value=value, other_line=rows[row.key].record.line)
    return None


def _dangling(mapping: m.Mapping, tables: Mapping[str, Table]) -> list[Problem]:
    """Cells that name a row which is nowhere in the file they point to; later rows count."""
    return [
        row.problem("import_unknown_reference", column, value=row.cells[column], file=tables[target].sheet.file)
        for name, table in tables.items()
        for column, target in mapping.tables[name].references.items()
        for row in table.rows.values()
        if row.cells[column] and row.cells[column] not in tables[target].rows
    ]
