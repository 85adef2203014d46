"""Customer equity: the value of a base of customers, each with its own terms, and of those they bring."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.clv._numbers import check_series, check_tables, plain_horizon
from crmlib.clv.cashflows.retention import margin_multiple
from crmlib.clv.terms import Amount, align
from crmlib.errors import InputError, Problem

__all__ = ["CustomerEquity", "customer_equity", "referral_value"]

NEEDED = ("margin", "retention", "discount_rate")
DEFAULTS = {"growth": 0.0, "cost": 0.0, "referrals": 0.0}


@dataclass(frozen=True)
class CustomerEquity:
    """Value of every customer and of all. Money in the unit of the margins.

    `table`: the terms of each customer, its `multiple` (value in yearly margins) and its `value`; `timing` and `first`:
    when margins come (`crmlib.clv.cashflows.retention.margin_multiple`); `horizon`: margins that count.
    """

    table: pd.DataFrame
    timing: str
    first: str
    horizon: float

    @property
    def total(self) -> float:
        """Customer equity: the sum of all values."""
        return float(self.table["value"].sum())

    def segments(self, segment: pd.Series) -> pd.DataFrame:
        """Customers, value and share of the equity of each segment; `segment` names one for every customer.

        Raises
        ------
        InputError
            Lists the customers without a segment.
        """
        check_series("The segments", segment=segment)
        named = segment.reindex(self.table.index) if segment.index.is_unique else segment
        missing = named.index[named.isna()] if segment.index.is_unique else named.index[named.index.duplicated()]
        if len(missing):
            places = [f"segment of customer {label!r}" for label in missing]
            raise InputError("The segments", [Problem(place, "none, or more than one", "Name one") for place in places])
        values = self.table["value"].groupby(named.to_numpy())
        return pd.DataFrame({"customers": values.size(), "value": values.sum(), "share": values.sum() / self.total})

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.table.to_dict(orient="index"),
            "total": self.total,
            "timing": self.timing,
            "first": self.first,
            "horizon": plain_horizon(self.horizon),
        }


def customer_equity(customers: pd.DataFrame, timing: str, first: str, horizon: float = np.inf) -> CustomerEquity:
    """Value a whole base: ``Σ (margin·multiple + referrals − cost)`` over the customers [blattberg1996]_.

    Parameters
    ----------
    customers
        One row a customer with columns ``margin`` (a period), ``retention``, ``discount_rate`` (a period), and,
        where wanted, ``growth`` of the margin, ``cost`` (still to be invested today; what is spent is gone) and
        ``referrals`` (value of those it brings, see `referral_value`); these are 0 when left out.
    timing, first
        When margins come: see `crmlib.clv.cashflows.retention.margin_multiple`.
    horizon
        Margins that count; infinity by default.

    Raises
    ------
    InputError
        Lists every customer and term that is missing or out of bounds, unknown columns, and customers whose value
        has no limit.

    Examples
    --------
    >>> base = pd.DataFrame({"margin": [100.0, 40.0], "retention": [0.75, 0.5]}, index=["A", "B"])
    >>> base["discount_rate"] = 0.25
    >>> equity = customer_equity(base, "start", "certain")
    >>> equity.total, equity.segments(pd.Series({"A": "key", "B": "small"}))["value"].round(2).to_dict()
    (316.6666666666667, {'key': 250.0, 'small': 66.67})
    """
    check_tables("The customer equity", customers=customers)
    subject = "The customer equity"
    problems = [Problem(f"column {name!r}", "is missing", "Add it") for name in NEEDED if name not in customers]
    known = [*NEEDED, *DEFAULTS]
    problems += [
        Problem(f"column {name!r}", "is not a term", f"Use {', '.join(known)}")
        for name in customers
        if name not in known
    ]
    if problems:
        raise InputError(subject, problems)
    full = customers.assign(**{name: value for name, value in DEFAULTS.items() if name not in customers})
    kinds = {"margin": "money", "retention": "probability", "discount_rate": "rate", "growth": "growth", "cost": "cost"}
    columns: dict[str, Amount] = {name: full[name] for name in known}
    table = align(subject, kinds | {"referrals": "money"}, **columns).table
    multiple = margin_multiple(table["retention"], table["discount_rate"], timing, first, horizon, table["growth"])
    table["multiple"] = multiple
    table["value"] = table["margin"] * table["multiple"] + table["referrals"] - table["cost"]
    return CustomerEquity(table, timing, first, float(horizon))


def referral_value(referrals: pd.DataFrame, saved_cost: float, discount_rate: float) -> pd.Series:
    """Value today of the customers that a customer brings [kumar2010]_.

    ``Σ [p·(saved cost) + (1 − p)·value] / (1 + d)^years − reward``: who would have come anyway (probability p)
    saves only the cost of winning it; only the others' value is owed to the referral.

    Parameters
    ----------
    referrals
        One row a referred customer: ``referrer``, ``value`` (when it joins, before any acquisition cost),
        ``anyway`` (p; 0 or 1 when known), ``years`` until it joins, ``reward`` paid to the referrer then.
    saved_cost
        What winning a customer costs otherwise.
    discount_rate
        Discount rate d a year.

    Returns
    -------
    pandas.Series
        By referrer.

    Raises
    ------
    InputError
        Lists every row and term that is missing or out of bounds.

    Examples
    --------
    >>> brought = pd.DataFrame({"referrer": ["A", "A"], "value": [100.0, 100.0], "anyway": [0, 1], "years": [0, 1]})
    >>> brought["reward"] = 5
    >>> referral_value(brought, saved_cost=30, discount_rate=0.25).to_dict()
    {'A': 115.0}
    """
    check_tables("The value of referrals", referrals=referrals)
    subject = "The value of referrals"
    kinds = {"value": "money", "anyway": "probability", "years": "time", "reward": "cost"}
    missing = [name for name in ("referrer", *kinds) if name not in referrals]
    problems = [Problem(f"column {name!r}", "is missing", "Add it") for name in missing]
    if not missing:
        nobody = referrals.index[referrals["referrer"].isna()]
        problems += [Problem(f"referrer of row {row!r}", "is missing", "Name the customer") for row in nobody]
    if problems:
        raise InputError(subject, problems)
    columns: dict[str, Amount] = {name: referrals[name] for name in kinds}
    kinds |= {"saved": "cost", "discount_rate": "rate"}
    terms = align(subject, kinds, **columns, saved=saved_cost, discount_rate=discount_rate)
    owed = terms["anyway"] * terms["saved"] + (1 - terms["anyway"]) * terms["value"] - terms["reward"]
    today = owed * (1 + terms["discount_rate"]) ** -terms["years"]
    return pd.Series(today, index=referrals.index).groupby(referrals["referrer"].to_numpy()).sum().rename("referrals")
