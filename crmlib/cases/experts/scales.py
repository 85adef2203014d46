"""Cells that say how many times as important: ratios, signed numbers, places on a line, words, rounded reciprocals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from crmlib.cases.experts.answers import Answer
from crmlib.errors import Problem
from crmlib.reading.cells import read_cells
from crmlib.reading.declarations import Column
from crmlib.reading.words import TROUBLES, folded, is_missing, plain

__all__ = ["SCALES", "Ratios", "read_ratios", "says_how_much", "says_which"]

#: How answers are written, with an example of each.
SCALES: dict[str, str] = {
    "ratio": "3 or 1/3: the first is three times, or a third, as important as the second",
    "minus-first": "-9 to 9: -3 says that the first is 3 times as important, 3 that the second is",
    "minus-second": "-9 to 9: -3 says that the second is 3 times as important, 3 that the first is",
    "steps-first": "-8 to 8: 0 is equal, -2 says that the first is 3 times as important",
    "steps-second": "-8 to 8: 0 is equal, -2 says that the second is 3 times as important",
    "places-first": "1 to 17: 9 is equal, 7 says that the first is 3 times as important",
    "places-second": "1 to 17: 9 is equal, 7 says that the second is 3 times as important",
}
_WORDS: dict[str, float] = {
    **dict.fromkeys(["equal", "equally", "equally important", "equal importance", "same", "the same", "neither",
                     "同等重要", "同样重要", "一样重要", "相同", "相等", "一样", "同等"], 1),
    **dict.fromkeys(["moderate", "moderately", "moderate importance", "稍微重要", "略微重要", "稍重要"], 3),
    **dict.fromkeys(["strong", "strongly", "strong importance", "明显重要", "较重要"], 5),
    **dict.fromkeys(["very strong", "very strongly", "very strong importance", "强烈重要", "非常重要"], 7),
    **dict.fromkeys(["extreme", "extremely", "extreme importance", "极端重要", "绝对重要"], 9),
}  # fmt: skip
_VALUES = {folded(word): value for word, value in _WORDS.items()}
_FIRST = frozenset({"a", "1", "first", "left", "1st", "thefirst", "前者", "左", "左边", "左侧"})
_SECOND = frozenset({"b", "2", "second", "right", "2nd", "thesecond", "后者", "右", "右边", "右侧"})
_LABELLED = re.compile(
    r"(\d+(?: ?[/⁄] ?\d+)?)(?: ?[-=:.,)、(] ?(?![a-z]{3}$)[^\d\W]\D*| ?(?:times|x|倍|分))", re.IGNORECASE
)
_FRACTION = re.compile(r"(\d+(?:\.\d+)?) ?[/:⁄] ?(\d+(?:\.\d+)?)")
_LIKE = re.compile(r"[-+−]?[\d.,]+(?: ?[/:⁄] ?[\d.,]+)?(?:e-?\d+)?|⅓|⅕|⅐|⅛|⅑|¼|½|⅙")


class Ratios(NamedTuple):
    """What answers say, shape (answers,).

    `values`: how many times the first is as important as the second, NaN where the answer is missing; `rounding`: how
    far it may be off because the cell shows few decimals; `problems`: by position;
    `notes`: what was done.
    """

    values: np.ndarray
    rounding: np.ndarray
    problems: dict[int, Problem]
    notes: list[str]


def says_how_much(cells: np.ndarray) -> bool:
    """Whether at least half of the cells that are not empty look like judgements."""
    said = [cell for cell in cells if not is_missing(cell)]
    like = sum(
        (isinstance(cell, float | int | date) and not isinstance(cell, bool))
        or bool(_LIKE.fullmatch(plain(cell)))
        or folded(cell) in _VALUES
        or bool(_LABELLED.fullmatch(plain(cell)))
        for cell in said
    )
    return bool(said) and 2 * like >= len(said)


def says_which(cells: np.ndarray, first: str, second: str) -> bool:
    """Whether at least half of the cells that are not empty name one of a pair, or say that they are equal."""
    said = [cell for cell in cells if not is_missing(cell)]
    named = [_choice(first, second, cell) for cell in said if not plain(cell).isdigit()]
    return bool(said) and 2 * sum(map(bool, named)) >= len(said) and any(one != "equal" for one in named if one)


def read_ratios(answers: Sequence[Answer], scale: str, largest: float, text_file: bool) -> Ratios:
    """Read the cells of all answers.

    Parameters
    ----------
    scale
        A key of `SCALES`.
    largest
        The end of the scale: ratios lie from 1/largest to largest.
    text_file
        Whether the cells come from a file of text.
    """
    return _Reader(answers, scale, largest, text_file).read()


@dataclass
class _Reader:
    answers: Sequence[Answer]
    scale: str
    largest: float
    text_file: bool

    def read(self) -> Ratios:
        self.problems: dict[int, Problem] = {}
        self.notes: list[str] = []
        cells = self._cells()
        kind = "judgement" if self.scale == "ratio" else "number"
        numbers, troubles = read_cells(
            cells, Column(id="judgement", kind=kind), text_file=self.text_file, decimal=".",
            date_order=None, epoch=date(1899, 12, 30),
        )  # fmt: skip
        for at in np.flatnonzero(troubles):
            self._add(int(at), *self._trouble(int(at), [*TROUBLES][troubles[at] - 1]))
        values = numbers if self.scale == "ratio" else self._on_a_line(numbers)
        rounding = np.array([_half_unit(value) for value in values.tolist()])
        values = self._choices(self._reciprocals(values, rounding))
        self._check_range(values)
        values[list(self.problems)] = np.nan
        return Ratios(values, rounding, self.problems, self.notes)

    def _cells(self) -> np.ndarray:
        """The cells, with fractions, words and labelled numbers such as "5 - strong" as numbers."""
        cells = np.empty(len(self.answers), dtype=object)
        cells[:] = [answer.cell for answer in self.answers]
        read: dict[Any, Any] = {cell: self._number(cell) for cell in set(cells) if isinstance(cell, str)}
        for at, cell in enumerate(cells):
            cells[at] = read.get(cell, cell) if isinstance(cell, str) else cell
        return cells

    def _number(self, cell: str) -> Any:
        text = plain(cell)
        if folded(text) in _VALUES:
            self._note_once("words are read on Saaty's scale: equal 1, moderate 3, strong 5, very strong 7, extreme 9")
            return _VALUES[folded(text)]
        if labelled := _LABELLED.fullmatch(text):
            self._note_once("numbers are read without the words behind them")
            text = labelled[1]
        if text.count(",") == 1 and "." not in text:  # no judgement has thousands
            self._note_once("commas are read as decimal marks")
            text = text.replace(",", ".")
        fraction = _FRACTION.fullmatch(text)
        if self.scale == "ratio" and fraction and float(fraction[2]):
            return float(fraction[1]) / float(fraction[2])
        return text

    def _add(self, at: int, found: str, remedy: str, place: str = "") -> None:
        self.problems[at] = Problem(place or self.answers[at].place, found, remedy)

    def _note_once(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _trouble(self, at: int, trouble: str) -> tuple[str, str]:
        cell = self.answers[at].cell
        if trouble == "is not more than 0":
            return self._not_positive(self.answers[at])
        if trouble.startswith("is a date"):
            told = f", {cell:%d %B}" if isinstance(cell, date) else f", {plain(cell)!r}"
            typed = f"; {cell.month}/{cell.day} or {cell.day}/{cell.month} was typed" if isinstance(cell, date) else ""
            remedy = "Format the column as text, then type the judgement again, such as 1/3"
            return f"a spreadsheet made a date of it{told}{typed}", remedy
        no_value = trouble.startswith(("is a formula", "is an error"))
        remedy = TROUBLES[trouble] if no_value else "Write a number such as 3 or a fraction such as 1/3"
        return f"found {_shown(cell)}, which {trouble}", remedy

    def _not_positive(self, answer: Answer) -> tuple[str, str]:
        size = plain(answer.cell).lstrip("-−(").rstrip(")")
        if not size.strip("0.,"):
            remedy = "Write 1 for equal, or name the scale: steps-first or steps-second"
            return f"found {_shown(answer.cell)}, which says equal only on a scale such as -8 to 8", remedy
        remedy = (
            f"Name the scale: minus-first if it means that {answer.first} is {size} times as important ({size}), "
            f"minus-second if {answer.second} is (1/{size}); -8 to 8 with 0 for equal: steps-first, steps-second"
        )
        return f"found {_shown(answer.cell)}, which does not say which of the two is more important", remedy

    def _on_a_line(self, numbers: np.ndarray) -> np.ndarray:
        """Ratios of signed numbers, steps or places; `minus-first` and the like favour the first at the low end."""
        kind, low_end = self.scale.split("-")
        middle = self.largest if kind == "places" else 0
        signed = numbers - middle
        sizes = np.abs(signed) if kind == "minus" else np.abs(signed) + 1
        wrong = (sizes < 1) | (sizes > self.largest)
        run = {"minus": f"-{self.largest:g} to -1 and 1 to {self.largest:g}",
               "steps": f"{1 - self.largest:g} to {self.largest - 1:g}",
               "places": f"1 to {2 * self.largest - 1:g}"}[kind]  # fmt: skip
        for at in np.flatnonzero(wrong).tolist():
            found = f"found {_shown(self.answers[at].cell)}, which is off the scale"
            self._add(at, found, f"On the scale {self.scale}, answers run from {run}")
        favours_first = (signed < 0) == (low_end == "first")
        return np.where(favours_first, sizes, 1 / np.where(sizes > 0, sizes, np.nan))

    def _reciprocals(self, values: np.ndarray, rounding: np.ndarray) -> np.ndarray:
        """Decimals that are 1/2, 1/3, … rounded to two digits or more are those: 0.33 is 1/3, and 0.111 is 1/9."""
        whole = np.arange(2, int(self.largest) + 1)
        near = np.abs(values[:, None] - 1 / whole) <= rounding[:, None] + 1e-12
        taken = near.any(axis=1) & (rounding <= 0.0051) & (rounding > 0)
        denominators = whole[near.argmax(axis=1)]
        moved = taken & (np.abs(values * denominators - 1) > 1e-9)
        for value in dict.fromkeys(values[moved].tolist()):
            at = np.flatnonzero(values == value)
            times = f", {len(at)} times" if len(at) > 1 else ""
            self.notes.append(f"{value:.4g} is read as 1/{denominators[at[0]]}{times}")
        return np.where(taken, 1 / denominators, values)

    def _check_range(self, values: np.ndarray) -> None:
        end = self.largest * (1 + 1e-9)
        for at in np.flatnonzero((values > end) | (values < 1 / end)).tolist():
            if int(at) in self.problems:
                continue
            remedy = f"Judgements run from 1/{self.largest:g} to {self.largest:g}"
            if values[at] > end and values[at] <= 2 * self.largest - 1 and values[at] == int(values[at]):
                remedy += "; for places from 1 to 17, name the scale: places-first or places-second"
            self._add(int(at), f"found {_shown(self.answers[at].cell)}, which is off the scale", remedy)

    def _choices(self, values: np.ndarray) -> np.ndarray:
        """Turn those round whose second is chosen, where the file says which and how much apart."""
        values = values.copy()
        for at, answer in enumerate(self.answers):
            if answer.choice_place and at not in self.problems:
                values[at] = self._chosen(at, answer, float(values[at]))
        return values

    def _chosen(self, at: int, answer: Answer, size: float) -> float:
        choice = _choice(answer.first, answer.second, answer.choice)
        if choice == "equal" and (np.isnan(size) or size == 1):
            return 1.0
        if not choice:
            if size == 1 or (np.isnan(size) and is_missing(answer.choice)):
                return size
            remedy = f"Write {answer.first}, {answer.second} or equal"
            found = "does not say which of the two is more important" if is_missing(answer.choice) else (
                f"found {_shown(answer.choice)}, which is none of the two")  # fmt: skip
            self._add(at, found, remedy, answer.choice_place)
        elif choice == "equal":
            self._add(at, f"found {_shown(answer.cell)} where the two are said to be equal", "Write 1")
        elif np.isnan(size):
            self._add(at, f"is empty, and {_shown(answer.choice)} is chosen", "Write how many times, from 1")
        elif size < 1:
            found = f"found {_shown(answer.cell)}, how much the one that is chosen is more important"
            self._add(at, found, f"Write 1 to {self.largest:g}")
        return size if choice == "first" else 1 / size


def _choice(first: str, second: str, said: Any) -> str:
    """``"first"``, ``"second"``, ``"equal"``, or nothing."""
    choice = folded(said)
    named = [side for side, name in (("first", first), ("second", second)) if choice == folded(name)]
    if named:
        return named[0]
    if _VALUES.get(choice) == 1:
        return "equal"
    return "first" if choice in _FIRST else "second" if choice in _SECOND else ""


def _half_unit(value: float) -> float:
    """Half of the last digit that a decimal shows; 0 for a whole number."""
    if not np.isfinite(value) or value == int(value):
        return 0.0
    digits, _, exponent = f"{value!r}".partition("e")
    decimals = len(digits.partition(".")[2]) - int(exponent or 0)
    return 0.5 * 10.0**-decimals


def _shown(cell: Any) -> str:
    return repr(cell) if isinstance(cell, str) else repr(plain(cell)) if isinstance(cell, bool) else f"{plain(cell)}"
