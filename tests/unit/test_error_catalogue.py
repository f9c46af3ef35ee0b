"""Every code that the server can answer with has a sentence in three languages."""

import ast
import re
import string
from pathlib import Path

from server.errors import HTTP_CODES, LANGUAGES, catalogue, message

ROOT = Path(__file__).resolve().parents[2]
# What the framework and the database refuse, translated in server/errors.py.
TRANSLATED = {*HTTP_CODES.values(), "bad_request", "internal", "database_unavailable", "storage_full", "read_only"}
# Names of classes and functions whose first argument is a code.
RAISERS = {"DomainError", "Park"}


def raised_codes() -> set[str]:
    """The literal codes that the sources raise."""
    found: set[str] = set()
    for room in ("server", "sync"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found |= code_of(node)
    return found


def code_of(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in RAISERS:
        return set()
    given = node.args[:1] + [k.value for k in node.keywords if k.arg == "code"]
    return {a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)}


def test_every_code_is_in_the_catalogue():
    codes = raised_codes()
    assert "session_required" in codes
    assert codes | TRANSLATED <= catalogue().keys()


def test_every_code_speaks_three_languages():
    for code, texts in catalogue().items():
        assert tuple(texts) == LANGUAGES, code
        assert all(text.strip() for text in texts.values()), code


def test_every_language_of_a_code_has_the_same_places():
    for code, texts in catalogue().items():
        places = {
            frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in texts.values()
        }
        assert len(places) == 1, code


# What is said in Taiwan, where the mainland says 数据, 条, 请求头, 字节, 字段, 文件, 单元格, 恢复, 应用 and 你.
TAIWANESE = re.compile("资料|笔|标头|位元|栏位|档|一格|还原|程式|伺服器|帐号|讯息|网路|据点|业务|示范|不能空白|现况|您")


def test_simplified_chinese_speaks_the_mainlands_words():
    assert {code: texts["zh-Hans"] for code, texts in catalogue().items() if TAIWANESE.search(texts["zh-Hans"])} == {}


def test_a_list_of_fields_reads_as_names():
    details = {"fields": {"login": ["missing"], "password": ["missing"]}}
    assert message("invalid_request", "en", details).endswith("again: login, password.")
