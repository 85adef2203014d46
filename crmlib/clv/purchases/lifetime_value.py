"""What customers will still bring: their discounted coming purchases, and these in money, customer by customer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.checks import check_choice
from crmlib.clv._numbers import plain_horizon
from crmlib.clv.cashflows.discounting import TIMINGS
from crmlib.clv.purchases.cells import Cells, Histories, purchase_cells
from crmlib.clv.purchases.fitting import Fit
from crmlib.clv.purchases.gamma_gamma import GammaGamma, checked_spend, expected_spend
from crmlib.clv.purchases.purchase_model import FittedModel, PurchaseModel, model_of
from crmlib.clv.purchases.resampling import drawn_models, fitted
from crmlib.clv.terms import Amount, align
from crmlib.errors import InputError, Problem
from crmlib.transactions.calendar import days_in
from crmlib.transactions.summary import CustomerSummary

__all__ = ["LifetimeValue", "customer_lifetime_value", "discounted_purchases", "new_customer_value"]

_SUBJECT = "The lifetime value"
_PART = 50_000  # customers whose draws are held at a time

#: Expected amount of a purchase: a model of it, an amount a customer, or one for all.
Spend = GammaGamma | Fit[GammaGamma] | Amount


@dataclass(frozen=True)
class LifetimeValue:
    """Value of each customer's coming purchases. Purchases so far and the cost of winning the customer do not count.

    `purchases_by_year`: expected and discounted, a row a customer, a column a year from now, or one ``for ever``;
    `spend`: expected amount of a purchase; `margin`: profit as a share of the amount, by customer. `interval`: columns
    ``lower`` and ``upper``, between which the *expected* value lies with the probability `level`, as far as the data
    leave the parameters open; what a single customer will do scatters far more. It is empty without draws. `horizon`
    (in periods), `period`, `timing` and `discount_rate` (a year): see `customer_lifetime_value`.
    """

    purchases_by_year: pd.DataFrame
    spend: pd.Series
    margin: pd.Series
    interval: pd.DataFrame
    level: float
    horizon: float
    period: str
    discount_rate: float
    timing: str

    @property
    def purchases(self) -> pd.Series:
        """Discounted expected purchases of each customer."""
        return self.purchases_by_year.sum(axis=1).rename("purchases")

    @property
    def value(self) -> pd.Series:
        """Discounted expected profit of each customer, in the unit of the spend."""
        return (self.purchases * self.spend * self.margin).rename("value")

    @property
    def by_year(self) -> pd.DataFrame:
        """The value by the year in which it comes: a row a customer, a column a year from now."""
        return self.purchases_by_year.mul(self.spend * self.margin, axis=0)

    @property
    def table(self) -> pd.DataFrame:
        """One row a customer: purchases, spend, margin, value and, with draws, lower and upper."""
        columns = {"purchases": self.purchases, "spend": self.spend, "margin": self.margin, "value": self.value}
        return pd.DataFrame(columns).join(self.interval)

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "horizon": plain_horizon(self.horizon),
            "period": self.period,
            "discount_rate": self.discount_rate,
            "timing": self.timing,
            "level": self.level,
            "customers": self.table.to_dict(orient="index"),
        }


@dataclass(frozen=True)
class _Payments:
    """When coming purchases are paid, and how they are discounted; the rate is a year's."""

    horizon: float
    period: str
    discount_rate: float
    timing: str

    def __post_init__(self) -> None:
        bounds = {"horizon": "periods", "discount_rate": "yearly rate"}
        align(_SUBJECT, bounds, horizon=self.horizon, discount_rate=self.discount_rate)
        days_in(self.period)
        if problems := check_choice("timing", self.timing, TIMINGS):
            raise InputError(_SUBJECT, problems)

    def purchases(self, model: PurchaseModel, cells: Cells) -> pd.DataFrame:
        """Discounted expected purchases of the cells by year from now, or ``for ever``."""
        alone = cells.alone
        if np.isinf(self.horizon):
            return model.discounted_residual_transactions(alone, self.discount_rate).to_frame("for ever")
        count, years = int(self.horizon), days_in(self.period) / days_in("year")
        ends = np.arange(1, count + 1) * days_in(self.period) / days_in(cells.unit)
        expected = model.conditional_expected_purchases(alone, ends).to_numpy()
        factors = (1 + self.discount_rate) ** (-years * (np.arange(count) + TIMINGS[self.timing]))
        discounted = np.diff(expected, axis=1, prepend=0.0) * factors
        year = np.floor((np.arange(count) + 0.5) * years + 1e-9).astype(int)
        firsts = np.flatnonzero(np.diff(year, prepend=-1))
        sums = np.add.reduceat(discounted, firsts, axis=1) if count else discounted
        return pd.DataFrame(sums, columns=pd.Index(year[firsts] + 1, name="year"))


