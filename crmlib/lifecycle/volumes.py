"""What customers bought in each period, checked: customers are rows, periods are columns."""

from numbers import Real

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["checked_volumes"]


def checked_volumes(volumes: pd.DataFrame, *, missing: str = "refuse") -> pd.DataFrame:
    """Volumes as finite numbers that are not negative, every customer once, the periods in order.

    A missing cell is not the same as no purchase, so it is refused unless the caller states that it is.

    Parameters
    ----------
    volumes
        Shape (customers, periods), in units of volume, such as orders or tonnes; periods (numbers or dates)
        ascend from left to right and are equally long.
    missing
        ``"refuse"``: a missing cell is an error; ``"zero"``: it means that nothing was bought.

    Raises
    ------
    InputError
        Lists every cell that is missing, negative or no finite number, every repeated customer, and periods
        that do not ascend.

    Examples
    --------
    >>> checked_volumes(pd.DataFrame({1: [2.0, None]}, index=["A", "B"]), missing="zero")[1].tolist()
    [2.0, 0.0]
    """
    problems = []
    if missing not in ("refuse", "zero"):
        problems.append(Problem("missing", f"found {missing!r}", "Use refuse or zero"))
    if volumes.empty:
        remedy = "Give at least one customer and one period"
        raise InputError("The table of volumes", [*problems, Problem("volumes", f"shape {volumes.shape}", remedy)])
    if not (volumes.columns.is_monotonic_increasing and volumes.columns.is_unique):
        problems.append(Problem("periods", "not in ascending order, or one occurs twice", "Sort the columns by time"))
    problems += [
        Problem(f"customer {name!r}", "occurs more than once", "Add up its rows")
        for name in volumes.index[volumes.index.duplicated()].unique()
    ]
    gaps = volumes.isna().to_numpy(dtype=bool)
    values = np.empty(volumes.shape)
    for place in range(volumes.shape[1]):
        values[:, place] = _numbers(volumes.iloc[:, place])
    bad = np.where(gaps, missing != "zero", ~(np.isfinite(values) & (values >= 0)))
    for row, column in zip(*np.nonzero(bad), strict=True):
        where = f"customer {volumes.index[row]!r}, period {volumes.columns[column]}"
        if gaps[row, column]:
            problems.append(Problem(where, "missing", "Fill it in, or state that a missing cell means no purchase"))
        else:
            found = _found(volumes.iat[row, column])
            problems.append(Problem(where, found, "Give a number that is not negative"))
    if problems:
        raise InputError("The table of volumes", problems)
    return pd.DataFrame(np.where(gaps, 0.0, values), index=volumes.index, columns=volumes.columns)


def _found(cell: object) -> str:
    return f"found {cell!r}" if isinstance(cell, str) else f"found {cell}"


def _numbers(column: pd.Series) -> np.ndarray:
    """A column's numbers; text and truth values are not guessed at, but become NaN."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    numeric = (isinstance(cell, Real) and not isinstance(cell, (bool, np.bool_)) for cell in column)
    return np.array([float(cell) if number else np.nan for cell, number in zip(column, numeric, strict=True)])
