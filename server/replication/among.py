"""Many texts as one parameter: a statement is made once however many they are, and for both databases."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, BindParameter, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Texts(TypeDecorator[Sequence[str]]):
    """A list: PostgreSQL's own array; JSON for SQLite, which has none."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the driver is given."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(String))

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        """The texts as they travel."""
        return json.dumps(value) if dialect.name == "sqlite" else value


class Among(FunctionElement[bool]):
    """Whether a column is one of many texts."""

    # Its type is left open: after a Boolean SQLite would be sent "= 1", and use no index.
    inherit_cache = True


def many(name: str) -> BindParameter[Sequence[str]]:
    """The parameter of a statement that is built once; it is given a list."""
    return bindparam(name, type_=Texts())


def among(column: Any, texts: Iterable[str] | BindParameter[Sequence[str]]) -> ColumnElement[bool]:
    """The column is one of these texts, or of those that `many` will be given."""
    is_named = isinstance(texts, BindParameter)
    return Among(column, texts if is_named else bindparam(None, list(texts), type_=Texts()))


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({texts})"
