"""Small checks of what callers give, one wording each.

Every check returns the problems it found, none for good input; `refuse` puts any number of checks together and raises
the one error. A check never changes its input; `floats` takes the numbers out afterwards::

    refuse(
        "The allocation",
        check_numbers("budget", budget, POSITIVE),
        check_numbers("ceiling of", ceiling, NOT_NEGATIVE),
        check_labels("ceiling of", ceiling),
    )
    values = floats(ceiling)

A number is an int, a float, or a number of numpy, pandas or the standard library. Text that looks like a number,
a truth value, None and NaN are none: a reader of tables turns text into numbers, a method does not. Where a missing
value has a documented meaning, say ``missing=True``.
"""

from collections.abc import Callable, Collection, Iterable, Sized
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = [
    "FINITE",
    "LEVEL",
    "NOT_NEGATIVE",
    "POSITIVE",
    "SHARE",
    "WHOLE",
    "Rule",
    "check_choice",
    "check_choices",
    "check_columns",
    "check_labels",
    "check_not_empty",
    "check_numbers",
    "check_same_labels",
    "check_shape",
    "floats",
    "is_number",
    "refuse",
    "shown",
    "whole_from",
]


_ONCE = "Add up its entries, or keep one"


@dataclass(frozen=True)
class Rule:
    """What numbers must be: the remedy in words, and a test of an array that is False for NaN."""

    remedy: str
    holds: Callable[[np.ndarray], np.ndarray]


FINITE = Rule("Give a finite number", np.isfinite)
POSITIVE = Rule("Give a positive number", lambda values: (values > 0) & (values < np.inf))
NOT_NEGATIVE = Rule("Give a number that is not negative", lambda values: (values >= 0) & (values < np.inf))
SHARE = Rule("Give a share: a number from 0 to 1", lambda values: (values >= 0) & (values <= 1))
WHOLE = Rule("Give a whole number", lambda values: np.isfinite(values) & (values == np.floor(values)))
#: Of an interval or a test, and every other number that is neither 0 nor 1.
LEVEL = Rule("Give a number between 0 and 1, such as 0.95", lambda values: (values > 0) & (values < 1))


def whole_from(least: int) -> Rule:
    """Whole numbers, none below `least`.

    Examples
    --------
    >>> whole_from(1).holds(np.array([0.0, 1.0, 1.5])).tolist()
    [False, True, False]
    """
    return Rule(
        f"Give a whole number from {least}",
        lambda values: (values >= least) & (values < np.inf) & (values == np.floor(values)),
    )


def refuse(subject: str, *checks: Iterable[Problem]) -> None:
    """Raise one InputError with the problems of all checks, if there are any.

    Examples
    --------
    >>> refuse("The allocation", check_numbers("budget", 5, POSITIVE))
    >>> refuse("The allocation", check_numbers("budget", "5", POSITIVE), check_numbers("halfway", 0, POSITIVE))
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: The allocation cannot be used:
      - budget: found '5'. Give a positive number.
      - halfway: found 0. Give a positive number.
    """
    if problems := [problem for check in checks for problem in check]:
        raise InputError(subject, problems)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a real number; text and truth values are none."""
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def shown(value: object) -> str:
    """A value as its author wrote it: 0.5 and not np.float64(0.5)."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def floats(values: Any) -> np.ndarray:
    """A number, list, array, series or table as an array of floats, NaN for whatever is no number.

    Examples
    --------
    >>> floats(pd.Series([1, "2", True, None], index=list("abcd"))).tolist()
    [1.0, nan, nan, nan]
    """
    if isinstance(values, pd.DataFrame):
        columns = [floats(values.iloc[:, place]) for place in range(values.shape[1])]
        return np.column_stack(columns) if columns else np.empty(values.shape)
    if isinstance(values, pd.Series | pd.Index) and values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float, na_value=np.nan)
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return values.astype(float, copy=False)
    entries = _entries(values)
    return np.array([_float(entry) for entry in entries.ravel()], dtype=float).reshape(entries.shape)


def check_numbers(
    place: str,
    values: Any,
    rule: Rule = FINITE,
    *,
    missing: bool = False,
    column: str = "column",
    fill: str = "Fill it in, or leave it out",
) -> list[Problem]:
    """Every entry of `values` that is no number, or none as the rule has it; missing ones only unless they may be.

    `place` comes before the label of the entry (``"customer"`` becomes ``"customer 'A'"``): the index of a series, row
    and `column` of a table, the position from 1 of a list or an array; a single number is named by `place` alone.
    `fill` is the remedy of a missing one.

    Examples
    --------
    >>> check_numbers("customer", pd.Series([1.0, float("inf")], index=["A", "B"]))
    [Problem(where="customer 'B'", found='found inf', remedy='Give a finite number')]
    >>> check_numbers("weight", [0.5, True])[0].where
    'weight 2'
    """
    numbers = floats(values)
    good = np.asarray(rule.holds(numbers))
    if good.all():
        return []
    entries = _entries(values)
    gaps = np.asarray(pd.isna(entries)) & (entries.ndim > 0)
    if missing:
        good |= gaps
    problems = []
    for spot in map(tuple, np.argwhere(~good).tolist()):
        told = ("is missing", fill) if gaps[spot] else (f"found {shown(entries[spot])}", rule.remedy)
        problems.append(Problem(" ".join([place, *_position(values, spot, column)]), *told))
    return problems


