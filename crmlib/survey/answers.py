"""Answers to a Likert questionnaire, checked; and what is done where an answer is missing."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Table, checked
from crmlib.checks import check_choice, check_columns, is_number, refuse
from crmlib.errors import InputError, Problem

__all__ = ["Answers", "Scored", "check_answers"]

#: Ways to score a scale of several items when answers are missing; see `Answers.score`.
MISSING = ("listwise", "pairwise", "person_mean")


@dataclass(frozen=True)
class Scored:
    """Answers ready for one analysis: which respondents stayed, and how missing answers were handled.

    `frame`: shape (respondents, items); NaN only if `missing` is ``pairwise``; `left_out`: respondents that were not
    used; `filled`: number of answers that were filled in.
    """

    frame: pd.DataFrame
    missing: str
    left_out: tuple[object, ...]
    filled: int


@dataclass(frozen=True)
class Answers:
    """Checked answers; more is better, since reverse-coded items have been turned round.

    `frame`: shape (respondents, items), scale points, NaN where nothing was answered; `lowest` and `highest`: ends of
    the scale; `reversed_items`: the items that were turned round.
    """

    frame: pd.DataFrame
    lowest: int
    highest: int
    reversed_items: tuple[Hashable, ...]

    @property
    def points(self) -> list[int]:
        """The points of the scale, ascending."""
        return list(range(self.lowest, self.highest + 1))

    def to_frame(self) -> pd.DataFrame:
        """Answered and missing, by item."""
        answered = self.frame.notna().sum()
        return pd.DataFrame(
            {"answered": answered, "missing": len(self.frame) - answered, "missing_share": self.frame.isna().mean()}
        )

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        rows = self.frame.astype(object).where(self.frame.notna(), None)
        return {
            "answers": rows.to_dict(orient="index"),
            "lowest": self.lowest,
            "highest": self.highest,
            "reversed_items": list(self.reversed_items),
        }

    @checked("The scale")
    def score(self, items: Sequence[Hashable], missing: str = "listwise") -> Scored:
        """The answers to some items, with missing ones handled in a stated way.

        Parameters
        ----------
        items
            Columns that belong together.
        missing
            ``"listwise"``: only respondents who answered every item; ``"pairwise"``: everybody who answered any, NaN
            where nothing was answered; ``"person_mean"``: whoever answered at least half of the items gets the mean
            of these for the others, and everybody else is left out.

        Raises
        ------
        InputError
            If an item or the way is unknown, or nobody is left.

        Examples
        --------
        >>> table = pd.DataFrame({"a": [1, 5, None], "b": [3, 4, 2], "c": [2, None, None]}, index=["X", "Y", "Z"])
        >>> answers = check_answers(table, ["a", "b", "c"], 1, 5)
        >>> answers.score(["a", "b", "c"], "person_mean").frame.loc["Y"].to_dict()
        {'a': 5.0, 'b': 4.0, 'c': 4.5}
        """
        refuse("The scale", check_columns(self.frame, items, "item"), check_choice("missing", missing, MISSING))
        frame = self.frame[list(items)]
        answered = frame.notna().sum(axis=1)
        least = {"listwise": len(items), "pairwise": 1, "person_mean": len(items) / 2}[missing]
        kept = frame[answered >= least]
        if kept.empty:
            found = f"nobody answered enough of {', '.join(map(str, items))}"
            raise InputError("The scale", [Problem("respondents", found, "Use pairwise, or leave an item out")])
        filled = 0
        if missing == "person_mean":
            filled = int(kept.isna().to_numpy().sum())
            kept = kept.T.fillna(kept.mean(axis=1)).T
        return Scored(kept, missing, tuple(frame.index[answered < least]), filled)


@checked("The questionnaire")
def check_answers(
    table: Annotated[pd.DataFrame, Table("respondent")],
    items: Sequence[Hashable],
    lowest: int,
    highest: int,
    *,
    reverse: Collection[Hashable] = (),
    missing: Collection[object] = (),
) -> Answers:
    """Check the answers of a questionnaire and turn reverse-coded items round.

    Parameters
    ----------
    table
        One row a respondent. Whole numbers may be written as text, because one stray word makes a whole column text.
    items
        Columns that are Likert items.
    lowest, highest
        Ends of the scale, such as 1 and 5; only whole numbers between them are answers.
    reverse
        Items in which agreement is bad: x becomes lowest + highest − x.
    missing
        Codes that mean "no answer", such as 9 or ``"n/a"``; empty cells always do.

    Raises
    ------
    InputError
        Lists every cell that holds no answer of the scale, every unknown item, every respondent that occurs twice,
        every item that nobody answered, and a code of a missing answer that lies on the scale.

    Examples
    --------
    >>> table = pd.DataFrame({"helpful": [5, 4, 9], "slow": ["2", "1", ""]})
    >>> check_answers(table, ["helpful", "slow"], 1, 5, reverse=["slow"], missing=[9]).frame
       helpful  slow
    0      5.0   4.0
    1      4.0   5.0
    2      NaN   NaN
    """
    problems = _declaration_problems(table, items, lowest, highest, reverse, missing)
    if problems:
        raise InputError("The questionnaire", problems)
    cells = table[list(items)].astype(object)
    text = cells.map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
    empty = text.isna() | text.isin(["", *missing])
    truth = text.map(lambda cell: isinstance(cell, bool | np.bool_))
    numbers = text.mask(empty | truth).apply(pd.to_numeric, errors="coerce").astype(float)
    on_scale = numbers.isin(range(lowest, highest + 1))
    bad = ~(on_scale | empty)
    problems = [
        Problem(
            f"respondent {respondent!r}, item {item!r}",
            f"found {cells.loc[respondent, item]!r}",
            f"Answers are the whole numbers from {lowest} to {highest}; declare other codes as missing",
        )
        for respondent, item in bad.stack()[bad.stack()].index
    ]
    problems += [Problem(f"item {item!r}", "nobody answered it", "Leave it out") for item in items if empty[item].all()]
    if problems:
        raise InputError("The questionnaire", problems)
    for item in reverse:
        numbers[item] = lowest + highest - numbers[item]
    return Answers(numbers, lowest, highest, tuple(item for item in items if item in set(reverse)))


def _declaration_problems(
    table: pd.DataFrame,
    items: Sequence[Hashable],
    lowest: int,
    highest: int,
    reverse: Collection[Hashable],
    missing: Collection[object],
) -> list[Problem]:
    columns = ", ".join(map(str, table))
    problems = [
        Problem(f"item {name!r}", "no such column", f"The columns are {columns}") for name in items if name not in table
    ]
    problems += [
        Problem(f"reverse-coded item {name!r}", "is not among the items", "Name an item") for name in reverse
        if name not in items
    ]  # fmt: skip
    problems += [
        Problem(f"item {name!r}", "occurs twice", "Keep one column")
        for name in dict.fromkeys(items)
        if list(items).count(name) > 1
    ]
    if lowest >= highest:
        problems.append(Problem("scale", f"runs from {lowest} to {highest}", "Begin with the lower end"))
    problems += [
        Problem(f"missing code {code!r}", "is an answer of the scale", "Use a code off the scale")
        for code in missing
        if is_number(code) and code in range(lowest, highest + 1)
    ]
    if not len(items):
        problems.append(Problem("items", "there are none", "Give at least one"))
    return problems
