"""The search key of a row, so that a phone finds it by any of the ways people type a name.

A key is one string that queries are searched in: folded text, phone digits and pinyin initials,
apart from each other by `|`, which no folded query can hold. The twin is
`pwa/src/features/customers/fold.ts`; both pass `sync/vectors/fold.json`.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from server.settings import ROOT

TABLE = ROOT / "config" / "catalogs" / "fold.json"
SEPARATOR = "|"
MOST_VARIANTS = 4
HAN_PLANES = 0x20000
PHONE = re.compile(r"[0-9 +\-().#/]*[0-9][0-9 +\-().#/]*")
NUMBER = re.compile(r"[0-9 +\-()./]*")
BLANK = " \t\r\n"
SPACES = re.compile(f"[{BLANK}]+")


@dataclass(frozen=True)
class Table:
    """config/catalogs/fold.json, in the shapes that folding looks things up in."""

    simplified: Mapping[int, str]
    initials: str
    first: int
    also: Mapping[str, str]


@cache
def table() -> Table:
    """The table, read once."""
    raw = json.loads(TABLE.read_text(encoding="utf-8"))
    also = {one: letter for letter, group in raw["also"].items() for one in group}
    pairs = dict(zip(raw["from"], raw["to"], strict=True)) | raw["expand"]
    simplified = {ord(source): target for source, target in pairs.items()}
    return Table(simplified, raw["initials"], raw["first"], also)


def _is_kept(character: str) -> bool:
    # The planes of rare Han characters are kept whole: the two languages' Unicode versions differ.
    return ord(character) >= HAN_PLANES or unicodedata.category(character)[0] in "LN"


def fold_text(text: str) -> str:
    """Letters and digits only: plain width, lower case, no accents, simplified characters."""
    plain = unicodedata.normalize("NFKD", text).lower().translate(table().simplified)
    return "".join(filter(_is_kept, plain))


def fold_phone(text: str) -> str:
    """The digits before any extension, with Taiwan's +886 written as its local 0."""
    plain = unicodedata.normalize("NFKC", text).strip(BLANK)
    found = NUMBER.match(plain)
    digits = re.sub("[^0-9]", "", found.group() if found else "")
    return "0" + digits[3:].lstrip("0") if plain.startswith("+") and digits[:3] == "886" else digits


def initials(text: str) -> list[str]:
    """Pinyin initials of the Han characters, one string per usual reading, at most four."""
    known = table()
    choices: list[str] = []
    for character in fold_text(text):
        place = ord(character) - known.first
        usual = known.initials[place] if 0 <= place < len(known.initials) else "-"
        if usual != "-":
            choices.append(usual + known.also.get(character, ""))
    variants = ("".join(one) for one in islice(product(*choices), MOST_VARIANTS))
    return [one for one in variants if len(one) > 1]


def key(texts: Iterable[str], names: Iterable[str], phones: Iterable[str]) -> str:
    """The key of a row: its texts folded, its names' initials, its phones' digits; no repeats."""
    parts = [fold_text(one) for one in texts]
    parts += [variant for one in names for variant in initials(one)]
    parts += [fold_phone(one) for one in phones]
    return SEPARATOR.join(dict.fromkeys(filter(None, parts)))


def query(text: str) -> list[str]:
    """The parts of a query, each of which must be in a key; none means every row matches."""
    plain = unicodedata.normalize("NFKC", text).strip(BLANK)
    if PHONE.fullmatch(plain):
        return [fold_phone(plain)] if fold_phone(plain) else []
    return [part for part in map(fold_text, SPACES.split(plain)) if part]


def matches(text: str, folded: str) -> bool:
    """Whether a row with this key is found by the query."""
    return all(part in folded for part in query(text))


def _texts(fields: Mapping[str, object], *names: str) -> list[str]:
    return [str(fields[name]) for name in names if fields.get(name)]


def customer_key(fields: Mapping[str, object]) -> str:
    """A customer's key: full name, code, tax number, name's initials, phone."""
    full = "".join(_texts(fields, "name", "legal_form"))
    texts = [full, *_texts(fields, "code", "tax_id")]
    return key(texts, _texts(fields, "name"), _texts(fields, "phone"))


def contact_key(fields: Mapping[str, object]) -> str:
    """A contact's key: name, its initials, both numbers."""
    names = _texts(fields, "name")
    return key(names, names, _texts(fields, "phone", "mobile"))
