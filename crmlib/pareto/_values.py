"""What every function of this package does first and last: check the values, label the customers."""

from collections.abc import Sequence
from numbers import Real

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem


def checked_values(values: pd.Series, subject: str = "The customers' values") -> np.ndarray:
    """One finite number a customer, as floats, in the order given; negative ones are allowed.

    Raises
    ------
    InputError
        Lists every customer that is named twice, and every one whose value is missing or not a finite number.
    """
    problems = []
    if values.empty:
        problems.append(Problem("rows", "found no customer", "Give at least one"))
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()].unique()
        problems.append(Problem(_customers(twice), "named more than once", "Add up the values of each customer first"))
    numbers = _floats(values)
    # A finite sum is proof, in one pass, that every value is finite.
    with np.errstate(over="ignore", invalid="ignore"):
        total = numbers.sum()
    if not np.isfinite(total):
        bad = values.index[~np.isfinite(numbers)]
        if len(bad):
            problems.append(
                Problem(_customers(bad), "not a finite number", "Write a number, 0 for nothing, or leave it out")
            )
        else:
            problems.append(
                Problem("sum of all values", "too large for a float", "Use a larger unit, such as millions")
            )
    if problems:
        raise InputError(subject, problems)
    return numbers


def labelled(codes: np.ndarray, names: Sequence[str], index: pd.Index, label: str = "class") -> pd.Series:
    """Ordered categories from whole numbers: 0 is the first name, the best."""
    kind = pd.CategoricalDtype(list(names), ordered=True)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind), index=index, name=label)


def _customers(names: pd.Index) -> str:
    return f"customer {', '.join(map(str, names))}"


def _floats(values: pd.Series) -> np.ndarray:
    """Floats, NaN for whatever is no number: a truth value, text that only looks like a number, pandas.NA."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=float, na_value=np.nan)
    numbers = [float(x) if isinstance(x, Real) and not isinstance(x, bool) else np.nan for x in values]
    return np.array(numbers, dtype=float)
