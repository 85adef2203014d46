"""Shares of customers with intervals: conversion by channel, reasons for leaving."""

from dataclasses import dataclass
from itertools import combinations
from typing import Annotated

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Level, Table, checked
from crmlib.checks import check_labels, check_not_empty, check_numbers, refuse, shown, whole_from
from crmlib.differences import holm
from crmlib.errors import InputError, Problem
from crmlib.proportions import wilson_interval

__all__ = ["Conversion", "conversion", "reason_shares"]


_Counts = Annotated[pd.DataFrame, Table("channel", ("prospects", "customers"))]


@dataclass(frozen=True)
class Conversion:
    """How many prospects of each channel became customers; rates are shares, intervals at `level`.

    `table`: prospects, customers, `rate`, `low`, `high` by channel. `pairs`: every two channels, the difference of
    their rates with Newcombe's interval, and Fisher's exact p-value, adjusted by Holm. `statistic`, `p_value`: of
    the χ² test that all channels convert alike; it needs `smallest_expected` (count) of about 5 or more.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    statistic: float
    p_value: float
    smallest_expected: float
    level: float

    def to_frame(self) -> pd.DataFrame:
        """One row a channel."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "channels": self.table.to_dict(orient="index"),
            "pairs": self.pairs.to_dict(orient="records"),
            "statistic": self.statistic,
            "p_value": self.p_value,
            "smallest_expected": self.smallest_expected,
            "level": self.level,
        }


@checked("The channels")
def conversion(counts: _Counts, level: Level = 0.95) -> Conversion:
    """Conversion rate of every channel, and which channels differ by more than chance.

    Parameters
    ----------
    counts
        One row a channel; columns ``prospects`` (reached) and ``customers`` (of these, who bought).
    level
        Confidence level of the Wilson intervals [wilson1927]_ and of Newcombe's for differences
        [newcombe1998difference]_, each for itself.

    Raises
    ------
    InputError
        Lists every channel whose counts are not whole, not positive, or say more customers than prospects.

    Examples
    --------
    >>> found = conversion(pd.DataFrame({"prospects": [200, 100], "customers": [20, 25]}, index=["fair", "referral"]))
    >>> found.table.round(3)
              prospects  customers  rate    low   high
    fair            200         20  0.10  0.066  0.149
    referral        100         25  0.25  0.175  0.343
    >>> found.pairs[["difference", "low", "high", "p_adjusted"]].round(4).to_dict("records")
    [{'difference': 0.15, 'low': 0.0606, 'high': 0.2492, 'p_adjusted': 0.001}]
    """
    refuse(
        "The channels",
        check_numbers("channel", counts[["prospects"]], whole_from(1)),
        check_numbers("channel", counts[["customers"]], whole_from(0)),
    )
    if problems := [
        Problem(
            f"channel {shown(name)}", f"found {customers} customers of {prospects} prospects", "Give no more customers"
        )
        for name, prospects, customers in counts[["prospects", "customers"]].itertuples()
        if customers > prospects
    ]:
        raise InputError("The channels", problems)
    table = counts[["prospects", "customers"]].astype(int)
    rates = wilson_interval(table["customers"], table["prospects"], level)
    table = table.join(rates.rename(columns={"share": "rate"}))
    cells = np.column_stack([table["customers"], table["prospects"] - table["customers"]])
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / cells.sum()
    # Where nobody, or everybody, became a customer, the channels are alike.
    statistic = float((np.divide((cells - expected) ** 2, expected, where=expected > 0, out=expected * 0)).sum())
    return Conversion(
        table=table,
        pairs=_pairs(table, cells),
        statistic=statistic,
        p_value=float(scipy.stats.chi2.sf(statistic, len(table) - 1)) if len(table) > 1 else 1.0,
        smallest_expected=float(expected.min()),
        level=level,
    )


def _pairs(table: pd.DataFrame, cells: np.ndarray) -> pd.DataFrame:
    """The difference of every two rates, the second less the first."""
    first, second = np.array(list(combinations(range(len(table)), 2)), dtype=int).reshape(-1, 2).T
    rate, low, high = (table[name].to_numpy() for name in ("rate", "low", "high"))
    difference = rate[second] - rate[first]
    p = np.array([scipy.stats.fisher_exact(cells[[i, j]]).pvalue for i, j in zip(first, second, strict=True)])
    return pd.DataFrame(
        {
            "first": table.index[first],
            "second": table.index[second],
            "difference": difference,
            "low": difference - np.hypot(rate[second] - low[second], high[first] - rate[first]),
            "high": difference + np.hypot(high[second] - rate[second], rate[first] - low[first]),
            "p_value": p,
            "p_adjusted": holm(p),
        }
    )


@checked("The reasons")
def reason_shares(reasons: pd.Series, level: Level = 0.95) -> pd.DataFrame:
    """Share of every reason among the lost customers, most frequent first, with Wilson intervals [wilson1927]_.

    A customer whose reason is missing stays in the count, as ``"not stated"``.

    Examples
    --------
    >>> reason_shares(pd.Series(["price", None, "price", "moved"]))["share"].to_dict()
    {'price': 0.5, 'moved': 0.25, 'not stated': 0.25}
    """
    refuse("The reasons", check_not_empty("reasons", reasons), check_labels("customer", reasons))
    stated = reasons.astype(object).where(reasons.notna(), "not stated").rename("reason")
    counts = stated.groupby(stated).size().sort_index().sort_values(ascending=False, kind="stable")
    table = counts.rename("customers").to_frame()
    return table.join(wilson_interval(table["customers"], pd.Series(len(reasons), index=table.index), level))
