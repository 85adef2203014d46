"""Limits between A, B and C that the data set themselves: the computed ABC analysis."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.arguments import checked
from crmlib.pareto._values import SharedOut, labelled

__all__ = ["ComputedClasses", "computed_abc"]


@dataclass(frozen=True)
class ComputedClasses:
    """Classes between points of the ABC curve.

    `classes`: ordered A, B, C by customer; `points`: of the Pareto, break-even and submarginal point the number of
    ``customers``, their ``customer_share`` and ``value_share``, and the ``value`` of the last of them;
    `limits`: lowest value of A and of B, in the values' unit.
    """

    classes: pd.Series
    points: pd.DataFrame
    limits: pd.Series

    def to_frame(self) -> pd.DataFrame:
        """The three points of the curve."""
        return self.points

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "classes": self.classes.astype(str).to_dict(),
            "points": self.points.to_dict(orient="index"),
            "limits": self.limits.to_dict(),
        }


@checked("The computed ABC analysis")
def computed_abc(values: SharedOut) -> ComputedClasses:
    r"""Part the customers where their own ABC curve bends, instead of at cuts that somebody chose.

    The ABC curve has the share of customers :math:`x_k = k/n`, best first, against their share of the value
    :math:`y_k`. Three of its points are computed [ultsch2015]_:

    - the Pareto point, nearest to the ideal (0, 1): all the value from no customer;
    - the break-even point, the last at which one more customer brings at least its share,
      :math:`\Delta y \ge \Delta x`, that is, a value not below the mean;
    - the submarginal point, nearest to (x, 1), where x belongs to the later one of these two.

    A ends at the earlier of the first two, B at the submarginal point. Equal values share a class. The curve is taken
    at the customers themselves; the authors' program takes it on a grid of 1,001 points, which moves a limit by a few
    customers: of its 2,896 Swiss communities it puts 639 into A and 1,819 into C, this function 642 and 1,819.

    Parameters
    ----------
    values
        Revenue or profit of each customer, none negative, in one unit.

    Raises
    ------
    InputError
        Lists every customer with a missing or negative value; also if all values are 0.

    Examples
    --------
    >>> result = computed_abc(pd.Series([50.0, 30, 10, 4, 3, 2, 1], index=list("pqrstuv")))
    >>> "".join(result.classes)
    'AABCCCC'
    """
    numbers = values.to_numpy(dtype=float)
    falling = np.sort(numbers)[::-1]
    x = np.arange(1, len(falling) + 1) / len(falling)
    y = np.cumsum(falling) / falling.sum()
    pareto = int(np.argmin(x**2 + (1 - y) ** 2))
    break_even = int(np.count_nonzero(falling >= falling.mean())) - 1
    submarginal = int(np.argmin((x - x[max(pareto, break_even)]) ** 2 + (1 - y) ** 2))
    places = np.array([pareto, break_even, submarginal])
    points = pd.DataFrame(
        {"customers": places + 1, "customer_share": x[places], "value_share": y[places], "value": falling[places]},
        index=pd.Index(["Pareto", "break-even", "submarginal"], name="point"),
    )
    limits = falling[[min(pareto, break_even), submarginal]]
    codes = (numbers < limits[0]).astype(int) + (numbers < limits[1])
    return ComputedClasses(
        classes=labelled(codes, ["A", "B", "C"], values.index),
        points=points,
        limits=pd.Series(limits, index=["A", "B"]),
    )
