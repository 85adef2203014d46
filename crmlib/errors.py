"""The one error for input that cannot be used."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["InputError", "Problem"]


@dataclass(frozen=True)
class Problem:
    """One bad place: where it is, what was found there, and what to do about it."""

    where: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.found}. {self.remedy}."


class InputError(ValueError):
    """Input that cannot be used, with every bad place and its remedy.

    Examples
    --------
    >>> raise InputError("customers.csv", [Problem("row 3, column 'orders'", "found 'many'", "Write a number")])
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: customers.csv cannot be used:
      - row 3, column 'orders': found 'many'. Write a number.
    """

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__("\n".join([f"{subject} cannot be used:", *(f"  - {problem}" for problem in self.problems)]))
