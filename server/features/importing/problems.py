"""What is wrong with a file or a mapping, so exactly that a person can go there and mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.errors import message


@dataclass(frozen=True)
class Problem:
    """One fault: a code of config/catalogs/errors.json and the place.

    `line` counts the file's own lines from 1, also inside cells of several lines; it is None when the
    whole file is meant. `details` fills the message's places.
    """

    code: str
    file: str
    line: int | None = None
    column: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, language: str) -> str:
        """The sentence that says what to do, without the place."""
        return message(self.code, language, self.details)

    @property
    def place(self) -> str:
        """The place as compilers write it: file:line [column]."""
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{line}" + (f" [{self.column}]" if self.column else "")


class BadInputError(Exception):
    """A file or mapping that cannot be used at all; `problems` say why."""

    def __init__(self, *problems: Problem):
        super().__init__(*(f"{problem.place}: {problem.code}" for problem in problems))
        self.problems = problems
