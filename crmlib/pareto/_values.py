"""What every function of this package does first and last: check the values, label the customers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, Read
from crmlib.checks import NOT_NEGATIVE, check_numbers
from crmlib.errors import Problem

__all__ = ["Amounts", "SharedOut", "labelled"]


@dataclass(frozen=True)
class _Summed(Each):
    """Numbers whose sum is one, too; with `parts`, none is negative and one is positive, so that each has a share."""

    parts: bool = False

    def read(self, place: str, values: pd.Series) -> Read:
        """The numbers as floats, and what is wrong with them."""
        values, problems = super().read(place, values)
        if problems:
            return values, problems
        numbers = values.to_numpy(dtype=float)
        with np.errstate(over="ignore"):
            overflows = np.isinf(numbers.sum())
        if overflows:
            problems = [Problem("sum of all values", "too large for a float", "Use a larger unit, such as millions")]
        elif self.parts and numbers.min() < 0:
            problems = check_numbers(self.label, values, _PART)
        elif self.parts and not numbers.any():
            problems = [Problem(place, "all are 0", "There are no shares of nothing")]
        return values, problems


_PART = replace(NOT_NEGATIVE, remedy="Leave out negative values, or set them to 0, and say so")
#: One finite number a customer, each named once; negative ones are allowed.
Amounts = Annotated[pd.Series, _Summed("customer")]
#: The same, none negative.
SharedOut = Annotated[pd.Series, _Summed("customer", parts=True)]


def labelled(codes: np.ndarray, names: Sequence[str], index: pd.Index, label: str = "class") -> pd.Series:
    """Ordered categories from whole numbers: 0 is the first name, the best."""
    kind = pd.CategoricalDtype(list(names), ordered=True)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind), index=index, name=label)
