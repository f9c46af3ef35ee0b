"""A file is in one encoding, or it is refused with the place."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.importing.encodings import decode
from server.features.importing.problems import BadInputError, Problem

TAIWAN = "編號,名稱\n1,台灣積體電路\n2,鴻海精密工業\n"
HONG_KONG = "1,香港啲嘢喺度\n"  # 啲 嘢 喺 are not in cp950


def refusal(data: bytes, encoding: str | None = None) -> Problem:
    with pytest.raises(BadInputError) as caught:
        decode(data, "f.csv", encoding)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("encoding", ["utf-8", "cp950"])
def test_chinese_text_is_read_in_its_own_encoding(encoding):
    assert decode(TAIWAN.encode(encoding), "f.csv") == (TAIWAN, encoding)


def test_characters_of_hong_kong_are_read_as_big5hkscs():
    assert decode(HONG_KONG.encode("big5hkscs"), "f.csv") == (HONG_KONG, "big5hkscs")


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_text(bom, encoding):
    assert decode(bom + TAIWAN.encode(encoding), "f.csv") == (TAIWAN, encoding)


def test_after_a_byte_order_mark_no_other_encoding_is_tried():
    problem = refusal(codecs.BOM_UTF8 + TAIWAN.encode("cp950"))
    assert (problem.code, problem.line, problem.details["byte"]) == ("import_undecodable", 1, 4)


def test_a_broken_byte_is_named_with_its_line_and_place():
    data = "一\n二\n三".encode() + b"\xff" + "四\n".encode()
    problem = refusal(data)
    assert (problem.code, problem.file, problem.line) == ("import_undecodable", "f.csv", 3)
    assert data[problem.details["byte"] - 1] == 0xFF
    assert problem.details["value"] == "0xFF"
    assert problem.details["encoding"] == "utf-8"


def test_a_cut_character_is_named():
    problem = refusal("公司\n名稱".encode()[:-1])
    assert (problem.line, problem.details["value"]) == (2, "0xE7")


def test_lines_are_counted_by_every_kind_of_line_break():
    assert refusal("一\r\n二\r三\n".encode() + b"\xff").line == 4


@pytest.mark.parametrize("is_utf8_first", [True, False])
@pytest.mark.parametrize("name", ["公司", "張話"])
def test_utf8_and_big5_in_one_file_are_refused(is_utf8_first, name):
    utf8, big5 = f"{name}\n".encode(), f"{name}\n".encode("cp950")
    problem = refusal(utf8 + big5 if is_utf8_first else big5 + utf8)
    assert problem.code == "import_mixed_encodings"
    assert (problem.line, problem.details["other_line"]) == ((1, 2) if is_utf8_first else (2, 1))


def test_some_such_mixtures_would_pass_for_big5_as_a_whole():
    assert "張話".encode().decode("cp950")


def test_a_named_encoding_is_the_only_one():
    assert decode("Zürich".encode("cp1252"), "f.csv", "cp1252") == ("Zürich", "cp1252")
    assert refusal(b"\x81", "cp1252").details["encoding"] == "cp1252"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff")))
def test_any_utf8_text_comes_back_as_it_was(text):
    assert decode(text.encode(), "f.csv") == (text, "utf-8")


@given(st.binary())
def test_any_bytes_are_read_whole_or_refused_at_a_byte_of_the_file(data):
    try:
        decoded = decode(data, "f.csv")
    except BadInputError as refused:
        (problem,) = refused.problems
        assert problem.line is not None
        assert 1 <= problem.line <= len(data.splitlines()) or not data
    else:
        assert decoded.text.encode(decoded.encoding) in data or decoded.encoding in {"cp950", "big5hkscs"}
