"""XYZ classes: how steadily a customer buys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, checked
from crmlib.checks import floats
from crmlib.errors import InputError, Problem
from crmlib.pareto._values import labelled

__all__ = ["XYZ", "XyzClasses", "xyz_classes"]

#: Customary classes: the largest coefficient of variation of each but the last, steadiest first.
XYZ: dict[str, float] = {"X": 0.5, "Y": 1.0, "Z": np.inf}


@dataclass(frozen=True)
class XyzClasses:
    """Customers by the steadiness of their demand.

    `table`: by customer the ``mean`` and ``deviation`` (sample, n − 1) of a period, in the demand's unit, the
    ``variation`` (their ratio) and the ``class``; `cuts`: the rule.
    """

    table: pd.DataFrame
    cuts: Mapping[str, float]

    @property
    def classes(self) -> pd.Series:
        """Ordered classes by customer."""
        return self.table["class"]

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"customers": self.table.astype({"class": str}).to_dict(orient="index"), "cuts": dict(self.cuts)}


@checked("The demand")
def xyz_classes(
    demand: Annotated[pd.DataFrame, Each("customer", column="period")], cuts: Mapping[str, object] = XYZ
) -> XyzClasses:
    """Class customers by the coefficient of variation of their demand: deviation over mean of the periods.

    Set beside the ABC classes (`joint_classes`) it tells a customer who buys much every month from one who
    bought much once [scholzreiter2012]_. Who bought nothing, or returned as much as he bought, has no steadiness: the
    variation is infinite and the class the last. The variation of few periods is itself uncertain.

    Parameters
    ----------
    demand
        Shape (customers, periods): quantity or revenue in periods of equal length; 0 where nothing was bought.
    cuts
        Name and largest variation of each class, steadiest first; the last is infinite.

    Raises
    ------
    InputError
        Lists every customer with a missing number, by period; also fewer than two periods, and unusable cuts.

    Examples
    --------
    >>> demand = pd.DataFrame([[10, 10, 10], [0, 30, 0]], index=["steady", "once"])
    >>> xyz_classes(demand).table[["variation", "class"]].round(3).to_dict("index")
    {'steady': {'variation': 0.0, 'class': 'X'}, 'once': {'variation': 1.732, 'class': 'Z'}}
    """
    problems = []
    ends = floats(list(cuts.values()))
    if len(ends) < 2 or not (ends[1:] > ends[:-1]).all() or not ends[0] >= 0 or ends[-1] != np.inf:
        problems.append(Problem("cuts", f"found {dict(cuts)}", "Give variations that ascend from 0; the last is inf"))
    if demand.shape[1] < 2:
        problems.append(Problem("periods", f"found {demand.shape[1]}", "Variation needs at least two"))
    if problems:
        raise InputError("The demand", problems)
    numbers = demand.to_numpy(dtype=float)
    mean, deviation = numbers.mean(axis=1), numbers.std(axis=1, ddof=1)
    # Rounding leaves a deviation of about 1e-17 of the mean for equal numbers, which is harmless here.
    variation = np.divide(deviation, mean, out=np.full(len(mean), np.inf), where=mean > 0)
    codes = np.minimum(np.searchsorted(ends, variation, side="left"), len(ends) - 1)
    table = pd.DataFrame({"mean": mean, "deviation": deviation, "variation": variation}, index=demand.index)
    table["class"] = labelled(codes, list(cuts), demand.index)
    return XyzClasses(table=table, cuts=dict(zip(cuts, ends.tolist(), strict=True)))
