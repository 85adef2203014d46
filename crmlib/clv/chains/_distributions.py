"""What makes a table a distribution, a transition matrix or a discount rate; every place where it is none."""

from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd

from crmlib.checks import floats, is_number, shown
from crmlib.clv.terms import BOUNDS
from crmlib.errors import Problem

__all__ = [
    "count_problems",
    "distribution_problems",
    "horizon_problems",
    "labelled_problems",
    "matrix_problems",
    "number_problems",
    "rate_problems",
]

#: How far the sum of a row may lie from 1: more than rounding, less than a third printed digit.
_SUM_TOLERANCE = 1e-6
#: How far it may be from 1 if its shares were printed with two or three digits.
_PRINTED = 0.01
_UNEVEN = "Make its shares sum to 1"
_ROUNDED = "Shares as printed? Divide each row by its sum, table.div(table.sum(axis=1), axis=0), and say so"


def distribution_problems(rows: pd.DataFrame, what: str) -> list[Problem]:
    """Every cell that is no share, and every row that does not sum to 1; `what` says what a row is."""
    if rows.empty:
        return [Problem(what, "there is none", "Give at least one row and one column")]
    problems = [
        Problem(f"{what} {kind}", f"{shown(label)} is there more than once", "Name each once")
        for kind, axis in (("rows", rows.index), ("columns", rows.columns))
        for label in axis[axis.duplicated()].unique()
    ]
    values = floats(rows)
    bad = ~(np.isfinite(values) & (values >= 0))
    problems += [
        Problem(
            f"{what} {shown(rows.index[row])}, column {shown(rows.columns[column])}",
            f"found {shown(rows.iat[row, column])}",
            "Give a share: a number from 0 to 1",
        )
        for row, column in np.argwhere(bad).tolist()
    ]
    sums = values.sum(axis=1)
    wrong = ~bad.any(axis=1) & _off(sums)
    problems += [
        Problem(f"{what} {shown(label)}", f"sums to {total:.10g}", _ROUNDED if abs(total - 1) < _PRINTED else _UNEVEN)
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
        Problem(f"{what} {shown(label)}", "has no column of this name", "Add it, or correct the name")
        for label in transitions.index.difference(transitions.columns, sort=False)
    ]
    problems += [
        Problem(f"column {shown(label)}", f"has no {what} of this name", "Add it, or correct the name")
        for label in transitions.columns.difference(transitions.index, sort=False)
    ]
    if not problems and rows != columns:
        problems.append(Problem(f"{what}s", f"in the order {rows}, the columns {columns}", "Use one order for both"))
    return problems


def rate_problems(discount_rate: float) -> list[Problem]:
    """The discount rate, unless it is a number above −1 and at most 5: more is a percentage by mistake."""
    if is_number(discount_rate) and BOUNDS["rate"].holds(np.array(discount_rate, dtype=float)):
        return []
    remedy = f"{BOUNDS['rate'].remedy}, such as 0.1 for 10 %"
    return [Problem("discount_rate", f"found {shown(discount_rate)}", remedy)]


def number_problems(name: str, value: object, lowest: float = -np.inf) -> list[Problem]:
    """The value, unless it is a finite number from `lowest` upwards."""
    if is_number(value) and np.isfinite(float(value)) and float(value) >= lowest:
        return []
    return [Problem(name, f"found {shown(value)}", f"Give {_bounds(lowest)}")]


def _bounds(lowest: float) -> str:
    return "a finite number" if lowest == -np.inf else f"a finite number from {lowest:g} upwards"


def count_problems(name: str, value: object) -> list[Problem]:
    """The value, unless it is a whole number from 0 upwards."""
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0:
        return []
    return [Problem(name, f"found {shown(value)}", "Give a whole number from 0 upwards")]


def horizon_problems(horizon: object) -> list[Problem]:
    """The horizon, unless it is a whole number of periods from 0 upwards, or infinity."""
    if is_number(horizon) and horizon == np.inf:
        return []
    return [replace(problem, remedy=f"{problem.remedy}, or infinity") for problem in count_problems("horizon", horizon)]


def labelled_problems(values: pd.Series, labels: pd.Index, what: str, lowest: float = -np.inf) -> list[Problem]:
    """Every label without a value, or with two, or without a finite one from `lowest` upwards; every unknown label."""
    found, names = values.index, ", ".join(map(str, labels))
    problems = [
        Problem(f"{what} of {shown(label)}", "is missing", "Give it") for label in labels.difference(found, sort=False)
    ]
    problems += [
        Problem(
            f"{what} of {shown(label)}",
            "is not known here, or given twice",
            f"The names are {names}",
        )
        for label in found[found.duplicated() | ~found.isin(labels)]
    ]
    given = floats(values)
    problems += [
        Problem(f"{what} of {shown(found[place])}", f"found {shown(values.iloc[place])}", f"Give {_bounds(lowest)}")
        for place in np.flatnonzero(~(np.isfinite(given) & (given >= lowest))).tolist()
    ]
    return problems