def check_labels(place: str, values: pd.Series | pd.DataFrame) -> list[Problem]:
    """Every label of a series, or of a table's rows, that is missing, empty or given more than once.

    Examples
    --------
    >>> check_labels("customer", pd.Series([1, 2], index=["A", "A"]))
    [Problem(where="customer 'A'", found='given more than once', remedy='Add up its entries, or keep one')]
    """
    labels = values.index
    if isinstance(labels, pd.RangeIndex):
        return []
    parts = [labels.get_level_values(level) for level in range(labels.nlevels)]
    missing = np.any([part.isna() | (part == "") for part in parts], axis=0)
    nameless = [
        Problem(f"{place} in row {row + 1}", f"found the label {shown(labels[row])}", "Give it a name")
        for row in np.flatnonzero(missing).tolist()
    ]
    twice = [] if labels.is_unique else labels[labels.duplicated() & ~missing].unique()
    return nameless + [Problem(f"{place} {shown(label)}", "given more than once", _ONCE) for label in twice]


def check_same_labels(place: str, labels: pd.Index, others: pd.Index) -> list[Problem]:
    """Every label that is in one of two only.

    Examples
    --------
    >>> check_same_labels("customer", pd.Index(["A", "B"]), pd.Index(["B"]))
    [Problem(where="customer 'A'", found='is in one of the two only', remedy='Give the same in both')]
    """
    if labels.equals(others):
        return []
    alone = [*labels.difference(others, sort=False), *others.difference(labels, sort=False)]
    return [Problem(f"{place} {shown(label)}", "is in one of the two only", "Give the same in both") for label in alone]


def check_columns(table: pd.DataFrame, needed: Iterable[object] = (), column: str = "column") -> list[Problem]:
    """Every needed column that a table lacks, and every column that it has more than once.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"a": [1]}), ["b"])
    [Problem(where="column 'b'", found='is missing', remedy='Add it; the columns are a')]
    """
    there = f"Add it; the columns are {', '.join(map(str, table.columns)) or 'none'}"
    lacking = [name for name in needed if name not in table.columns]
    twice = table.columns[table.columns.duplicated()].unique()
    return [
        *(Problem(f"{column} {shown(name)}", "is missing", there) for name in lacking),
        *(Problem(f"{column} {shown(name)}", "given more than once", "Keep one") for name in twice),
    ]


def check_not_empty(place: str, values: Any) -> list[Problem]:
    """Whether there is at least one entry.

    Examples
    --------
    >>> check_not_empty("customers", [])
    [Problem(where='customers', found='there are none', remedy='Give at least one')]
    """
    size = len(values) if isinstance(values, Sized) and not isinstance(values, pd.DataFrame) else np.size(values)
    return [] if size else [Problem(place, "there are none", "Give at least one")]


def check_choice(place: str, value: object, choices: Collection[str]) -> list[Problem]:
    """Whether the value is one of the names.

    Examples
    --------
    >>> check_choice("method", "mean", ["row_sum", "column_sum"])
    [Problem(where='method', found="found 'mean'", remedy='Use row_sum, column_sum')]
    """
    if isinstance(value, str) and value in choices:
        return []
    return [Problem(place, f"found {shown(value)}", f"Use {', '.join(choices)}")]


def check_choices(place: str, values: pd.Series, choices: Collection[str]) -> list[Problem]:
    """Every entry of a series that is none of the names.

    Examples
    --------
    >>> check_choices("level of", pd.Series(["low", "hgh"], index=["A", "B"]), ["low", "high"])
    [Problem(where="level of 'B'", found="found 'hgh'", remedy='Use low, high')]
    """
    strange = values[~values.isin(list(choices))]
    return [
        problem
        for label, value in strange.items()
        for problem in check_choice(f"{place} {shown(label)}", value, choices)
    ]


def check_shape(place: str, array: np.ndarray, shape: tuple[int, ...]) -> list[Problem]:
    """Whether an array has the shape.

    Examples
    --------
    >>> check_shape("points", np.zeros((2, 3)), (2, 2))
    [Problem(where='points', found='found the shape (2, 3)', remedy='Give the shape (2, 2)')]
    """
    if np.shape(array) == shape:
        return []
    return [Problem(place, f"found the shape {np.shape(array)}", f"Give the shape {shape}")]


def _entries(values: Any) -> np.ndarray:
    """The entries as they were given, as an array of objects."""
    if isinstance(values, pd.Series | pd.DataFrame | pd.Index | np.ndarray):
        return np.asarray(values, dtype=object)
    if isinstance(values, list | tuple):
        entries = np.empty(len(values), dtype=object)
        entries[:] = values
        return entries
    single = np.empty((), dtype=object)
    single[()] = values
    return single


def _float(value: object) -> float:
    try:
        return float(value) if is_number(value) else np.nan
    except OverflowError:
        return np.inf


def _position(values: Any, spot: tuple[int, ...], column: str) -> list[str]:
    if isinstance(values, pd.Series):
        return [shown(values.index[spot[0]])]
    if isinstance(values, pd.DataFrame):
        return [f"{shown(values.index[spot[0]])}, {column} {shown(values.columns[spot[1]])}"]
    return [", ".join(str(step + 1) for step in spot)] if spot else []
