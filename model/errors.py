"""What a user is told when an input is wrong: where, which key, what was given, what is allowed, what to do.

Only the edges raise these errors (loaders, constructors, the result store); rules trust what they are given. A caller
that faces people prints `str(error)` and ends with status 2: the text is complete, no traceback is needed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qipan.model.notices.notice import Notice, Value, notice

COMMAND_LINE = "command line"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Args:
        where: File with line and, when known, column (`scenarios/fund.yaml:12:5`), or `command line`.
        key: Dotted path of the key (`policy.funding.leverage`); empty when the whole file is meant.
        message: What is wrong, with the value that was given.
        hint: What is allowed or what to do; empty when there is nothing to add.

    Example:
        >>> print(Problem("fund.yaml:12:5", "policy.funding.drw", "unknown key", "did you mean draw? (-2 to 4)"))
        fund.yaml:12: policy.funding.drw: unknown key; did you mean draw? (-2 to 4)
    """

    where: str
    key: str
    message: str | Notice
    hint: str | Notice = ""

    def __str__(self) -> str:
        head = ": ".join(str(part) for part in (self.line, self.key, self.message) if part)
        return f"{head}; {self.hint}" if self.hint else head

    @property
    def line(self) -> str:
        """Where it is, without the column."""
        return re.sub(r"(:\d+):\d+$", r"\1", self.where)

    def notice(self) -> Notice:
        """The same as a notice: of what is no error, and is told all the same."""
        text: Value = (self.message, self.hint) if self.hint else self.message
        if self.where == COMMAND_LINE and self.key:
            return notice("placed_on_command_line", place=self.key, text=text)
        return notice("placed", place=": ".join(part for part in (self.line, self.key) if part), text=text)


class UserError(Exception):
    """Something a user can put right; carries every problem found, not only the first.

    Args:
        problems: One problem or several, in the order in which they should be read.
    """

    problems: tuple[Problem, ...]

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def __reduce__(self) -> tuple[type["UserError"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class ScenarioError(UserError):
    """A scenario file, or a value set on the command line, cannot be used."""


class DataError(UserError):
    """A table in data/ cannot be used."""


class StoreError(UserError):
    """A folder of results cannot be read or written."""
