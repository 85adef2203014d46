"""What makes a table a distribution, a transition matrix or a discount rate; every place where it is none."""

from numbers import Integral, Real
from typing import TypeGuard

import numpy as np
import pandas as pd

from crmlib.errors import Problem

__all__ = [
    "count_problems",
    "distribution_problems",
    "labelled_problems",
    "matrix_problems",
    "number_problems",
    "numbers",
    "rate_problems",
]

#: How far the sum of a row may lie from 1: more than rounding, less than a third printed digit.
_SUM_TOLERANCE = 1e-6


def numbers(frame: pd.DataFrame) -> np.ndarray:
    """The cells as floats; NaN where a cell is missing, text or a truth value.

    Examples
    --------
    >>> numbers(pd.DataFrame({"A": [0.5, True], "B": ["0.5", 1]})).tolist()
    [[0.5, nan], [nan, 1.0]]
    """
    return np.column_stack([_column(frame.iloc[:, place]) for place in range(frame.shape[1])])


def _column(column: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    return np.array([float(cell) if _is_number(cell) else np.nan for cell in column], dtype=float)


def _is_number(cell: object) -> TypeGuard[float]:
    return isinstance(cell, Real) and not isinstance(cell, bool | np.bool_)


def _shown(cell: object) -> str:
    """A cell as its author wrote it: 0.5 and not np.float64(0.5)."""
    return repr(cell.item() if isinstance(cell, np.generic) else cell)


def distribution_problems(rows: pd.DataFrame, what: str) -> list[Problem]:
    """Every cell that is no share, and every row that does not sum to 1; `what` says what a row is."""
    if rows.empty:
        return [Problem(what, "there is none", "Give at least one row and one column")]
    problems = [
        Problem(f"{what} {kind}", f"{label!r} is there more than once", "Name each once")
        for kind, axis in (("rows", rows.index), ("columns", rows.columns))
        for label in axis[axis.duplicated()].unique()
    ]
    values = numbers(rows)
    bad = ~(np.isfinite(values) & (values >= 0))
    problems += [
        Problem(
            f"{what} {rows.index[row]!r}, column {rows.columns[column]!r}",
            f"found {_shown(rows.iat[row, column])}",
            "Give a share: a number from 0 to 1",
        )
        for row, column in np.argwhere(bad).tolist()
    ]
    sums = values.sum(axis=1)
    wrong = ~bad.any(axis=1) & _off(sums)
    problems += [
        Problem(f"{what} {label!r}", f"sums to {total:.10g}", "Make its shares sum to 1")
        for label, total in zip(rows.index[wrong], sums[wrong], strict=True)
    ]
    return problems


def _off(sums: np.ndarray) -> np.ndarray:
    """Which sums are not 1, by more than rounding."""
    return np.asarray(np.abs(sums - 1) > _SUM_TOLERANCE)


def matrix_problems(transitions: pd.DataFrame, what: str = "row") -> list[Problem]:
    """Every bad place of a transition matrix, whose rows (from) and columns (to) have the same labels."""
    rows, columns, values = list(transitions.index), list(transitions.columns), transitions.to_numpy()
    # Nearly every matrix is fine, and thousands may come, so only one that is not is searched.
    square = rows == columns and len(set(rows)) == len(rows) > 0
    if square and values.dtype.kind == "f" and (values >= 0).all() and not _off(values.sum(axis=1)).any():
        return []
    problems = distribution_problems(transitions, what)
    problems += [
        Problem(f"{what} {label!r}", "has no column of this name", "Add it, or correct the name")
        for label in transitions.index.difference(transitions.columns, sort=False)
    ]
    problems += [
        Problem(f"column {label!r}", f"has no {what} of this name", "Add it, or correct the name")
        for label in transitions.columns.difference(transitions.index, sort=False)
    ]
    if not problems and rows != columns:
        problems.append(Problem(f"{what}s", f"in the order {rows}, the columns {columns}", "Use one order for both"))
    return problems


def rate_problems(discount_rate: float) -> list[Problem]:
    """The discount rate, unless it is a number above −1."""
    if _is_number(discount_rate) and -1 < discount_rate < np.inf:
        return []
    return [Problem("discount_rate", f"found {discount_rate!r}", "Give a number above -1, such as 0.1 for 10 %")]


def number_problems(name: str, value: object, lowest: float = -np.inf) -> list[Problem]:
    """The value, unless it is a finite number from `lowest` upwards."""
    if _is_number(value) and np.isfinite(float(value)) and float(value) >= lowest:
        return []
    return [Problem(name, f"found {_shown(value)}", f"Give {_bounds(lowest)}")]


def _bounds(lowest: float) -> str:
    return "a finite number" if lowest == -np.inf else f"a finite number from {lowest:g} upwards"


def count_problems(name: str, value: object) -> list[Problem]:
    """The value, unless it is a whole number from 0 upwards."""
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0:
        return []
    return [Problem(name, f"found {value!r}", "Give a whole number from 0 upwards")]


def labelled_problems(values: pd.Series, labels: pd.Index, what: str, lowest: float = -np.inf) -> list[Problem]:
    """Every label without a value, or with two, or without a finite one from `lowest` upwards; every unknown label."""
    found = values.index
    problems = [
        Problem(f"{what} of {label!r}", "is missing", "Give it") for label in labels.difference(found, sort=False)
    ]
    problems += [
        Problem(
            f"{what} of {label!r}", "is not known here, or given twice", f"The names are {', '.join(map(str, labels))}"
        )
        for label in found[found.duplicated() | ~found.isin(labels)]
    ]
    given = numbers(values.to_frame())[:, 0]
    problems += [
        Problem(f"{what} of {found[place]!r}", f"found {_shown(values.iloc[place])}", f"Give {_bounds(lowest)}")
        for place in np.flatnonzero(~(np.isfinite(given) & (given >= lowest))).tolist()
    ]
    return problems
