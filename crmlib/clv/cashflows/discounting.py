"""Profits of coming years as one sum of money today: discounting, the annuity, investment, break-even."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import pandas as pd

from crmlib.checks import check_choice, is_number, shown
from crmlib.clv._numbers import check_tables
from crmlib.clv.terms import Amount, align
from crmlib.errors import InputError, Problem

__all__ = ["INTERPOLATIONS", "TIMINGS", "CashFlows", "annuity_factor", "discounted_cash_flows"]

#: When in its period a payment is made, as a fraction of the period.
TIMINGS: Mapping[str, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}

#: How the time of break-even is read off: at the payment that reaches it, or on the straight line that leads there.
INTERPOLATIONS: Mapping[str, str] = {
    "payment": "the payment with which the sum so far is no longer negative",
    "linear": "the point at which the straight line between two payments reaches zero",
}


def annuity_factor(discount_rate: Amount, horizon: Amount, timing: str, growth: Amount = 0.0) -> Amount:
    """Present value of 1 a period.

    With payments at the end of each period and no growth this is ``[1 − (1 + r)⁻ⁿ] / r``, the annuity factor of the
    source's second model [s3_slides_clv]_; in general ``(1 + r)^−t · Σ_{k<n} [(1 + g)/(1 + r)]^k`` with t = 0, ½ or 1
    by the timing.

    Parameters
    ----------
    discount_rate
        Discount rate r a period, above −1; the firm's weighted average cost of capital, for instance.
    horizon
        Number n of payments, one a period: whole, 0 or more, or infinity.
    timing
        One of `TIMINGS`: payments at the ``"start"``, ``"middle"`` or ``"end"`` of each period.
    growth
        Growth g of the payment from one period to the next; the first payment is 1.

    Returns
    -------
    float or pandas.Series
        A series when any of the terms is one, by customer.

    Raises
    ------
    InputError
        If a term is out of its bounds, or if the payments never end and their value has no limit (g ≥ r).

    Examples
    --------
    >>> round(annuity_factor(0.1, 5, "end"), 6)
    3.790787
    >>> annuity_factor(0.25, np.inf, "end"), annuity_factor(0, 7, "end")
    (4.0, 7.0)
    """
    subject = "The annuity factor"
    kinds = {"discount_rate": "rate", "horizon": "periods", "growth": "growth"}
    terms = align(subject, kinds, discount_rate=discount_rate, horizon=horizon, growth=growth)
    if problems := check_choice("timing", timing, TIMINGS):
        raise InputError(subject, problems)
    r, n, g = terms["discount_rate"], terms["horizon"], terms["growth"]
    endless = np.isinf(n) & (g >= r)
    if endless.any():
        remedy = "Shorten the horizon, or give a discount rate above the growth of the payments"
        labels = terms.customers[endless]
        places = ["discount_rate"] if terms.single else [f"discount_rate of customer {label!r}" for label in labels]
        raise InputError(subject, [Problem(place, "endless payments have no finite value", remedy) for place in places])
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = (g - r) / (1 + r)  # the ratio of neighbouring terms less 1, without cancellation near 0
        total = np.where(excess == 0, n, np.expm1(n * np.log1p(excess)) / excess)
    return terms.answer(np.where(n == 0, 0.0, total) * (1 + r) ** -TIMINGS[timing])


@dataclass(frozen=True)
class CashFlows:
    """Yearly profits discounted to today. All in the money of the profits, a row a customer.

    `discounted`: present value of each period's profit; `investment`: paid today; `discount_rate`: a period;
    `timing`: when in its period a profit comes (one of `TIMINGS`); `horizon`: periods that count.
    """

    discounted: pd.DataFrame
    investment: pd.Series
    discount_rate: pd.Series
    timing: str
    horizon: int

    @property
    def present_value(self) -> pd.Series:
        """Present value of the profits."""
        return self.discounted.sum(axis=1).rename("present_value")

    @property
    def value(self) -> pd.Series:
        """Customer lifetime value: present value less investment."""
        return (self.present_value - self.investment).rename("value")

    @property
    def cumulated(self) -> pd.DataFrame:
        """Value after each period's payment: what has come in so far less the investment."""
        return self.discounted.cumsum(axis=1).sub(self.investment, axis=0)

    def break_even(self, interpolation: str) -> pd.Series:
        """Periods from today until the investment is first earned back, interest included; never is infinity.

        `interpolation` is one of `INTERPOLATIONS`: ``"payment"`` or ``"linear"``. Later losses are not looked at.
        """
        if problems := check_choice("interpolation", interpolation, INTERPOLATIONS):
            raise InputError("The time of break-even", problems)
        times = np.concatenate([[0.0], np.arange(self.horizon) + TIMINGS[self.timing]])
        sums = np.column_stack([-self.investment.to_numpy(), self.cumulated.to_numpy()])
        reached = sums >= 0
        first = reached.argmax(axis=1)
        rows = np.arange(len(sums))
        time = times[first]
        if interpolation == "linear":
            before = np.maximum(first - 1, 0)
            low, high = sums[rows, before], sums[rows, first]
            with np.errstate(divide="ignore", invalid="ignore"):
                time = np.where(first > 0, times[before] + (times[first] - times[before]) * -low / (high - low), time)
        return pd.Series(np.where(reached.any(axis=1), time, np.inf), self.discounted.index, name="break_even")

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return pd.DataFrame(
            {
                "present_value": self.present_value,
                "investment": self.investment,
                "value": self.value,
                "break_even": self.break_even("linear"),
                "discount_rate": self.discount_rate,
            }
        )

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.to_frame().to_dict(orient="index"),
            "discounted": self.discounted.to_dict(orient="index"),
            "timing": self.timing,
            "horizon": self.horizon,
        }


