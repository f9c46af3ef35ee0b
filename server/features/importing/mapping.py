"""What a TOML mapping says: which file holds what, and which column becomes which field."""

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from server.features.importing.problems import BadInputError, Problem


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a field's value comes from when it is not just one column.

    Either `value`, the same for every row; or the `columns`, those that are not empty put together with
    `glue`. `lines` replaces line breaks, for a field of one line. `choices` translates what a column says.
    """

    columns: tuple[str, ...] = ()
    glue: str = " "
    value: str | int | bool | tuple[str, ...] | None = None
    lines: str | None = None
    choices: dict[str, str] = {}


Fields = dict[str, str | Part]
"""A field's name -> a column's name, or more about it."""


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How cells are read: `empty` lists what stands for nothing, `line_break` what stands for a new line."""

    encoding: str | None = None
    delimiter: str = ","
    separator: str = ";"
    empty: tuple[str, ...] = ()
    line_break: str | None = None


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file. `key` names the columns that tell its rows apart; `references` maps a column to a table."""

    file: str
    key: tuple[str, ...]
    references: dict[str, str] = {}


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colleagues; `manager` is the column with the key of whom they report to."""

    table: str
    fields: Fields
    manager: str | None = None


class Territories(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Regions, all of them directly under the company's root."""

    table: str
    fields: Fields


class Customers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Customers, each of them one transaction with its children."""

    table: str
    fields: Fields


class Children(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sites or contacts: `customer` is the column with the customer's key.

    `part` tells children of one and the same row apart (a second contact in further columns).
    """

    table: str
    customer: str
    fields: Fields
    part: str = ""


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mapping. `source` with a row's key makes the row's id: it must never change."""

    source: str
    tables: dict[str, Table]
    customers: Customers
    people: People | None = None
    territories: Territories | None = None
    sites: tuple[Children, ...] = ()
    contacts: tuple[Children, ...] = ()
    reading: Reading = Reading()
    steps: tuple[dict[str, str], ...] = ()


def read_mapping(path: Path) -> Mapping:
    """Read a mapping's file; raises BadInputError with what is wrong and where in it."""
    try:
        return parse_mapping(path.read_bytes(), path.name)
    except OSError as problem:
        raise BadInputError(Problem("import_unreadable", path.name, details={"why": problem.strerror})) from problem


def parse_mapping(data: bytes, file: str) -> Mapping:
    """Read a mapping's text; raises BadInputError."""
    try:
        mapping = msgspec.convert(tomllib.loads(data.decode()), Mapping)
    except (ValueError, msgspec.ValidationError) as problem:
        raise BadInputError(Problem("import_bad_mapping", file, details={"why": str(problem)})) from problem
    if problems := [*_odd_reading(mapping, file), *_unknown_tables(mapping, file), *_odd_tables(mapping, file)]:
        raise BadInputError(*problems)
    return mapping


def used_columns(mapping: Mapping) -> dict[str, set[str]]:
    """Table -> the columns that sections and references name; steps name theirs themselves."""
    used = {name: {*table.key, *table.references} for name, table in mapping.tables.items()}
    for section in sections(mapping):
        used[section.table] |= {name for given in section.fields.values() for name in columns_of(given)}
        used[section.table] |= {getattr(section, name) for name in ("manager", "customer") if _has(section, name)}
    return used


def columns_of(given: str | Part) -> tuple[str, ...]:
    """The columns that one field is made of."""
    return (given,) if isinstance(given, str) else given.columns


def sections(mapping: Mapping) -> list[People | Territories | Customers | Children]:
    """Every section that makes rows, in the order of writing."""
    first = [section for section in (mapping.people, mapping.territories) if section]
    return [*first, mapping.customers, *mapping.sites, *mapping.contacts]


def _has(section: Any, name: str) -> bool:
    return getattr(section, name, None) is not None


def _odd_reading(mapping: Mapping, file: str) -> list[Problem]:
    reading, reasons = mapping.reading, list[str]()
    with suppress(UnicodeDecodeError):
        try:
            b" ".decode(reading.encoding or "utf-8")
        except LookupError as fault:
            reasons.append(str(fault))
    for name in ("delimiter", "separator"):
        value = getattr(reading, name)
        if len(value) != 1 or value in '"\r\n':
            reasons.append(f"reading.{name} must be one character other than a quote")
    return [Problem("import_bad_mapping", file, details={"why": reason}) for reason in reasons]


def _unknown_tables(mapping: Mapping, file: str) -> list[Problem]:
    named = [section.table for section in sections(mapping)]
    named += [name for table in mapping.tables.values() for name in table.references.values()]
    unknown = sorted(set(named) - mapping.tables.keys())
    return [Problem("import_unknown_table", file, details={"name": name}) for name in unknown]


def _odd_tables(mapping: Mapping, file: str) -> list[Problem]:
    """A table needs a key; what refers to it needs one column."""
    targets = {name for table in mapping.tables.values() for name in table.references.values()}
    bad = [name for name, table in mapping.tables.items() if not table.key or (name in targets and len(table.key) != 1)]
    return [Problem("import_bad_key", file, details={"name": name}) for name in bad]
