"""Shares of customers with intervals: conversion by channel, reasons for leaving."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from crmlib.errors import InputError, Problem

__all__ = ["Conversion", "conversion", "holm", "reason_shares", "wilson_interval"]


def wilson_interval(
    successes: np.ndarray | pd.Series, trials: np.ndarray | pd.Series, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval for a share [wilson1927]_: never below 0 or above 1, and usable with 0 or all successes.

    With n trials, share p and normal quantile z: ``(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``. No trials
    give 0 to 1.

    Examples
    --------
    >>> low, high = wilson_interval(np.array([0, 5]), np.array([10, 10]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237], [0.278, 0.763])
    """
    n, z = np.asarray(trials, dtype=float), stats.norm.ppf((1 + level) / 2)
    known = np.maximum(n, 1)
    share = np.asarray(successes, dtype=float) / known
    middle = (share + z**2 / (2 * known)) / (1 + z**2 / known)
    half = z / (1 + z**2 / known) * np.sqrt(share * (1 - share) / known + z**2 / (4 * known**2))
    # At 0 and n successes the formula's end is 0 and 1 but for rounding.
    low = np.where(np.asarray(successes) == 0, 0.0, middle - half)
    high = np.where(np.asarray(successes) == n, 1.0, middle + half)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def holm(p_values: np.ndarray | pd.Series) -> np.ndarray:
    """Holm's adjusted p-values [holm1979]_: the chance of any false find among all tests stays below the level.

    The i-th smallest of m becomes the largest ``(m − j + 1)·p₍ⱼ₎`` over j ≤ i, at most 1.

    Examples
    --------
    >>> holm(np.array([0.04, 0.01, 0.03])).tolist()
    [0.06, 0.03, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return adjusted


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


def conversion(counts: pd.DataFrame, level: float = 0.95) -> Conversion:
    """Conversion rate of every channel, and which channels differ by more than chance.

    Parameters
    ----------
    counts
        One row a channel; columns ``prospects`` (reached) and ``customers`` (of these, who bought).
    level
        Confidence level of the Wilson intervals [wilson1927]_ and of Newcombe's for differences
        [newcombe1998]_, each for itself.

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
    if problems := _count_problems(counts, level):
        raise InputError("The channels", problems)
    table = counts[["prospects", "customers"]].astype(int)
    table["rate"] = table["customers"] / table["prospects"]
    table["low"], table["high"] = wilson_interval(table["customers"], table["prospects"], level)
    cells = np.column_stack([table["customers"], table["prospects"] - table["customers"]])
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / cells.sum()
    # Where nobody, or everybody, became a customer, the channels are alike.
    statistic = float((np.divide((cells - expected) ** 2, expected, where=expected > 0, out=expected * 0)).sum())
    return Conversion(
        table=table,
        pairs=_pairs(table, cells),
        statistic=statistic,
        p_value=float(stats.chi2.sf(statistic, len(table) - 1)) if len(table) > 1 else 1.0,
        smallest_expected=float(expected.min()),
        level=level,
    )


def _pairs(table: pd.DataFrame, cells: np.ndarray) -> pd.DataFrame:
    """The difference of every two rates, the second less the first."""
    first, second = np.array(list(combinations(range(len(table)), 2)), dtype=int).reshape(-1, 2).T
    rate, low, high = (table[name].to_numpy() for name in ("rate", "low", "high"))
    difference = rate[second] - rate[first]
    p = np.array([stats.fisher_exact(cells[[i, j]]).pvalue for i, j in zip(first, second, strict=True)])
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


def _count_problems(counts: pd.DataFrame, level: float) -> list[Problem]:
    problems = []
    if not 0 < level < 1:
        problems.append(Problem("level", f"found {level!r}", "Give a confidence level between 0 and 1, such as 0.95"))
    absent = [name for name in ("prospects", "customers") if name not in counts]
    if absent or counts.empty:
        return [*problems, Problem("table", f"{len(counts)} channels, columns {list(counts)}", "Give both counts")]
    problems += [
        Problem(f"channel {name!r}", "occurs more than once", "Add up its rows")
        for name in counts.index[counts.index.duplicated()].unique()
    ]
    numbers = counts[["prospects", "customers"]].apply(pd.to_numeric, errors="coerce")
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    good = np.isfinite(values).all(axis=1) & (values == np.round(values)).all(axis=1)
    good &= (values[:, 0] > 0) & (values[:, 1] >= 0) & (values[:, 1] <= values[:, 0])
    problems += [
        Problem(
            f"channel {name!r}",
            f"found {row.customers!r} customers of {row.prospects!r} prospects",
            "Give whole counts, prospects above 0, customers no more than prospects",
        )
        for name, row, right in zip(counts.index, counts.itertuples(), good, strict=True)
        if not right
    ]
    return problems


def reason_shares(reasons: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Share of every reason among the lost customers, most frequent first, with Wilson intervals [wilson1927]_.

    A customer whose reason is missing stays in the count, as ``"not stated"``.

    Examples
    --------
    >>> reason_shares(pd.Series(["price", None, "price", "moved"]))["share"].to_dict()
    {'price': 0.5, 'moved': 0.25, 'not stated': 0.25}
    """
    if reasons.empty:
        raise InputError("The reasons", [Problem("customers", "none", "Give the reason of at least one lost customer")])
    stated = reasons.astype(object).where(reasons.notna(), "not stated").rename("reason")
    counts = stated.groupby(stated).size().sort_index().sort_values(ascending=False, kind="stable")
    table = counts.rename("customers").to_frame()
    table["share"] = table["customers"] / len(reasons)
    table["low"], table["high"] = wilson_interval(table["customers"], np.full(len(table), len(reasons)), level)
    return table
