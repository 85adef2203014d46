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

from collections.abc import Callable, Collection, Iterable, Sequence
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
    "NumberTable",
    "Numbers",
    "Rule",
    "as_series",
    "as_table",
    "check_choice",
    "check_labels",
    "check_not_empty",
    "check_numbers",
    "floats",
    "is_number",
    "refuse",
    "shown",
    "whole_from",
]


#: One number each, with labels or by position.
Numbers = pd.Series | pd.DataFrame | np.ndarray | Sequence[float]
#: Rows of numbers, with labels or by position.
NumberTable = pd.DataFrame | np.ndarray | Sequence[Sequence[float]]

_ONCE = "Add up its entries, or keep one"


@dataclass(frozen=True)
class Rule:
    """What numbers must be: the remedy in words, and a test of an array that is False for NaN."""

    remedy: str
    holds: Callable[[np.ndarray], np.ndarray]


FINITE = Rule("Give a finite number", np.isfinite)
POSITIVE = Rule("Give a positive number", lambda values: (values > 0) & (values < np.inf))
NOT_NEGATIVE = Rule("Give a number that is not negative", lambda values: (values >= 0) & (values < np.inf))
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


def as_series(values: Any, name: str = "values", index: pd.Index | None = None) -> pd.Series:
    """A list, an array or a table of one column as a series; `index` labels what has no labels, else 0, 1, … do.

    Raises
    ------
    InputError
        For anything else, and if there are not as many values as labels.

    Examples
    --------
    >>> as_series([3, 1]).to_dict()
    {0: 3, 1: 1}
    """
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, pd.DataFrame) and values.shape[1] == 1:
        return values.iloc[:, 0]
    entries = _entries(values)
    if entries.ndim == 1 and (index is None or len(index) == len(entries)):
        return pd.Series(values, index=index, dtype=None if len(entries) else float)
    found = f"found {len(entries)} of them" if entries.ndim == 1 else f"found {_kind(values)}"
    number = "" if index is None else f", {len(index)} in all"
    raise InputError(
        "The numbers", [Problem(name, found, f"Give a series, a list or an array, one number each{number}")]
    )


def as_table(rows: object, name: str = "table", labels: pd.Index | None = None) -> pd.DataFrame:
    """Rows of numbers, as lists or an array, as a table; `labels` names its columns, else 0, 1, … do.

    Raises
    ------
    InputError
        For anything that has no rows and columns.

    Examples
    --------
    >>> as_table([[3, 1], [2, 4]]).loc[1, 0]
    np.int64(2)
    """
    if isinstance(rows, pd.DataFrame):
        return rows
    if isinstance(rows, np.ndarray | list | tuple) and np.ndim(np.asarray(rows, dtype=object)) == 2:
        return pd.DataFrame(rows, columns=labels)
    raise InputError("The numbers", [Problem(name, f"found {_kind(rows)}", "Give a table, or rows of equal length")])


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


def check_numbers(place: str, values: Any, rule: Rule = FINITE, *, missing: bool = False) -> list[Problem]:
    """Every entry of `values` that is no number, or none as the rule has it.

    `place` comes before the label of the entry (``"customer"`` becomes ``"customer 'A'"``): the index of a series, row
    and column of a table, the position from 1 of a list or an array; a single number is named by `place` alone.

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
    if missing:
        good |= np.asarray(pd.isna(entries))
    return [
        Problem(" ".join([place, *_position(values, spot)]), f"found {shown(entries[tuple(spot)])}", rule.remedy)
        for spot in np.argwhere(~good).tolist()
    ]


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


def check_not_empty(place: str, values: Any) -> list[Problem]:
    """Whether there is at least one entry.

    Examples
    --------
    >>> check_not_empty("customers", [])
    [Problem(where='customers', found='there are none', remedy='Give at least one')]
    """
    return [] if np.size(values) else [Problem(place, "there are none", "Give at least one")]


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


def _kind(value: object) -> str:
    """What somebody gave, in a word or two."""
    return shown(value) if value is None or isinstance(value, str | Real) else f"a {type(value).__name__}"


def _float(value: object) -> float:
    try:
        return float(value) if is_number(value) else np.nan
    except OverflowError:
        return np.inf


def _position(values: Any, spot: list[int]) -> list[str]:
    if isinstance(values, pd.Series):
        return [shown(values.index[spot[0]])]
    if isinstance(values, pd.DataFrame):
        return [f"{shown(values.index[spot[0]])}, column {shown(values.columns[spot[1]])}"]
    return [", ".join(str(step + 1) for step in spot)] if spot else []
