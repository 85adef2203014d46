"""Answers as they stand in a file, before their cells are read: who compares what, and where it says how much."""

from dataclasses import dataclass, field, replace
from typing import Any

from crmlib.errors import Problem
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import folded

__all__ = ["Answer", "Block"]


@dataclass(frozen=True)
class Answer:
    """One comparison by one respondent.

    Attributes
    ----------
    respondent, first, second
        As they are written; the respondent is empty if the table names none.
    cell, place
        What says how much, as it stands in the file, and where that is.
    choice, choice_place
        What says which of the two is more important, where the file keeps it apart from how much; the place is empty
        where it does not.
    group
        What the comparison belongs to, such as a criterion above others; empty if nothing says it.
    """

    respondent: str
    first: str
    second: str
    cell: Any
    place: str
    choice: Any = None
    choice_place: str = ""
    group: str = ""


@dataclass(frozen=True)
class Block:
    """A table of answers: a whole sheet, or one of several grids in it.

    Attributes
    ----------
    title
        What is written above a grid or in its corner; empty if there is nothing.
    shape
        In words.
    notes
        What was done to read it.
    problems
        Rows that cannot be anybody's answer.
    """

    sheet: Sheet
    answers: list[Answer]
    shape: str
    title: str = ""
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def names(self) -> dict[str, str]:
        """What is compared, in the order of the table: the first spelling by what all spellings share."""
        names: dict[str, str] = {}
        for answer in self.answers:
            names.setdefault(folded(answer.first), answer.first)
            names.setdefault(folded(answer.second), answer.second)
        return names

    def named(self, group: str, respondent: str) -> "Block":
        """The same answers, as those of a group and a respondent where they name none."""
        answers = [
            replace(one, group=one.group or group, respondent=one.respondent or respondent) for one in self.answers
        ]
        return replace(self, answers=answers)
