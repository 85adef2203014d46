"""The weights of every method side by side, and why programs disagree about them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.ahp.weights import METHODS, complete_judgements
from crmlib.arguments import Each, checked
from crmlib.checks import POSITIVE

__all__ = ["Disagreement", "MethodComparison", "compare_methods"]

_EQUAL = 1e-9  # weights and ratios closer than this are the same but for rounding


class Disagreement(StrEnum):
    """Why two programs may print different weights for the same judgements."""

    CONSISTENT = "The judgements do not contradict each other, so every method gives the same weights."
    THREE_CRITERIA = (
        "The judgements contradict each other. With three criteria the eigenvector and the geometric mean still "
        "agree; the column sum and the row sum spread the contradiction differently."
    )
    INCONSISTENT = (
        "The judgements contradict each other, and every method spreads the contradiction over the criteria "
        "in its own way."
    )


@dataclass(frozen=True)
class MethodComparison:
    """The weights of one judgement matrix under every method; no units.

    `weights`: one row a criterion, one column a method; `largest_difference`: between two methods on one
    criterion; `rankings_differ`: whether two methods order the criteria differently, ties included.
    """

    weights: pd.DataFrame
    largest_difference: float
    rankings_differ: bool
    reason: Disagreement

    def to_frame(self) -> pd.DataFrame:
        """The weights."""
        return self.weights

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "weights": self.weights.to_dict(),
            "largest_difference": self.largest_difference,
            "rankings_differ": self.rankings_differ,
            "reason": str(self.reason),
        }


@checked("The judgement matrix")
def compare_methods(matrix: Annotated[pd.DataFrame, Each("judgement", POSITIVE)]) -> MethodComparison:
    """The weights of one judgement matrix by every method of `METHODS`, and why they differ.

    All methods agree on a consistent matrix (``a_ij a_jk = a_ik``), and the eigenvector and the
    geometric mean agree for three criteria [crawford1985]_; beyond that each has its own answer.
    Weights closer than 1e-9 count as equal.

    Parameters
    ----------
    matrix
        Shape (n, n), from `judgement_matrix`.

    Raises
    ------
    InputError
        If the matrix has gaps or entries that are not positive.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> comparison = compare_methods(judgement_matrix([["1/2", "1/3"], ["1/2"]], ["size", "orders", "volume"]))
    >>> comparison.weights.round(4)
            eigenvector  geometric_mean  column_sum  row_sum
    size         0.1634          0.1634      0.1638   0.1618
    orders       0.2970          0.2970      0.2973   0.3088
    volume       0.5396          0.5396      0.5390   0.5294
    >>> comparison.reason.name
    'THREE_CRITERIA'
    """
    entries = complete_judgements(matrix)
    weights = pd.DataFrame({name: method(entries) for name, method in METHODS.items()}, index=matrix.index)
    values = weights.to_numpy()
    above = np.sign(values[:, None] - values[None]) * (np.abs(values[:, None] - values[None]) > _EQUAL)
    ratios = entries * (values[:, 1] / values[:, 1, None])
    if np.abs(ratios - 1).max() <= _EQUAL:
        reason = Disagreement.CONSISTENT
    else:
        reason = Disagreement.THREE_CRITERIA if len(entries) == 3 else Disagreement.INCONSISTENT
    return MethodComparison(
        weights=weights,
        largest_difference=float(np.ptp(values, axis=1).max()),
        rankings_differ=bool((above != above[..., :1]).any()),
        reason=reason,
    )
