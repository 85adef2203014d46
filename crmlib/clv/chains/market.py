"""A market of brands: how customers split their purchases, and how they switch at the next."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.checks import shown
from crmlib.clv._numbers import check_kind, check_tables
from crmlib.clv.chains._distributions import count_problems, distribution_problems, labelled_problems, matrix_problems
from crmlib.errors import InputError, Problem

__all__ = ["Market", "brand_market", "next_shares", "share_path"]

_FACTS = ("customers", "purchases_per_year", "volume")


@dataclass(frozen=True)
class Market:
    """Segments (or single customers) and the brands that they choose among.

    `shares`: shape (segments, brands), how the last purchases were split; `switching`: shape (brands, brands)
    for all segments or (segments, brands, brands), from the row's brand to the column's; `margins`: shape
    (segments, brands), money a unit; `segments`: columns ``customers``, ``purchases_per_year`` and ``volume``
    (units a purchase). Build it with `brand_market`, which checks all this.
    """

    shares: pd.DataFrame
    switching: np.ndarray
    margins: pd.DataFrame
    segments: pd.DataFrame

    @property
    def brands(self) -> pd.Index:
        """Names of the brands."""
        return self.shares.columns


def brand_market(
    shares: pd.DataFrame,
    switching: pd.DataFrame | Mapping[str, pd.DataFrame],
    margins: pd.Series | pd.DataFrame,
    segments: pd.DataFrame,
) -> Market:
    """Check a market of segments and brands.

    Parameters
    ----------
    shares
        Shape (segments, brands): how each segment split its last purchases, rows summing to 1. One last brand is
        a share of 1.
    switching
        Transition matrix of the brands: one for all segments, or one for each by its name.
    margins
        Money that a unit brings to each brand: by brand, or by segment and brand.
    segments
        Columns ``customers`` (how many), ``purchases_per_year`` and ``volume`` (units a purchase), all brands
        together.

    Raises
    ------
    InputError
        Lists every row that does not sum to 1, with its sum; every negative or missing number; every label that
        does not match.

    Examples
    --------
    >>> shares = pd.DataFrame([[0.6, 0.3, 0.2]], index=["homes"], columns=list("ABC"))
    >>> stay = pd.DataFrame(np.eye(3), index=list("ABC"), columns=list("ABC"))
    >>> facts = pd.DataFrame({"customers": [10], "purchases_per_year": [4], "volume": [2]}, index=["homes"])
    >>> brand_market(shares, stay, pd.Series({"A": 1.0, "B": 1.0, "C": 1.0}), facts)
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: The market cannot be used:
      - shares of 'homes': sums to 1.1. Make its shares sum to 1.
    """
    check_tables("The market", shares=shares, segments=segments)
    check_kind(
        "The market", (pd.DataFrame, Mapping), "Give a matrix, or one for each segment by its name", switching=switching
    )
    check_kind("The market", (pd.DataFrame, pd.Series), "Give a margin for each brand", margins=margins)
    brands, names = shares.columns, shares.index
    one_for_all = isinstance(switching, pd.DataFrame)
    matrices = {"all": switching} if isinstance(switching, pd.DataFrame) else dict(switching)
    problems = distribution_problems(shares, "shares of")
    if isinstance(margins, pd.Series) and margins.index.has_duplicates:
        twice = margins.index[margins.index.duplicated()].unique()
        problems += [Problem(f"margin of {shown(label)}", "given twice", "Give it once") for label in twice]
        raise InputError("The market", problems)
    table = margins if isinstance(margins, pd.DataFrame) else pd.DataFrame([margins] * len(names), index=names)
    for name, matrix in matrices.items():
        problems += matrix_problems(matrix, "row" if one_for_all else f"segment {name!r}, row")
        if set(matrix.columns) != set(brands):
            problems.append(Problem(f"the switching matrix of {name!r}", f"has the brands {list(matrix.columns)}",
                                    f"Use those of the shares: {list(brands)}"))  # fmt: skip
    if not one_for_all and set(matrices) != set(names):
        found = f"found matrices of {list(matrices)}"
        problems.append(Problem("the switching matrices", found, f"Give one for each segment: {list(names)}"))
    problems += _table_problems(table, names, brands, "margin", -np.inf)
    problems += _table_problems(segments, names, pd.Index(_FACTS), "value", 0)
    if not problems:
        problems = [
            Problem(f"purchases_per_year of {name!r}", "found 0", "Leave out a segment that never buys")
            for name in names[(segments.loc[names, "purchases_per_year"] == 0).to_numpy()]
        ]
    if problems:
        raise InputError("The market", problems)
    order = list(brands)
    steps = {
        name: (matrix if list(matrix.columns) == order else matrix.loc[order, order]).to_numpy(dtype=float)
        for name, matrix in matrices.items()
    }
    return Market(
        shares=shares.astype(float),
        switching=steps["all"] if one_for_all else np.stack([steps[name] for name in names]),
        margins=table.loc[names, brands].astype(float),
        segments=segments.loc[names, list(_FACTS)].astype(float),
    )


def _table_problems(table: pd.DataFrame, rows: pd.Index, columns: pd.Index, what: str, lowest: float) -> list[Problem]:
    missing = columns.difference(table.columns, sort=False)
    problems = [Problem(f"column {name!r}", "is missing", f"Give a {what} for every segment") for name in missing]
    for name in columns.intersection(table.columns, sort=False):
        problems += labelled_problems(table[name], rows, f"{what} {name!r}", lowest)
    return problems


def share_path(trade: Market, purchases: int) -> pd.DataFrame:
    """Expected shares of the brands at each purchase to come: index (segment, purchase), 0 is the last purchase.

    Purchase t is expected to be split ``shares · Pᵗ`` [rust2004]_.

    Raises
    ------
    InputError
        If `purchases` is not a whole number.

    Examples
    --------
    >>> brands = ["A", "B"]
    >>> trade = brand_market(
    ...     pd.DataFrame([[1.0, 0.0]], index=["homes"], columns=brands),
    ...     pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=brands, columns=brands),
    ...     pd.Series({"A": 10.0, "B": 10.0}),
    ...     pd.DataFrame({"customers": [1], "purchases_per_year": [2], "volume": [1]}, index=["homes"]),
    ... )
    >>> share_path(trade, 3)["A"].round(3).to_list()
    [1.0, 0.7, 0.64, 0.628]
    """
    check_kind("The path", Market, "Give the answer of brand_market", trade=trade)
    if problems := count_problems("purchases", purchases):
        raise InputError("The path", problems)
    rows = [trade.shares.to_numpy()]
    for _ in range(purchases):
        rows.append(next_shares(rows[-1], trade.switching))
    index = pd.MultiIndex.from_product([trade.shares.index, range(purchases + 1)], names=["segment", "purchase"])
    return pd.DataFrame(np.stack(rows, axis=1).reshape(-1, len(trade.brands)), index=index, columns=trade.brands)


def next_shares(shares: np.ndarray, switching: np.ndarray) -> np.ndarray:
    """Shares at the purchase after: shape (segments, brands); one matrix for all segments, or one for each.

    Examples
    --------
    >>> next_shares(np.array([[1.0, 0.0]]), np.array([[0.7, 0.3], [0.5, 0.5]])).tolist()
    [[0.7, 0.3]]
    """
    return np.asarray((shares[:, None, :] @ switching)[:, 0, :])
