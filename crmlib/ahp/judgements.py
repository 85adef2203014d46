"""Pairwise judgements: from what people write to a checked, labelled matrix."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["Judgements", "judgement_matrix", "named_judgements", "parse_judgement", "read_judgement"]

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*(\d+(?:\.\d+)?)\s*)?")
HOW_TO_WRITE = "Write a number such as 3 or a fraction such as 1/3"
EXACT = 1e-9  # relative; what is left of a reciprocal after rounding to floats
_EXTREME = 1e15  # beyond it floats cannot carry a matrix through its powers


def parse_judgement(value: object) -> float:
    """Read one judgement written as a number or as a fraction.

    Parameters
    ----------
    value
        ``3``, ``0.5``, ``"3.5"``, ``"1/3"`` or a `fractions.Fraction`. Text is matched, never evaluated.

    Returns
    -------
    float
        How many times the first criterion is as important as the second; no unit.

    Raises
    ------
    ValueError
        If the value is not a positive number, or beyond 1e15 or its inverse.

    Examples
    --------
    >>> parse_judgement("1/4")
    0.25
    >>> parse_judgement("abc")
    Traceback (most recent call last):
    ...
    ValueError: 'abc' is not a number
    """
    number = read_judgement(value)
    if math.isnan(number):
        raise ValueError("the judgement is missing")
    return number


def read_judgement(value: object) -> float:
    """Like `parse_judgement`, but NaN for an empty value: None, blank text or NaN.

    Examples
    --------
    >>> read_judgement("1/4"), read_judgement("")
    (0.25, nan)
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, str) and not value.strip()):
        return math.nan
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        if match is None:
            raise ValueError(f"{value!r} is not a number")
        denominator = float(match[2] or 1)
        number = float(match[1]) / denominator if denominator else math.inf
    elif isinstance(value, (Real, Decimal)) and not isinstance(value, (bool, np.bool_)):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    else:
        raise ValueError(f"{value!r} is not a number")
    if number <= 0 or math.isinf(number):
        raise ValueError(f"{value} is not a positive, finite number")
    if not math.isnan(number) and not 1 / _EXTREME <= number <= _EXTREME:
        raise ValueError(f"{value} is beyond {_EXTREME:g} or its inverse")
    return number


#: A judgement matrix, or all of its rows as numbers or texts.
Judgements = pd.DataFrame | np.ndarray | Sequence[Sequence[object]]


def named_judgements(judgements: Judgements) -> pd.DataFrame:
    """A judgement matrix as it is; rows without names are checked, and called C1, C2 and so on."""
    return judgements if isinstance(judgements, pd.DataFrame) else judgement_matrix(judgements, largest=None)


def judgement_matrix(
    judgements: Sequence[Sequence[object]] | np.ndarray | pd.DataFrame,
    names: Iterable[str] | None = None,
    *,
    largest: float | None = 9,
    incomplete: bool = False,
    reciprocal_tolerance: float = EXACT,
) -> pd.DataFrame:
    """Build a checked reciprocal judgement matrix from an upper triangle or a full matrix.

    Parameters
    ----------
    judgements
        Either the rows above the diagonal (lengths n − 1, n − 2, …, 1) or all n rows of n entries.
        Entries are numbers or texts such as ``"1/3"``; entry (i, j) says how many times criterion i
        is as important as criterion j.
    names
        The n criteria, each once; by default the labels of a DataFrame, or C1, C2, …
    largest
        The end of the judgement scale: judgements must lie in [1/largest, largest]. Saaty's scale ends
        at 9 [saaty1980]_. None lifts the bound.
    incomplete
        Whether a judgement may be empty (None, ``""`` or NaN); it stays NaN. In a full matrix a pair
        counts as judged when one of its two entries is.
    reciprocal_tolerance
        How far ``a_ij a_ji`` may be from 1. With 0.05, reciprocals rounded to two decimals pass, such as
        0.33 beside 3; the larger of the two entries decides.

    Returns
    -------
    pandas.DataFrame
        Shape (n, n), floats, ``a[j, i] == 1 / a[i, j]``, criteria on both axes.

    Raises
    ------
    InputError
        Lists every entry that is missing, not a positive number, off the scale or not reciprocal.

    Examples
    --------
    >>> judgement_matrix([["1/2", "1/3"], ["1/2"]], ["size", "orders", "volume"])
            size  orders    volume
    size     1.0     0.5  0.333333
    orders   2.0     1.0  0.500000
    volume   3.0     2.0  1.000000
    """
    if isinstance(judgements, pd.DataFrame):
        names = _frame_labels(judgements, names)
    rows = _rows(judgements)
    lengths = [len(row) for row in rows]
    labels = _labels(names, lengths)
    n = len(labels)
    upper_only = n > 1 and lengths == list(range(n - 1, 0, -1))
    if not upper_only and (lengths != [n] * n or n == 0):
        raise _shape_error(
            f"{n} criteria, but rows of {lengths or 'no'} judgements",
            f"Give {n} rows of {n}, or the rows above the diagonal: {list(range(n - 1, 0, -1))} judgements"
            if n
            else "Give at least one criterion",
        )

    entries = [[math.nan] * n for _ in labels]
    problems: list[Problem] = []
    for i, row in enumerate(rows):
        for j, value in enumerate(row, start=i + 1 if upper_only else 0):
            try:
                entries[i][j] = read_judgement(value) if incomplete else parse_judgement(value)
            except ValueError as error:
                problems.append(Problem(_cell(labels, i, j), str(error), _how_to_write(judgements)))
    if not upper_only:
        problems += _reciprocity_problems(entries, labels, reciprocal_tolerance)
    _make_reciprocal(entries)
    problems += _scale_problems(entries, labels, math.inf if largest is None else largest)
    if problems:
        raise InputError("The judgement matrix", problems)
    index = _index(tuple(labels))
    return pd.DataFrame(np.array(entries), index=index.view(), columns=index.view(), copy=False)


