"""How much to spend on winning and on keeping a customer: Blattberg and Deighton's optimum."""

from dataclasses import asdict, dataclass

import numpy as np
import scipy

from crmlib.clv._numbers import check_kind, checked_times
from crmlib.clv.terms import align
from crmlib.errors import InputError, Problem

__all__ = ["Response", "SpendingOptimum", "best_spending", "customer_value"]


@dataclass(frozen=True)
class Response:
    """Rate reached by spending x on a person, ``ceiling·(1 − e^(−k·x))`` [blattberg1996]_.

    `ceiling`: the rate that no spending exceeds, above 0 and at most 1; `steepness`: k, per unit of money.

    Examples
    --------
    >>> Response(ceiling=0.4, steepness=0.08).rate(10).round(3)
    np.float64(0.22)
    """

    ceiling: float
    steepness: float

    def __post_init__(self) -> None:
        kinds = {"ceiling": "probability", "steepness": "positive"}
        align("The response to spending", kinds, ceiling=self.ceiling, steepness=self.steepness)
        if self.ceiling == 0:
            raise InputError("The response to spending", [Problem("ceiling", "found 0", "Give a rate above 0")])

    @classmethod
    def through(cls, spend: float, rate: float, ceiling: float) -> "Response":
        """The response that passes through today's spend and rate: ``k = −ln(1 − rate/ceiling)/spend``.

        Examples
        --------
        >>> Response.through(spend=5, rate=0.3, ceiling=0.4).rate(5).round(9)
        np.float64(0.3)
        """
        kinds = {"spend": "positive", "rate": "probability", "ceiling": "probability"}
        align("The response to spending", kinds, spend=spend, rate=rate, ceiling=ceiling)
        if not 0 < rate < ceiling:
            problem = Problem("rate", f"found {rate!r} under a ceiling of {ceiling!r}", "Give a rate between 0 and it")
            raise InputError("The response to spending", [problem])
        return cls(ceiling, float(-np.log1p(-rate / ceiling) / spend))

    def rate(self, spend: float | np.ndarray) -> np.ndarray:
        """Share won or kept at this spend a person."""
        amounts = checked_times(spend, "spend", "amount")
        return np.asarray(-self.ceiling * np.expm1(-self.steepness * amounts))[()]


def customer_value(margin: float, retention_spend: float, retention: float, discount_rate: float) -> float:
    """Value of a customer on whom R is spent every year: ``[m·(1 + d) − R]/(1 + d − r)`` [blattberg1996]_.

    The margin m comes at the start of each year, the spending R falls due at its end, before the renewal; r is the
    probability of renewal and d the discount rate. The first margin is certain, the horizon endless.

    Raises
    ------
    InputError
        If a term is out of its bounds, or r ≥ 1 + d: then the value has no limit.

    Examples
    --------
    >>> customer_value(margin=100, retention_spend=10, retention=0.75, discount_rate=0.25)
    230.0
    """
    kinds = {"margin": "money", "retention spend": "cost", "retention": "probability", "discount_rate": "rate"}
    values = {
        "margin": margin,
        "retention spend": retention_spend,
        "retention": retention,
        "discount_rate": discount_rate,
    }
    align("The value of a customer", kinds, **values)
    if retention >= 1 + discount_rate:
        remedy = "Give a discount rate above retention − 1"
        raise InputError("The value of a customer", [Problem("discount_rate", "the value has no limit", remedy)])
    return (margin * (1 + discount_rate) - retention_spend) / (1 + discount_rate - retention)


@dataclass(frozen=True)
class SpendingOptimum:
    """The best spending on one prospect and on one customer a year, and what it brings.

    `acquisition_spend` a prospect, once; `retention_spend` a customer and year; `customer_value`: value of a customer
    won, before acquisition; `equity`: expected value of a prospect less acquisition spend. Money of the margin.
    """

    acquisition_spend: float
    acquisition_rate: float
    retention_spend: float
    retention_rate: float
    customer_value: float
    equity: float

    def to_dict(self) -> dict[str, float]:
        """All fields in plain Python types."""
        return asdict(self)


def best_spending(margin: float, discount_rate: float, acquisition: Response, retention: Response) -> SpendingOptimum:
    """Spend on acquisition and retention so that a prospect is worth most [blattberg1996]_.

    What a customer is worth does not depend on what winning it has cost, so retention comes first. At its optimum
    the last unit of money brings back one: ``r'(R)·V(R) = 1`` with `customer_value` V. With M = m·(1 + d), ceiling c
    this is ``y + ln y = k·M − 1 + ln((1 + d − c)/c)`` for ``y = k·(M − R) − 1``: the Wright omega function, no search.
    Acquisition follows from V: ``ln(k·ceiling·V)/k``. Where the first unit of money brings back less than one, nothing
    is spent.

    Parameters
    ----------
    margin
        m, margin a year, at its start.
    discount_rate
        d, discount rate a year, above the ceiling of retention − 1.
    acquisition, retention
        How prospects and customers respond to money.

    Raises
    ------
    InputError
        If a term is out of its bounds.

    Examples
    --------
    >>> best = best_spending(100, 0.1, Response(0.4, 0.08), Response(0.8, 0.05))
    >>> round(best.retention_spend, 2), round(best.retention_rate, 3), round(best.acquisition_spend, 2)
    (38.52, 0.683, 21.29)
    """
    remedy = "Give a Response"
    check_kind("The best spending", Response, remedy, acquisition=acquisition, retention=retention)
    value_at_ceiling = customer_value(margin, 0.0, retention.ceiling, discount_rate)  # also checks the terms
    growth = 1 + discount_rate
    kept = _best_retention_spend(margin * growth, growth, retention) if value_at_ceiling > 0 else 0.0
    kept_rate = float(retention.rate(kept))
    value = customer_value(margin, kept, kept_rate, discount_rate)
    pull = acquisition.steepness * acquisition.ceiling * value
    won = float(np.log(pull) / acquisition.steepness) if pull > 1 else 0.0
    won_rate = float(acquisition.rate(won))
    return SpendingOptimum(won, won_rate, kept, kept_rate, value, won_rate * value - won)


def _best_retention_spend(purse: float, growth: float, response: Response) -> float:
    """R for M = `purse` and 1 + d = `growth`; 0 when the first unit does not pay."""
    k, c = response.steepness, response.ceiling
    y = scipy.special.wrightomega(k * purse - 1 + np.log((growth - c) / c))
    return max(float(purse - (1 + y) / k), 0.0)
