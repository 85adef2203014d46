"""Numbers without labels: lists and arrays taken for series and tables, their positions for the labels."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from crmlib.checks import shown
from crmlib.errors import InputError, Problem

__all__ = ["NumberTable", "Numbers", "as_series", "as_table"]

#: One number each, with labels or by position.
Numbers = pd.Series | pd.DataFrame | np.ndarray | Sequence[float]
#: Rows of numbers, with labels or by position.
NumberTable = pd.DataFrame | np.ndarray | Sequence[Sequence[float]]


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
    entries = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
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


def _kind(value: object) -> str:
    """What somebody gave, in a word or two."""
    return shown(value) if value is None or isinstance(value, str | Real) else f"a {type(value).__name__}"