def discounted_cash_flows(
    profits: pd.DataFrame, discount_rate: Amount, timing: str, investment: Amount = 0.0, horizon: float = np.inf
) -> CashFlows:
    """Value customers by the profits of their coming periods, less what is invested in them.

    ``CLV = Σ_k profit_k / (1 + r)^(k + t) − investment`` for k = 0, 1, … below the horizon; t is 0, ½ or 1 by the
    timing. This is the source's definition; it takes three years and the firm's weighted average cost of capital
    [s3_value_management]_.

    Parameters
    ----------
    profits
        Shape (customers, periods), in order of time: profit of each period, unequal as they come, losses negative.
    discount_rate
        Discount rate r a period, above −1.
    timing
        One of `TIMINGS`.
    investment
        Paid today for the customer: acquisition cost.
    horizon
        Periods that count, 0 or more; the table must have as many. All of the table by default.

    Raises
    ------
    InputError
        Lists every customer and period without a finite profit, every bad rate and investment; also a horizon
        longer than the table.

    Examples
    --------
    >>> profits = pd.DataFrame({1: [50.0, 10.0], 2: [60.5, 10.0]}, index=["A", "B"])
    >>> flows = discounted_cash_flows(profits, 0.1, "end", investment=40, horizon=2)
    >>> flows.value.round(2).to_dict()
    {'A': 55.45, 'B': -22.64}
    >>> flows.break_even("linear").round(2).to_dict()
    {'A': 0.88, 'B': inf}
    """
    check_tables("The cash flows", profits=profits)
    subject = "The cash flows"
    problems = check_choice("timing", timing, TIMINGS)
    counted = profits.shape[1] if is_number(horizon) and horizon == np.inf else horizon
    if not isinstance(counted, Integral) or isinstance(counted, bool) or not 0 <= counted <= profits.shape[1]:
        found = f"found {shown(horizon)}, and profits of {profits.shape[1]} periods"
        problems.append(Problem("horizon", found, "Give a whole number of periods that the table holds"))
    twice = profits.columns[profits.columns.duplicated()]
    problems += [Problem(f"profit in period {name!r}", "given twice", "Name every period once") for name in twice]
    if problems:
        raise InputError(subject, problems)
    counted = int(counted)
    table = profits.iloc[:, :counted]
    columns = {f"profit in period {name!r}": column for name, column in table.items()}
    kinds = {"discount_rate": "rate", "investment": "money"} | dict.fromkeys(columns, "money")
    terms = align(subject, kinds, profits.index, discount_rate=discount_rate, investment=investment, **columns)
    factors = (1 + terms["discount_rate"][:, None]) ** -(np.arange(counted) + TIMINGS[timing])
    amounts = np.array([terms[name] for name in columns]).reshape(counted, len(profits)).T
    discounted = pd.DataFrame(amounts * factors, profits.index, table.columns)
    given = terms.table
    return CashFlows(discounted, given["investment"], given["discount_rate"], timing, counted)
