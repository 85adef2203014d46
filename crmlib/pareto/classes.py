"""ABC classes and pyramid tiers: by cumulated share of value, or of customers, under one rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.pareto._values import Amounts, labelled
from crmlib.pareto.histogram import By, class_limits
from crmlib.transactions.summary import CustomerSummary

__all__ = ["SHARES", "Classes", "abc_classes"]

#: Customary classes: name of each, best first, and its share of the whole. Systems differ: textbooks part the value
#: 80/15/5 or 70/20/10, SAP at 20 and 50 % of the cumulated profit, the customer pyramid parts the heads.
SHARES: dict[str, dict[str, float]] = {
    "70/20/10": {"A": 0.7, "B": 0.2, "C": 0.1},
    "80/15/5": {"A": 0.8, "B": 0.15, "C": 0.05},
    "20/30/50": {"A": 0.2, "B": 0.3, "C": 0.5},
    "pyramid": {"top": 0.01, "upper": 0.04, "middle": 0.15, "small": 0.8},
}


@dataclass(frozen=True)
class Classes:
    """Customers in classes. `values`: what was shared out; `classes`: ordered categories, best first, by customer.

    `limits`: lowest value of every class but the last, in the values' unit; `shares` and `by`: the rule.
    """

    values: pd.Series
    classes: pd.Series
    limits: pd.Series
    shares: Mapping[str, float]
    by: By

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Customers, value, their shares, and the lowest and highest value of each class.

        Returned goods make a value negative: it counts in ``value``, and shares of value are taken of the
        positive values, as in the rule.
        """
        values = self.values.astype(float)
        grouped = values.groupby(self.classes, observed=False)
        positive = values.clip(lower=0).groupby(self.classes, observed=False).sum()
        return pd.DataFrame(
            {
                "customers": grouped.size(),
                "customer_share": grouped.size() / len(values),
                "value": grouped.sum(),
                "value_share": positive / positive.sum(),
                "lowest": grouped.min(),
                "highest": grouped.max(),
            }
        ).rename_axis("class")

    def to_frame(self) -> pd.DataFrame:
        """The summary, one row a class."""
        return self.summary

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "classes": self.classes.astype(str).to_dict(),
            "limits": self.limits.to_dict(),
            "summary": self.summary.to_dict(orient="index"),
            "shares": dict(self.shares),
            "by": self.by,
        }


@checked("The customers' values")
def abc_classes(
    values: Amounts | CustomerSummary, shares: Mapping[str, float] = SHARES["80/15/5"], by: By = "value"
) -> Classes:
    r"""Put each customer into the class in which its cumulated share begins.

    With the customers in falling order of value, customer *i* begins at

    .. math:: s_i = \sum_{v_j > v_i} v_j^+ \Big/ \sum_j v_j^+ \quad\text{or}\quad s_i = \#\{v_j > v_i\} / n,

    and belongs to the first class whose cut lies above :math:`s_i`. The rule has three virtues. The best customer
    begins at 0 and is always in the first class, also when it crosses the cut alone: of (1000, 1, 1, 1, 1) the
    first is A, where a rule that looks at the share reached makes everyone C. Equal values begin at the same
    point, so they always share a class. And a class is all customers whose value reaches a limit.

    A customer with a zero or negative value (more returned than bought) begins at 1, so it is in the last class
    by value. By head count the rule rounds up: of 150 customers, 1 % are the best 2. One customer alone, or all with
    the same value, are in the first class.

    Parameters
    ----------
    values
        Revenue or profit of each customer in one period, in one unit, with labels or as a list; of a summary, the
        amounts.
    shares
        Name and share of each class, best first; the shares sum to 1. See `SHARES`.
    by
        ``"value"``: shares of the positive value; ``"customers"``: shares of heads.

    Raises
    ------
    InputError
        Lists every customer with a missing value or named twice; also unusable shares, or no positive value.

    References
    ----------
    [dickie1951]_ named the classes A, B and C.

    Examples
    --------
    >>> revenue = pd.Series([1000, 1, 1, 1, 1], index=list("vwxyz"))
    >>> abc_classes(revenue).classes.to_dict()
    {'v': 'A', 'w': 'C', 'x': 'C', 'y': 'C', 'z': 'C'}
    """
    if isinstance(values, CustomerSummary):
        return abc_classes(values.amount, shares, by)
    numbers = values.to_numpy(dtype=float)
    limits = class_limits([numbers], shares, by)
    names = list(shares)
    codes = np.zeros(len(numbers), dtype=np.int8)
    for limit in limits:
        codes += (numbers < limit).view(np.int8)  # quicker than adding truth values
    return Classes(
        values=values,
        classes=labelled(codes, names, values.index),
        limits=pd.Series(limits, index=names[:-1]),
        shares=shares,
        by=by,
    )
