"""What every function of this package does first and last: check the values, label the customers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlib.checks import check_labels, check_not_empty, check_numbers, floats, refuse
from crmlib.errors import Problem


def checked_values(values: pd.Series, subject: str = "The customers' values") -> np.ndarray:
    """One finite number a customer, as floats, in the order given; negative ones are allowed.

    Raises
    ------
    InputError
        Lists every customer that has no name or is named twice, and every one whose value is missing or no finite
        number.
    """
    refuse(
        subject,
        check_not_empty("customers", values),
        check_labels("customer", values),
        check_numbers("customer", values),
        _check_sum(floats(values)),
    )
    return floats(values)


def labelled(codes: np.ndarray, names: Sequence[str], index: pd.Index, label: str = "class") -> pd.Series:
    """Ordered categories from whole numbers: 0 is the first name, the best."""
    kind = pd.CategoricalDtype(list(names), ordered=True)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind), index=index, name=label)


def _check_sum(numbers: np.ndarray) -> list[Problem]:
    with np.errstate(over="ignore", invalid="ignore"):
        overflows = np.isinf(numbers.sum()) and np.isfinite(numbers).all()
    too_large = Problem("sum of all values", "too large for a float", "Use a larger unit, such as millions")
    return [too_large] if overflows else []
