"""Gamma-Gamma: what customers spend on a purchase, whatever number of purchases they make."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
import scipy

from crmlib.checks import floats, shown
from crmlib.clv._numbers import generator
from crmlib.clv.purchases.cells import distinct_rows
from crmlib.clv.purchases.fitting import Fit, LogLikelihood, ParametricModel, maximise
from crmlib.clv.terms import align
from crmlib.errors import InputError, Problem
from crmlib.transactions.summary import CustomerSummary

__all__ = ["GammaGamma", "SpendCells", "checked_spend", "expected_spend", "fit_gamma_gamma", "spend_cells"]

_NAMES = ("p", "q", "gamma")
_START = (2.0, 3.0, 1.0)  # gamma in units of the mean spend


@dataclass(frozen=True)
class SpendCells:
    """Repeat buyers with equal spend, counted.

    `frame`: columns ``frequency`` (repeat purchases), ``monetary_value`` (their mean amount) and ``customers``;
    `left_out`: customers without a repeat purchase, who tell nothing about spend.
    """

    frame: pd.DataFrame
    left_out: int

    @property
    def customers(self) -> int:
        """All repeat buyers together."""
        return int(self.frame["customers"].sum())

    @property
    def correlation(self) -> float:
        """Pearson's correlation of the number of purchases and their mean amount; the model takes it for 0.

        NaN where all buy equally often or spend the same.
        """
        columns = self.frame[["frequency", "monetary_value"]].to_numpy(dtype=float).T
        scatter = np.cov(columns, fweights=self.frame["customers"].to_numpy(), ddof=0)
        spreads = float(np.sqrt(scatter[0, 0] * scatter[1, 1]))
        return float(scatter[0, 1]) / spreads if spreads > 0 else float("nan")


def spend_cells(summary: CustomerSummary) -> SpendCells:
    """Collapse the repeat buyers of a summary: equal (frequency, mean amount) become one cell with a count.

    Parameters
    ----------
    summary
        Customers with the columns ``frequency`` and ``monetary_value``: the mean amount of the repeat purchases,
        empty or 0 without any.

    Raises
    ------
    InputError
        Naming every customer with an impossible frequency; every repeat buyer whose mean amount is missing, 0 or
        negative; every other customer who has one. Also if nobody bought again.

    Examples
    --------
    >>> own = pd.DataFrame({"frequency": [2, 0], "recency": [5.0, 0.0], "T": [8.0, 9.0]}, index=["Ann", "Bo"])
    >>> cells = spend_cells(CustomerSummary(own.assign(monetary_value=[20.0, None]), unit="week"))
    >>> cells.customers, cells.left_out
    (1, 1)
    """
    frequency, spend = checked_spend(summary)
    again = frequency > 0
    if not again.any():
        raise InputError("The spend model", [Problem("customers", "none bought again", "Wait for repeat purchases")])
    (counts, amounts), places = distinct_rows([frequency[again], spend[again]])
    repeat = pd.DataFrame({"frequency": counts.astype(np.int64), "monetary_value": amounts})
    return SpendCells(repeat.assign(customers=np.bincount(places)), int((~again).sum()))


def checked_spend(summary: CustomerSummary) -> tuple[np.ndarray, np.ndarray]:
    """Purchases and mean amounts, 0 without a repeat purchase."""
    if not isinstance(summary, CustomerSummary):
        found, remedy = f"found a {type(summary).__name__}", "Give the answer of customer_summary, or a CustomerSummary"
        raise InputError("The customer summary", [Problem("summary", found, remedy)])
    table = summary.customers
    if missing := [name for name in ("frequency", "monetary_value") if name not in table]:
        raise InputError("The customer summary", [Problem(f"column {name!r}", "missing", "Add it") for name in missing])
    frequency = align("The customer summary", {"frequency": "count"}, frequency=table["frequency"])["frequency"]
    column = table["monetary_value"]
    spend = floats(column)
    again = frequency > 0
    bad = again & ~((spend > 0) & np.isfinite(spend))
    stray = ~again & ~(np.isnan(spend) & column.isna().to_numpy() | (spend == 0))
    problems = [
        Problem(
            f"customer {shown(table.index[place])}, column 'monetary_value'",
            f"found {shown(column.iloc[place])}",
            remedy,
        )
        for mask, remedy in (
            (bad, "Give the mean amount of the repeat purchases, more than 0"),
            (stray, "Without repeat purchases leave it empty"),
        )
        for place in np.flatnonzero(mask).tolist()
    ]
    if problems:
        raise InputError("The customer summary", problems)
    return frequency, np.where(again, spend, 0.0)


def expected_spend(parameters: np.ndarray, frequency: np.ndarray, spend: np.ndarray) -> np.ndarray:
    """``p(γ + x·z̄)/(px + q − 1)`` for parameters (p, q, γ) and customers that broadcast; infinite without a mean.

    Examples
    --------
    >>> expected_spend(np.array([6.25, 3.74, 15.44]), np.array([2]), np.array([22.35])).round(2).tolist()
    [24.66]
    """
    p, q, gamma = parameters
    shape = p * frequency + q - 1
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(shape > 0, p * (gamma + frequency * spend) / shape, np.inf))


@dataclass(frozen=True)
class GammaGamma(ParametricModel):
    """Amounts of a customer are gamma(p, ν), and the rates ν are gamma(q, γ) over customers.

    γ is in money; neither depends on how often a customer buys [fader2013]_.

    Examples
    --------
    >>> round(GammaGamma(p=6.25, q=3.74, gamma=15.44).population_mean, 2)
    35.22
    """

    name: ClassVar[str] = "Gamma-Gamma"

    p: float
    q: float
    gamma: float

    @property
    def population_mean(self) -> float:
        """Mean amount over all customers, ``pγ/(q−1)``; infinite for q ≤ 1."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("inf")

    def log_likelihood(self, cells: SpendCells) -> float:
        """Logarithm of the probability density of all mean amounts."""
        return self.likelihood(cells.frame)(self.parameters.to_numpy())[0]

    def conditional_expected_spend(self, summary: CustomerSummary) -> pd.Series:
        """Expected amount of each customer's next purchases: ``p(γ + x·z̄)/(px + q − 1)``.

        It lies between the customer's own mean z̄ and the mean of all, nearer to the own the more purchases x there
        are; without any it is the mean of all.

        Raises
        ------
        InputError
            As for `spend_cells`; and if there is no mean of all, which customers without a repeat purchase need.

        Examples
        --------
        >>> model = GammaGamma(p=6.25, q=3.74, gamma=15.44)
        >>> own = pd.DataFrame({"frequency": [2], "monetary_value": [22.35]}, index=["Ann"])
        >>> model.conditional_expected_spend(CustomerSummary(own, "week")).round(2).to_dict()
        {'Ann': 24.66}
        """
        frequency, spend = checked_spend(summary)
        expected = expected_spend(self.parameters.to_numpy(), frequency, spend)
        if np.isinf(expected).any():
            problem = Problem("q", f"found {self.q:.3g}", "Spend has a mean only where q exceeds 1")
            raise InputError("The Gamma-Gamma model", [problem])
        return pd.Series(expected, index=summary.customers.index, name="expected_spend")

    def simulate(self, frequency: np.ndarray, seed: int) -> np.ndarray:
        """Mean amounts of customers with so many repeat purchases, NaN without any."""
        given = pd.Series(np.asarray(frequency, dtype=object).ravel())
        counts = align("The simulation", {"frequency": "count"}, frequency=given)["frequency"]
        rng = generator(seed)
        rate = rng.gamma(self.q, 1 / self.gamma, len(counts))
        total = rng.gamma(self.p * np.maximum(counts, 1)) / rate
        return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)

    @classmethod
    def likelihood(cls, frame: pd.DataFrame) -> LogLikelihood:
        """Log-likelihood of cells and its gradient in (p, q, γ).

        ``f(z̄ | x) = Γ(px+q)/(Γ(px)Γ(q)) · γ^q z̄^(px−1) x^(px) / (γ + x·z̄)^(px+q)`` [fader2013]_, eq. 1a.
        """
        digamma, gammaln = scipy.special.digamma, scipy.special.gammaln
        x, spend, weights = (frame[name].to_numpy(dtype=float) for name in ("frequency", "monetary_value", "customers"))
        total, purchases = x * spend, weights * x
        constant = weights @ np.log(spend)
        n, place = np.unique(x, return_inverse=True)  # gamma functions are needed for distinct x only
        having = np.bincount(place, weights)

        def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            p, q, gamma = parameters
            # ln[x·z̄/(γ + x·z̄)] and ln[γ/(γ + x·z̄)], so that large p and q do not cancel
            own, common = purchases @ -np.log1p(gamma / total), weights @ -np.log1p(total / gamma)
            by_count = gammaln(p * n + q) - gammaln(p * n) - gammaln(q)
            rise = digamma(p * n + q)
            gradient = [
                having @ (n * (rise - digamma(p * n))) + own,
                having @ (rise - digamma(q)) + common,
                weights.sum() * q / gamma - (p * purchases + q * weights) @ (1 / (gamma + total)),
            ]
            return float(having @ by_count + q * common + p * own - constant), np.array(gradient)

        return log_likelihood