@lru_cache(maxsize=64)
def _index(labels: tuple[str, ...]) -> pd.Index:
    """The index of criteria that are judged again and again: by every expert, in every draw."""
    return pd.Index(labels)


def _frame_labels(frame: pd.DataFrame, names: Iterable[str] | None) -> list[str]:
    labels = list(frame.index)
    if labels != list(frame.columns):
        raise _shape_error("rows and columns carry different labels", "Label both with the same criteria, in order")
    if names is None:
        return labels
    names = list(names)
    if labels not in (names, list(range(len(labels)))):
        raise _shape_error(f"the table is labelled {labels}, the names are {names}", "Give the names once")
    return names


def _rows(judgements: Any) -> list[list[Any]]:
    if isinstance(judgements, (np.ndarray, pd.DataFrame)):
        if judgements.ndim != 2:
            raise _shape_error(f"found an array of {judgements.ndim} dimensions", "Give n rows of n judgements")
        return [list(row) for row in np.asarray(judgements, dtype=object)]
    return [_as_list(row) for row in _as_list(judgements)]


def _as_list(row: Any) -> list[Any]:
    if isinstance(row, (str, Mapping)) or not isinstance(row, Iterable):
        raise _shape_error(f"found {row!r} where a row of judgements belongs", "Give a list of rows, each row a list")
    return list(row)


def _labels(names: Iterable[str] | None, lengths: list[int]) -> list[str]:
    if names is None:
        square = len(set(lengths)) <= 1 and lengths[:1] == [len(lengths)]
        return [f"C{k}" for k in range(1, len(lengths) + (1 if square else 2))] if lengths else []
    labels = [str(name) for name in names]
    if repeated := sorted({name for name in labels if labels.count(name) > 1}):
        raise _shape_error(f"criteria given twice: {', '.join(repeated)}", "Name each criterion once")
    return labels


def _shape_error(found: str, remedy: str) -> InputError:
    return InputError("The judgement matrix", [Problem("its shape", found, remedy)])


def _cell(labels: list[str], i: int, j: int) -> str:
    return f"{labels[i]} against {labels[j]} (row {i + 1}, column {j + 1})"


def _how_to_write(judgements: object) -> str:
    if isinstance(judgements, np.ndarray) and judgements.dtype.kind in "iu":
        return "An array of whole numbers cuts 1/3 down to 0; give floats or fractions as text"
    return HOW_TO_WRITE


# Plain Python below: the matrices are small, and comparisons with NaN are false, so that empty and unreadable
# entries pass.
def _reciprocity_problems(entries: list[list[float]], labels: list[str], tolerance: float) -> list[Problem]:
    problems = []
    for i, row in enumerate(entries):
        if abs(row[i] ** 2 - 1) > EXACT:
            problems.append(Problem(f"{labels[i]} against itself", f"found {row[i]:g}", "The diagonal is 1"))
        for j in range(i + 1, len(entries)):
            if abs(row[j] * entries[j][i] - 1) > tolerance:
                problems.append(
                    Problem(
                        f"{_cell(labels, i, j)} and back (row {j + 1}, column {i + 1})",
                        f"{row[j]:g} and {entries[j][i]:g} are not reciprocal",
                        "Write one as the inverse of the other, thirds as 1/3",
                    )
                )
    return problems


def _make_reciprocal(entries: list[list[float]]) -> None:
    """Let the larger of two entries decide, or the one that is given; the diagonal becomes 1."""
    for i, row in enumerate(entries):
        row[i] = 1.0
        for j in range(i + 1, len(entries)):
            forth, back = row[j], entries[j][i]
            if back > forth or math.isnan(forth):
                row[j] = 1 / back
            else:
                entries[j][i] = 1 / forth


def _scale_problems(entries: list[list[float]], labels: list[str], largest: float) -> list[Problem]:
    if not largest >= 1:
        raise InputError("The judgement scale", [Problem("largest", f"found {largest:g}", "Use 9, or None for no end")])
    end = largest * (1 + EXACT)
    return [
        Problem(
            _cell(labels, i, j),
            f"{row[j]:g} is off the scale",
            f"Judgements run from 1/{largest:g} to {largest:g}",
        )
        for i, row in enumerate(entries)
        for j in range(i + 1, len(entries))
        if row[j] > end or entries[j][i] > end
    ]
