"""Which classes an error in the values can change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.checks import Rule
from crmlib.pareto._values import Amounts, labelled
from crmlib.pareto.classes import SHARES, abc_classes
from crmlib.pareto.histogram import ROUNDING, By, cumulated

__all__ = ["Stability", "class_stability"]


@dataclass(frozen=True)
class Stability:
    """What errors of the values can do. `table`: by customer the ``class``, the ``best`` and the ``worst`` it can get.

    `error`: largest relative error of any value; `by`: what is shared out.
    """

    table: pd.DataFrame
    error: float
    by: By

    @property
    def changing(self) -> pd.Index:
        """Customers whose class an error can change."""
        return self.table.index[self.table["best"].astype(str) != self.table["worst"].astype(str)]

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.table.astype(str).to_dict(orient="index"),
            "changing": self.changing.tolist(),
            "error": self.error,
            "by": self.by,
        }


_ERROR = Rule("Give 0 or more, below 1 (0.1 is 10 %)", lambda values: (values >= 0) & (values < 1))


@checked("The stability")
def class_stability(
    values: Amounts, error: Annotated[float, _ERROR], shares: Mapping[str, float] = SHARES["80/15/5"], by: By = "value"
) -> Stability:
    r"""Find the best and the worst class of each customer when every value may be off by ±error.

    The errors are independent, so the worst cases have a closed form, and each is reached. A customer begins
    soonest when its own value is high, when only those stay above it that must (their low value above its high
    one), these being low, and when all others are as high as they can be without passing it; with
    :math:`v^\pm = (1 \pm e)v`,

    .. math:: s_i^{min} = \frac{U}{U + \sum_{others} v_j^+ \wedge v_i^+}, \quad U = \sum_{v_j^- > v_i^+} v_j^-, \qquad
              s_i^{max} = \frac{W}{W + \sum_{others} v_j^-}, \quad W = \sum_{j \ne i,\, v_j^+ > v_i^-} v_j^+ .

    An error that is the same for all, such as a wrong exchange rate, changes no class.

    Parameters
    ----------
    error
        Largest relative error, 0.1 for ±10 %; at least 0 and below 1.
    values, shares, by
        As in `abc_classes`.

    Raises
    ------
    InputError
        As `abc_classes`, and for an error that is not in [0, 1).

    Examples
    --------
    >>> revenue = pd.Series({"p": 100.0, "q": 21.0, "r": 20.0, "s": 1.0})
    >>> class_stability(revenue, 0.05, {"A": 0.75, "B": 0.25}).table.astype(str).agg("".join, axis=1).to_dict()
    {'p': 'AAA', 'q': 'AAB', 'r': 'BAB', 's': 'BBB'}
    """
    current = abc_classes(values, shares, by)
    numbers = values.to_numpy(dtype=float)
    spread = np.abs(numbers) * error
    falling = np.argsort(-numbers, kind="stable")
    # Both bounds keep the customers' order, so sums over "all above a line" are cumulated sums.
    low, high = (numbers - spread)[falling], (numbers + spread)[falling]
    surely = np.searchsorted(-low, -high, side="left")  # how many are above even when this one is high
    possibly = np.searchsorted(-high, -low, side="left") - (high > low)  # how many others can be, when it is low
    if by == "customers":
        soonest, latest = surely / len(numbers), possibly / len(numbers)
    else:
        soonest, latest = _value_bounds(low, high, surely, possibly)
    table = pd.DataFrame(index=values.index)
    table["class"] = current.classes
    cuts, names = cumulated(shares) - ROUNDING, list(shares)
    for name, begin in (("best", soonest), ("worst", latest)):
        codes = np.empty(len(numbers), dtype=np.int64)
        codes[falling] = np.searchsorted(cuts, begin, side="right")
        table[name] = labelled(codes, names, values.index)
    return Stability(table=table, error=float(error), by=by)


def _value_bounds(
    low: np.ndarray, high: np.ndarray, surely: np.ndarray, possibly: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest share of value at which each customer can begin; all in falling order."""
    places = np.arange(len(low))
    low, high = np.maximum(low, 0), np.maximum(high, 0)
    lows, highs = (np.concatenate([[0.0], np.cumsum(column)]) for column in (low, high))
    above = lows[surely]
    # Between those surely above and the customer itself, all are held at its own high value.
    others = (places - surely) * high + highs[-1] - highs[places]
    soonest = np.where(high > 0, above / np.where(high > 0, above + others, 1), 1.0)
    # The customer itself is among the first possibly + 1; it is low, as are all behind them.
    above = highs[possibly + (high > low)] - np.where(high > low, high, 0)
    others = lows[-1] - lows[possibly + (high > low)] + np.where(high > low, low, 0)
    latest = np.where(low > 0, above / np.where(low > 0, above + others, 1), 1.0)
    return soonest, latest
