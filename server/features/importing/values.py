"""Makes a field's value of a row's cells, in the type and within the bounds that the field declares."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from marshmallow import ValidationError, fields, validate

from server.features.importing.mapping import Fields, Part
from server.features.importing.problems import Problem
from server.features.importing.tables import Row

Shapes = Mapping[str, fields.Field[Any]]
"""A field's name -> its type and bounds, as the feature's own schema has them."""

WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
WORDS = {
    **dict.fromkeys(("1", "true", "yes", "y", "是"), True),
    **dict.fromkeys(("0", "false", "no", "n", "否"), False),
}


def build(row: Row, given: Fields, shapes: Shapes, separator: str) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a row's fields, empty ones left out, and what is wrong with them."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, source in given.items():
        part = source if isinstance(source, Part) else Part(columns=(source,))
        column = part.columns[0] if part.columns else None
        try:
            value = _value(row, part, shapes[name], separator)
        except _UnfitError as unfit:
            problems.append(row.problem(unfit.code, column, field=name, **unfit.details))
            continue
        if value is not None:
            values[name] = value
        elif shapes[name].required:
            problems.append(row.problem("import_required", column, field=name))
    return values, problems


class _UnfitError(Exception):
    """A text that does not fit its field."""

    def __init__(self, code: str, **details: object):
        super().__init__(code)
        self.code = code
        self.details = details


def _value(row: Row, part: Part, shape: fields.Field[Any], separator: str) -> Any:
    if part.value is not None:
        value = list(part.value) if isinstance(part.value, tuple) else part.value
    else:
        value = _convert(_text(row, part), part, shape, separator)
    if value is None:
        return None
    try:
        return shape.deserialize(value)
    except ValidationError as error:
        raise _explain(shape, value) from error


def _text(row: Row, part: Part) -> str:
    text = part.glue.join(row.cells[column] for column in part.columns if row.cells[column])
    return text if part.lines is None else part.lines.join(line for line in text.split("\n") if line)


def _convert(text: str, part: Part, shape: fields.Field[Any], separator: str) -> Any:
    if not text:
        return None
    if isinstance(shape, fields.List):
        pieces = [piece.strip() for piece in text.split(separator)]
        return sorted({part.choices.get(piece, piece) for piece in pieces if piece}) or None
    text = part.choices.get(text, text)
    if isinstance(shape, fields.Integer):
        if not WHOLE.fullmatch(text):
            raise _UnfitError("import_not_whole", value=text)
        return int(text)
    if isinstance(shape, fields.Boolean):
        if text.lower() not in WORDS:
            raise _UnfitError("import_not_a_choice", value=text, choices=sorted(WORDS))
        return WORDS[text.lower()]
    return text


def _explain(shape: fields.Field[Any], value: Any) -> _UnfitError:
    """Why a value was refused, as a code with its bound."""
    if isinstance(shape, fields.List):
        inner = cast("fields.Field[Any]", shape.inner)
        elements = cast("list[Any]", value)
        return next(
            (_explain(inner, one) for one in elements if not _is_fit(inner, one)),
            _bound(cast("fields.Field[Any]", shape), elements),
        )
    return _bound(shape, value)


def _is_fit(shape: fields.Field[Any], value: Any) -> bool:
    try:
        shape.deserialize(value)
    except ValidationError:
        return False
    return True


def _bound(shape: fields.Field[Any], value: Any) -> _UnfitError:
    for validator in cast("list[Any]", shape.validators):
        match validator:
            case validate.Length(max=int(limit)) if len(value) > limit:
                return _UnfitError("import_too_long", limit=limit, length=len(value))
            case validate.OneOf():
                choices = cast("Iterable[Any]", validator.choices)
                return _UnfitError("import_not_a_choice", value=value, choices=list(choices))
            case validate.Range(min=lowest, max=highest):
                return _UnfitError("import_out_of_range", value=value, lowest=lowest, highest=highest)
            case _:
                continue
    several = isinstance(value, str) and "\n" in value
    return _UnfitError("import_several_lines" if several else "import_unfit", value=value)
