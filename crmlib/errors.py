"""The one error for input that cannot be used."""

from collections.abc import Iterable, Iterator
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

    `problems` holds all of them; the message of more than a hundred shows the first ten of each kind (those with the
    same remedy) and counts the rest.

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
        super().__init__("\n".join([f"{subject} cannot be used:", *(f"  - {line}" for line in _lines(self.problems))]))


_WHOLE = 100  # problems that a message shows all; of more, it shows the first of each kind
_FIRST = 10


def _lines(problems: tuple[Problem, ...]) -> Iterator[str]:
    """Every problem; of hundreds the first ten of each of the first ten kinds, and how many more there are."""
    if len(problems) <= _WHOLE:
        yield from map(str, problems)
        return
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.remedy, []).append(problem)
    for remedy, alike in list(kinds.items())[:_FIRST]:
        yield from map(str, alike[:_FIRST])
        if len(alike) > _FIRST:
            yield f"and {len(alike) - _FIRST:,} more places. {remedy}."
    if others := sum(map(len, list(kinds.values())[_FIRST:])):
        yield f"and {others:,} more places of other kinds."
