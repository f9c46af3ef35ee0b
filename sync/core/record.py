"""Values that nobody changes, made by the thousand: the type checker sees to it, for nothing when they are made."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[T]) -> type[T]:
    """A dataclass with slots. `frozen=True` would make each one three times as slowly, field by field."""
    return dataclass(slots=True, unsafe_hash=True)(kind)
