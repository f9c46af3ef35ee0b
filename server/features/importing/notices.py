"""What a person should look at before writing, although it is no fault."""

from collections.abc import Iterator, Mapping

from server.features.importing import mapping as m
from server.features.importing.draft import Drafts
from server.features.importing.problems import Problem
from server.features.importing.tables import Loaded, Table
from server.features.territories.services import UNASSIGNED_ID


def notices(mapping: m.Mapping, loaded: Loaded, drafts: Drafts, used: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Files and columns left out, encodings other than UTF-8, empty cells, customers that nobody has."""
    for file in loaded.unused_files:
        yield Problem("import_note_unused_file", file)
    shown = {section.table for section in m.sections(mapping)}
    for name, table in loaded.tables.items():
        if table.sheet.encoding != "utf-8":
            yield Problem("import_note_encoding", table.sheet.file, details={"encoding": table.sheet.encoding})
        if name in shown:
            yield from _columns(table, used[name], _optional(mapping, name))
    nobodys = sum(draft.fields["territory_id"] == UNASSIGNED_ID for draft in drafts.customers.values())
    if nobodys:
        file = loaded.tables[mapping.customers.table].sheet.file
        yield Problem("import_note_unassigned", file, details={"count": nobodys})


def _optional(mapping: m.Mapping, table: str) -> set[str]:
    """The columns of which an empty cell leaves a field empty."""
    given = [section.fields for section in m.sections(mapping) if section.table == table]
    return {column for fields in given for one in fields.values() for column in m.columns_of(one)}


def _columns(table: Table, used: set[str], shown: set[str]) -> Iterator[Problem]:
    file, rows = table.sheet.file, table.rows.values()
    unused = [column for column in table.sheet.columns if column not in used]
    if unused:
        yield Problem("import_note_unused_columns", file, details={"columns": unused})
    for column in table.sheet.columns:
        empty = sum(not row.cells[column] for row in rows) if column in shown else 0
        if empty:
            yield Problem("import_note_empty", file, None, column, {"empty": empty, "rows": len(rows)})