def discounted_purchases(
    histories: Histories,
    purchases: FittedModel,
    *,
    discount_rate: float,
    horizon: float = np.inf,
    period: str = "month",
    timing: str = "end",
) -> pd.Series:
    """Discounted expected purchases of each customer in the coming periods, or for ever.

    ``Σ_k (E_k − E_{k−1}) / (1 + d)^(years until period k is paid)`` with E_k the expected purchases of the first k
    periods; for ever, each purchase is discounted from its own moment (DERT).

    Parameters and errors as for `customer_lifetime_value`.

    Examples
    --------
    >>> from crmlib.clv import ParetoNbd
    >>> own = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> discounted_purchases(CustomerSummary(own, "week"), model, discount_rate=0.15, horizon=12).round(3).to_dict()
    {'Ann': 1.731}
    """
    payments = _Payments(horizon, period, discount_rate, timing)
    cells = purchase_cells(histories)
    return cells.spread(payments.purchases(model_of(purchases), cells).sum(axis=1).to_numpy(), "discounted_purchases")


def customer_lifetime_value(
    summary: CustomerSummary,
    purchases: FittedModel,
    spend: Spend,
    *,
    discount_rate: float,
    margin: Amount = 1.0,
    horizon: float = np.inf,
    period: str = "month",
    timing: str = "end",
    draws: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> LifetimeValue:
    """Value of what customers will still buy: expected spend × margin × discounted expected purchases.

    With `draws`, each customer's value has an interval, by a parametric bootstrap: the parameters of the fits are drawn
    from the normal distribution of their logarithms that the observed information gives, and the values computed anew
    with each draw, once for each distinct history.

    Parameters
    ----------
    summary
        The customers; they need not be those of the fit, but their unit of time must be the model's.
    purchases
        A fit, or a model, of purchases.
    spend
        Expected amount of a purchase: a fit or model of it, an amount a customer, or one number for all.
    discount_rate
        **A year**, such as 0.15; above 0 if the horizon is endless.
    margin
        Profit as a share of the amount, at most 1: one for everybody, or one a customer.
    horizon
        Periods to come that count; for ever by default.
    period
        ``"day"``, ``"week"``, ``"month"`` or ``"year"``: purchases of a period are paid together.
    timing
        When in its period: ``"start"``, ``"middle"`` or ``"end"``.
    draws, level, seed
        How many draws for the intervals, their probability, and the seed of the generator; no draws, no intervals,
        and intervals need fits.

    Raises
    ------
    InputError
        If a history, the horizon, the period, the rate or the timing cannot be used; if the summary counts in another
        unit than the model; if a customer's spend or margin is missing; if intervals are asked of a model that was not
        fitted, or of a fit in doubt.

    Examples
    --------
    >>> from crmlib.clv import GammaGamma, ParetoNbd
    >>> own = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86], "monetary_value": 22.35}, ["Ann"])
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> summary, spend = CustomerSummary(own, unit="week"), GammaGamma(6.25, 3.74, 15.44)
    >>> found = customer_lifetime_value(summary, model, spend, discount_rate=0.15, margin=0.3, horizon=24)
    >>> found.by_year.round(2).loc["Ann"].to_dict()
    {1: 12.8, 2: 8.01}
    """
    payments = _Payments(horizon, period, discount_rate, timing)
    align(_SUBJECT, {"draws": "count", "level": "level"}, draws=draws, level=level)
    cells = purchase_cells(summary)
    amounts = _amounts(spend, summary, cells.labels)
    terms = align(_SUBJECT, {"spend": "money", "margin": "margin"}, cells.labels, spend=amounts, margin=margin).table
    by_year = payments.purchases(model_of(purchases), cells)
    interval = pd.DataFrame(index=cells.labels)
    if draws:
        drawn: list[PurchaseModel] = drawn_models(fitted(purchases), int(draws), seed)
        scattered = np.array([payments.purchases(model, cells).sum(axis=1).to_numpy() for model in drawn])
        paid = _drawn_spend(spend, summary, terms["spend"].to_numpy(), int(draws), seed)
        interval = _interval(scattered, paid, terms["margin"].to_numpy(), cells, level)
    return LifetimeValue(
        purchases_by_year=by_year.take(cells.places).set_axis(cells.labels),
        spend=terms["spend"],
        margin=terms["margin"],
        interval=interval,
        level=float(level),
        horizon=horizon,
        period=period,
        discount_rate=float(discount_rate),
        timing=timing,
    )


def _amounts(spend: Spend, summary: CustomerSummary, labels: pd.Index) -> Amount:
    """The expected amount of a purchase, by customer where it differs."""
    model = spend.model if isinstance(spend, Fit) else spend
    if isinstance(model, GammaGamma):
        return model.conditional_expected_spend(summary)
    return model.reindex(labels) if isinstance(model, pd.Series) and model.index.is_unique else model


def _drawn_spend(
    spend: Spend, summary: CustomerSummary, expected: np.ndarray, draws: int, seed: int
) -> Callable[[slice], np.ndarray]:
    """The spend of some of the customers under every draw, shape (draws or 1, customers)."""
    if not isinstance(spend, Fit):
        return lambda part: expected[np.newaxis, part]
    frequency, own = checked_spend(summary)
    parameters = np.array([model.parameters for model in drawn_models(spend, draws, seed + 1)])
    return lambda part: expected_spend(parameters.T[..., np.newaxis], frequency[part], own[part])


def _interval(
    purchases: np.ndarray, spend: Callable[[slice], np.ndarray], margin: np.ndarray, cells: Cells, level: float
) -> pd.DataFrame:
    """Quantiles of each customer's value over the draws; `purchases` has the shape (draws, cells)."""
    ends = [(1 - level) / 2, (1 + level) / 2]
    found = []
    for start in range(0, len(cells.labels), _PART):
        part = slice(start, start + _PART)
        values = purchases[:, cells.places[part]] * spend(part) * margin[part]
        found.append(np.quantile(values, ends, axis=0).T)
    return pd.DataFrame(np.concatenate(found), cells.labels, ["lower", "upper"])


def new_customer_value(
    purchases: FittedModel,
    spend: Spend,
    *,
    discount_rate: float,
    margin: float = 1.0,
    horizon: float = np.inf,
    period: str = "month",
    timing: str = "end",
) -> float:
    """What somebody who buys for the first time today is expected to be worth, this purchase included.

    ``spend × margin × (1 + discounted expected repeat purchases)``: the most that winning a customer may cost.
    Parameters and errors as for `customer_lifetime_value`; the spend is the mean of all, or one number.

    Examples
    --------
    >>> from crmlib.clv import GammaGamma, ParetoNbd
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> round(new_customer_value(model, GammaGamma(6.25, 3.74, 15.44), discount_rate=0.15, margin=0.3, horizon=12), 2)
    25.2
    """
    model = model_of(purchases)
    given = spend.model if isinstance(spend, Fit) else spend
    amount = given.population_mean if isinstance(given, GammaGamma) else given
    if isinstance(amount, pd.Series):
        raise InputError(_SUBJECT, [Problem("spend", "found a series", "Give one number, or a model of the spend")])
    terms = align(_SUBJECT, {"spend": "money", "margin": "margin"}, spend=amount, margin=margin)
    newcomer = CustomerSummary(pd.DataFrame({"frequency": [0], "recency": 0.0, "T": 0.0}), model.unit)
    repeats = discounted_purchases(
        newcomer, model, discount_rate=discount_rate, horizon=horizon, period=period, timing=timing
    )
    return float(terms["spend"][0] * terms["margin"][0] * (1 + repeats.iloc[0]))
