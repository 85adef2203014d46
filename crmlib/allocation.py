"""A budget spread over customers whose response to money flattens out."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, Positive, checked
from crmlib.checks import NOT_NEGATIVE, check_same_labels, refuse
from crmlib.errors import InputError, Problem

__all__ = ["Allocation", "allocate", "saturating_gain"]

_NOBODY = Problem("ceilings", "none is positive", "Nobody would respond; spend nothing")
_Amounts = Annotated[pd.Series, Each(rule=NOT_NEGATIVE)]


@dataclass(frozen=True)
class Allocation:
    """Where a budget brings most. `spend` and `gain` by customer, in the budget's unit; they hold per period.

    `marginal_gain`: what one more unit of budget would bring, the same for every customer that gets any.
    """

    budget: float
    spend: pd.Series
    gain: pd.Series
    marginal_gain: float

    def to_frame(self) -> pd.DataFrame:
        """Spend and gain of every customer."""
        return pd.DataFrame({"spend": self.spend, "gain": self.gain})

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "budget": self.budget,
            "spend": self.spend.to_dict(),
            "gain": self.gain.to_dict(),
            "marginal_gain": self.marginal_gain,
        }


@checked("The gain")
def saturating_gain(spend: _Amounts, ceiling: _Amounts, halfway: Positive) -> pd.Series:
    """Gain ``g = ceiling·x / (x + halfway)``: half the ceiling at x = halfway, never more than the ceiling.

    Raises InputError for what is no amount of 0 or more, and for customers that are not in both.

    Examples
    --------
    >>> saturating_gain(pd.Series({"A": 5.0}), pd.Series({"A": 40.0}), halfway=5).to_dict()
    {'A': 20.0}
    """
    refuse("The gain", check_same_labels("customer", spend.index, ceiling.index))
    return ceiling * spend / (spend + halfway)


@checked("The allocation")
def allocate(budget: Positive, ceiling: _Amounts, halfway: Positive) -> Allocation:
    """Spread a budget so that the gain of all customers together is largest.

    At the optimum every customer that gets money has the same marginal gain
    ``λ = ceiling·halfway / (x + halfway)²``, so ``x = √(ceiling·halfway/λ) − halfway``; a customer whose first
    unit brings less than λ gets none.

    Parameters
    ----------
    budget
        Money to spend, such as 10,000 yuan a year.
    ceiling
        Largest possible gain of each customer, in the budget's unit.
    halfway
        Spend that brings half the ceiling, in the budget's unit.

    Raises
    ------
    InputError
        If the budget or `halfway` is not a positive number, or a ceiling is negative, not finite, or all are 0.

    Examples
    --------
    >>> allocate(6, pd.Series({"A": 36.0, "B": 9.0, "C": 0.1}), halfway=3).spend.round(6).to_dict()
    {'A': 5.0, 'B': 1.0, 'C': 0.0}
    """
    if not (ceiling > 0).any():
        raise InputError("The allocation", [_NOBODY])
    ceiling = ceiling.astype(float)
    roots = np.sqrt(ceiling.to_numpy() * halfway)
    falling = np.sort(roots)[::-1]
    # With the k best customers in, 1/√λ = (budget + k·halfway) / (sum of their roots); the last of them must gain.
    scales = (budget + halfway * np.arange(1, len(roots) + 1)) / np.maximum(falling.cumsum(), 1e-300)
    scale = scales[np.flatnonzero(falling * scales > halfway).max()]
    spend = pd.Series(np.maximum(roots * scale - halfway, 0), index=ceiling.index)
    return Allocation(
        budget=float(budget),
        spend=spend,
        gain=saturating_gain(spend, ceiling, halfway),
        marginal_gain=float(scale**-2),
    )
