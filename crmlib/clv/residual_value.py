"""What customers will still bring: their discounted coming purchases, and these in money."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import hyperu

from crmlib.clv._numbers import is_number, shown
from crmlib.clv.cashflows import TIMINGS
from crmlib.clv.cells import checked_summary, distinct_rows
from crmlib.clv.pareto_nbd import ParetoNbd
from crmlib.clv.terms import Amount, check_choice, line_up
from crmlib.errors import InputError, Problem

__all__ = [
    "LifetimeValue",
    "PurchaseModel",
    "customer_lifetime_value",
    "discounted_purchases",
    "endless_discounted_purchases",
    "rate_per_period",
]


class PurchaseModel(Protocol):
    """Any model that expects purchases from a history, such as `BgNbd` or `ParetoNbd`."""

    def conditional_expected_purchases(self, summary: pd.DataFrame, t: float) -> pd.Series:
        """Expected purchases in the next t units of time."""
        ...


@dataclass(frozen=True)
class LifetimeValue:
    """Value of each customer's coming purchases. Purchases so far and the cost of winning the customer do not count.

    `purchases`: expected and discounted; `spend`: expected amount of a purchase; `margin`: profit as a share of the
    amount, by customer; `value`: the product of the three. `timing`, `discount_rate` (a period): see
    `discounted_purchases`.
    """

    purchases: pd.Series
    spend: pd.Series
    margin: pd.Series
    periods: int
    length: float
    discount_rate: float
    timing: str

    @property
    def value(self) -> pd.Series:
        """Discounted expected profit of each customer, in the unit of the spend."""
        return (self.purchases * self.spend * self.margin).rename("value")

    def to_frame(self) -> pd.DataFrame:
        """One row a customer: purchases, spend, margin, value."""
        columns = {"purchases": self.purchases, "spend": self.spend, "margin": self.margin, "value": self.value}
        return pd.DataFrame(columns)

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "periods": self.periods,
            "length": self.length,
            "discount_rate": self.discount_rate,
            "timing": self.timing,
            "customers": self.to_frame().to_dict(orient="index"),
        }


def rate_per_period(yearly_rate: float, periods_a_year: float) -> float:
    """Discount rate a period that compounds to the yearly rate: ``(1 + i)^(1/n) − 1``.

    Parameters
    ----------
    yearly_rate
        Rate i a year, such as 0.15.
    periods_a_year
        Number n of periods in a year, such as 52 for weeks (or 365.25/7, to the day).

    Examples
    --------
    >>> round(rate_per_period(0.15, 52), 6)
    0.002691
    """
    terms = line_up(
        "The discount rate", {"rate": "rate", "periods": "positive"}, rate=yearly_rate, periods=periods_a_year
    )
    return float(np.expm1(np.log1p(terms["rate"][0]) / terms["periods"][0]))


def discounted_purchases(
    model: PurchaseModel, summary: pd.DataFrame, periods: int, length: float, discount_rate: float, timing: str
) -> pd.Series:
    """Expected purchases of the coming periods, each discounted from the payment in its period.

    ``Σₖ [E(k·length) − E((k−1)·length)] / (1 + d)^(k−1+τ)``, with E the model's expected purchases given the history,
    and τ = 0, ½ or 1 for payments at the start, in the middle or at the end of a period.

    Parameters
    ----------
    model
        A fitted model.
    summary
        One row a customer: ``frequency``, ``recency``, ``T``. The model is asked once for each distinct history.
    periods, length
        How many periods, and how long one is in the model's unit of time: 12 and 52/12 for a year of months, in weeks.
    discount_rate
        Rate d a period, above −1; see `rate_per_period`.
    timing
        ``"start"``, ``"middle"`` or ``"end"``: when in its period a purchase is paid.

    Raises
    ------
    InputError
        If a history, the periods, their length, the rate or the timing cannot be used.

    Examples
    --------
    >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> model, rate = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669), rate_per_period(0.15, 12)
    >>> discounted_purchases(model, summary, 12, 52 / 12, rate, "middle").round(3).to_dict()
    {'Ann': 1.736}
    """
    subject = "The discounted purchases"
    bounds = {"periods": "count", "length": "positive", "discount_rate": "rate"}
    line_up(subject, bounds, periods=periods, length=length, discount_rate=discount_rate)
    if problems := check_choice("timing", timing, TIMINGS):
        raise InputError(subject, problems)
    checked = checked_summary(summary)
    names = ["frequency", "recency", "T"]
    distinct, places = distinct_rows([checked[name].to_numpy() for name in names])
    histories = pd.DataFrame(dict(zip(names, distinct, strict=True)))
    total, before = np.zeros(len(histories)), np.zeros(len(histories))
    for period in range(int(periods)):
        expected = model.conditional_expected_purchases(histories, (period + 1) * length).to_numpy()
        total += (expected - before) / (1 + discount_rate) ** (period + TIMINGS[timing])
        before = expected
    return pd.Series(total[places], index=summary.index, name="discounted_purchases")


def endless_discounted_purchases(model: ParetoNbd, summary: pd.DataFrame, discount_rate: float) -> pd.Series:
    """Discounted expected purchases of all time to come, each discounted from its own moment.

    ``P(alive)·(r+x)/(α+T)·∫₀^∞ e^(−δτ) ((β+T)/(β+T+τ))^s dτ``, the field's DERT, with δ = ln(1 + d); the integral is
    ``(β+T)·U(1, 2−s, δ(β+T))`` with Tricomi's function, another form of [fader2005rfm]_, eq. 3.

    Parameters
    ----------
    model
        A fitted Pareto/NBD model; the other models have no closed form.
    summary
        One row a customer: ``frequency``, ``recency``, ``T``.
    discount_rate
        Rate d a unit of the model's time, above 0: without discounting, the sum has no limit unless s exceeds 1.

    Raises
    ------
    InputError
        If a history or the rate cannot be used.

    Examples
    --------
    >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> endless_discounted_purchases(model, summary, rate_per_period(0.15, 52)).round(2).to_dict()
    {'Ann': 6.5}
    """
    if not (is_number(discount_rate) and 0 < discount_rate < np.inf):
        remedy = "Give a rate above 0, or a finite horizon"
        raise InputError(
            "The discounted purchases", [Problem("discount_rate", f"found {shown(discount_rate)}", remedy)]
        )
    checked = checked_summary(summary)
    shift = model.beta + checked["T"].to_numpy()
    time = shift * hyperu(1, 2 - model.s, np.log1p(discount_rate) * shift)
    if not np.isfinite(time).all():  # SciPy's function gives up where s is large
        remedy = "Discount over a finite horizon instead"
        raise InputError("The discounted purchases", [Problem("s", f"found {shown(model.s)}, too large", remedy)])
    rate = (model.r + checked["frequency"].to_numpy()) / (model.alpha + checked["T"].to_numpy())
    purchases = model.probability_alive(summary).to_numpy() * rate * time
    return pd.Series(purchases, index=summary.index, name="discounted_purchases")


def customer_lifetime_value(
    model: PurchaseModel,
    spend: pd.Series,
    summary: pd.DataFrame,
    periods: int,
    length: float,
    discount_rate: float,
    margin: Amount,
    timing: str,
) -> LifetimeValue:
    """Value of what customers will still buy: expected spend × margin × discounted expected purchases.

    Parameters
    ----------
    model, summary, periods, length, discount_rate, timing
        As for `discounted_purchases`.
    spend
        Expected amount of a purchase of each customer, such as `GammaGamma.conditional_expected_spend`.
    margin
        Profit as a share of the amount: one for everybody, or one a customer.

    Raises
    ------
    InputError
        As for `discounted_purchases`; also if a customer's spend or margin is missing.

    Examples
    --------
    >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> model, spend = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669), pd.Series({"Ann": 24.66})
    >>> found = customer_lifetime_value(model, spend, summary, 12, 52 / 12, rate_per_period(0.15, 12), 0.3, "middle")
    >>> found.value.round(2).to_dict()
    {'Ann': 12.84}
    """
    bounds = {"spend": "money", "margin": "money"}
    terms = line_up("The lifetime value", bounds, spend=spend.reindex(summary.index), margin=margin)
    purchases = discounted_purchases(model, summary, periods, length, discount_rate, timing)
    table = terms.table.set_axis(summary.index)
    return LifetimeValue(
        purchases, table["spend"], table["margin"], int(periods), float(length), float(discount_rate), timing
    )
