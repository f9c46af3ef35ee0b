"""A map whose latest changes can be taken back: a txn that parks undoes only what it did in memory."""

from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Layer(Generic[K, V]):
    """What was kept, and above it the draft of the running txn."""

    def __init__(self) -> None:
        self.kept: dict[K, V] = {}
        self.draft: dict[K, V] = {}

    def __contains__(self, key: K) -> bool:
        return key in self.draft or key in self.kept

    def __getitem__(self, key: K) -> V:
        return self.draft[key] if key in self.draft else self.kept[key]

    def __setitem__(self, key: K, value: V) -> None:
        self.draft[key] = value

    def __iter__(self) -> Iterator[K]:
        return iter({**self.kept, **self.draft})

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever put in."""
        return not self.draft and not self.kept

    def get(self, key: K) -> V | None:
        """The value now, if there is one."""
        return self.draft[key] if key in self.draft else self.kept.get(key)

    def keep(self) -> None:
        """The txn went well."""
        self.kept.update(self.draft)
        self.draft = {}

    def drop(self) -> None:
        """The txn parks."""
        self.draft = {}
