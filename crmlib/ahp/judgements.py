"""Pairwise judgements: from what people write to a checked, labelled matrix."""

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["judgement_matrix", "parse_judgement"]

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*(\d+(?:\.\d+)?)\s*)?")
_HOW_TO_WRITE = "Write a number such as 3 or a fraction such as 1/3"


def parse_judgement(value: object) -> float:
    """Read one judgement written as a number or as a fraction.

    Parameters
    ----------
    value
        ``3``, ``0.5``, ``"1/3"`` or a `fractions.Fraction`. Text is matched, never evaluated.

    Returns
    -------
    float
        How many times the first criterion is as important as the second; no unit.

    Raises
    ------
    ValueError
        If the value is not a positive, finite number.

    Examples
    --------
    >>> parse_judgement("1/4")
    0.25
    >>> parse_judgement("abc")
    Traceback (most recent call last):
    ...
    ValueError: 'abc' is not a number
    """
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        if match is None:
            raise ValueError(f"{value!r} is not a number" if value.strip() else "the judgement is missing")
        numerator, denominator = match[1], match[2] or "1"
        number = float(Fraction(numerator) / Fraction(denominator)) if Fraction(denominator) else math.inf
    elif value is None:
        raise ValueError("the judgement is missing")
    elif isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
        number = float(value)
    else:
        raise ValueError(f"{value!r} is not a number")
    if math.isnan(number):
        raise ValueError("the judgement is missing")
    if not 0 < number < math.inf:
        raise ValueError(f"{value} is not a positive, finite number")
    return number


def judgement_matrix(
    judgements: Sequence[Sequence[object]] | np.ndarray | pd.DataFrame,
    names: Iterable[str] | None = None,
    *,
    largest: float | None = 9,
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
        The end of the judgement scale: entries must lie in [1/largest, largest]. Saaty's scale ends
        at 9 [saaty1980]_. None lifts the bound.

    Returns
    -------
    pandas.DataFrame
        Shape (n, n), floats, ``a[j, i] == 1 / a[i, j]``, criteria on both axes.

    Raises
    ------
    InputError
        Lists every entry that is missing, not positive, off the scale or not reciprocal.

    Examples
    --------
    >>> judgement_matrix([["1/2", "1/3"], ["1/2"]], ["size", "orders", "volume"])
            size  orders    volume
    size     1.0     0.5  0.333333
    orders   2.0     1.0  0.500000
    volume   3.0     2.0  1.000000
    """
    if isinstance(judgements, pd.DataFrame):
        if list(judgements.index) != list(judgements.columns):
            raise _shape_error("rows and columns carry different labels", "Label both with the same criteria, in order")
        names = judgements.columns if names is None else names
    rows: list[list[Any]] = (
        [list(row) for row in np.asarray(judgements, dtype=object)]
        if isinstance(judgements, (np.ndarray, pd.DataFrame))
        else [_as_list(row) for row in judgements]
    )
    lengths = [len(row) for row in rows]
    labels = _labels(names, lengths)
    n = len(labels)
    if lengths == [n] * n:
        upper_only = False
    elif lengths == list(range(n - 1, 0, -1)):
        upper_only = True
    else:
        raise _shape_error(
            f"{n} criteria, but rows of {lengths or 'no'} judgements",
            f"Give {n} rows of {n}, or the rows above the diagonal: {list(range(n - 1, 0, -1))} judgements",
        )

    matrix = np.eye(n)
    problems: list[Problem] = []
    for i, row in enumerate(rows):
        for j, value in enumerate(row, start=i + 1 if upper_only else 0):
            where = f"{labels[i]} against {labels[j]} (row {i + 1}, column {j + 1})"
            try:
                matrix[i, j] = parse_judgement(value)
            except ValueError as error:
                problems.append(Problem(where, str(error), _HOW_TO_WRITE))
                continue
            if largest is not None and not 1 / largest * (1 - 1e-9) <= matrix[i, j] <= largest * (1 + 1e-9):
                problems.append(
                    Problem(where, f"{value} is off the scale", f"Judgements run from 1/{largest:g} to {largest:g}")
                )
            if upper_only:
                matrix[j, i] = 1 / matrix[i, j]
    if not problems and not upper_only:
        problems = list(_reciprocity_problems(matrix, labels))
    if problems:
        raise InputError("The judgement matrix", problems)
    return pd.DataFrame(matrix, index=labels, columns=labels)


def _as_list(row: Any) -> list[Any]:
    if isinstance(row, str) or not isinstance(row, Iterable):
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


def _reciprocity_problems(matrix: np.ndarray, labels: list[str]) -> Iterable[Problem]:
    for i, j in zip(*np.nonzero(~np.isclose(matrix * matrix.T, 1, rtol=0, atol=1e-9)), strict=True):
        if i == j:
            yield Problem(f"{labels[i]} against itself", f"found {matrix[i, i]:g}", "The diagonal is 1")
        elif i < j:
            yield Problem(
                f"{labels[i]} against {labels[j]} (row {i + 1}, column {j + 1}) and back (row {j + 1}, column {i + 1})",
                f"{matrix[i, j]:g} and {matrix[j, i]:g} are not reciprocal",
                "Write one as the inverse of the other, thirds as 1/3",
            )