def fit_gamma_gamma(summary: CustomerSummary | SpendCells) -> Fit[GammaGamma]:
    """Fit the Gamma-Gamma model by maximum likelihood.

    Parameters
    ----------
    summary
        Customers with their mean amounts, or the cells of the repeat buyers.

    Returns
    -------
    Fit
        With doubts in `warnings`, such as customers who all spend the same, or a spend without a mean (q ≤ 1).

    Examples
    --------
    >>> model, frequency = GammaGamma(6.0, 4.0, 15.0), np.tile([1, 2, 3, 4], 500)
    >>> own = pd.DataFrame({"frequency": frequency, "monetary_value": model.simulate(frequency, seed=1)})
    >>> fit = fit_gamma_gamma(CustomerSummary(own, unit="week"))
    >>> fit.converged, bool(fit.intervals().loc["q"].between(3, 5).all())
    (True, True)
    """
    cells = summary if isinstance(summary, SpendCells) else spend_cells(summary)
    frame = cells.frame
    mean = float(np.average(frame["monetary_value"], weights=frame["customers"]))
    start = np.array(_START) * [1, 1, mean]
    fit = maximise(
        GammaGamma.name, GammaGamma, _NAMES, GammaGamma.likelihood(frame), start, cells.customers, len(frame)
    )
    if fit.model.q > 1:
        return fit
    doubt = f"q = {fit.model.q:.3g} is not above 1: spend has no mean, so nothing can be expected of one-time buyers"
    return replace(fit, converged=False, warnings=(*fit.warnings, doubt))
