"""Every row and cell knows the line it stands on, whatever its cells hold."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.importing.encodings import Decoded, count_breaks
from server.features.importing.problems import BadInputError
from server.features.importing.sheets import read_sheet

CELLS = st.text(st.sampled_from('ab ,"\n\r臺'), max_size=8)
SHEETS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))


def read(text: str, delimiter: str = ","):
    return read_sheet(Decoded(text, "utf-8"), "f.csv", delimiter)


def problems_of(text: str) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(BadInputError) as caught:
        read(text)
    return [(one.code, one.line, one.column) for one in caught.value.problems]


@given(SHEETS, st.sampled_from(["\n", "\r\n"]))
def test_any_table_comes_back_with_the_lines_on_which_its_cells_begin(rows, end):
    width = len(rows[0]) if rows else 1
    written = [[f"c{n}" for n in range(width)], *rows]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(written)
    text = out.getvalue()
    sheet = read(text)
    assert [list(record.cells) for record in sheet.records] == [row for row in rows if any(map(str.strip, row))]
    lines = list(io.StringIO(text, newline=""))
    for record in sheet.records:
        for index, cell in enumerate(record.cells):
            first = next(iter(io.StringIO(cell.replace('"', '""'), newline="")), "")
            assert first in lines[record.line_of(index) - 1]


def test_rows_after_a_cell_of_several_lines_keep_the_files_own_line_numbers():
    sheet = read('id,address\n1,"Obere Str. 57\nBerlin"\n2,Luleå\n\n3,"x"\n')
    assert [(record.line, record.cells[0]) for record in sheet.records] == [(2, "1"), (4, "2"), (6, "3")]


def test_a_cell_behind_one_of_several_lines_is_on_a_later_line():
    (record,) = read('a,b,c\n"1\r\n2\r\n3",x,y\n').records
    assert [record.line_of(index) for index in range(3)] == [2, 4, 4]


@given(st.text(st.sampled_from("a\r\n")))
def test_breaks_are_counted_as_the_csv_reader_counts_lines(text):
    assert count_breaks(text) == sum(line.endswith(("\r", "\n")) for line in io.StringIO(text, newline=""))


def test_column_names_lose_their_blanks_and_empty_rows_do_not_count():
    sheet = read(" a , b\n , \n\n1,2\n")
    assert sheet.columns == ("a", "b")
    assert [record.cells for record in sheet.records] == [("1", "2")]


def test_a_row_with_too_few_or_too_many_cells_is_named_and_all_of_them_are():
    assert problems_of("a,b\n1\n1,2\n1,2,3\n") == [("import_cell_count", 2, None), ("import_cell_count", 4, None)]


@pytest.mark.parametrize("text", ['a,b\n1,2\n3,"4\n5,6\n', 'a,b\n1,2\n3,"4"x\n'])
def test_quotes_that_do_not_match_are_named_where_they_begin(text):
    assert problems_of(text) == [("import_bad_quotes", 3, None)]


def test_a_nul_is_refused_on_its_line():
    assert problems_of("a\n1\n\0\n") == [("import_holds_nul", 3, None)]


def test_two_columns_of_one_name_are_refused():
    assert problems_of("a,b,a\n") == [("import_column_twice", 1, "a")]


@pytest.mark.parametrize("text", ["", "\n\n", " , \n"])
def test_a_file_without_any_text_has_no_header(text):
    assert problems_of(text) == [("import_no_header", None, None)]


def test_another_delimiter_is_taken():
    assert read("a\tb\n1,1\t2\n", "\t").records[0].cells == ("1,1", "2")
