"""Gamma-Gamma: what customers spend on a purchase, whatever number of purchases they make."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import digamma, gammaln

from crmlib.clv._numbers import check_parameters, floats, shown
from crmlib.clv.cells import checked_summary
from crmlib.clv.fitting import Fit, LogLikelihood, maximise
from crmlib.errors import InputError, Problem

__all__ = ["GammaGamma", "SpendCells", "fit_gamma_gamma", "gamma_gamma_likelihood", "spend_cells"]

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


def spend_cells(summary: pd.DataFrame) -> SpendCells:
    """Collapse the repeat buyers of a summary: equal (frequency, mean amount) become one cell with a count.

    Parameters
    ----------
    summary
        One row a customer, with columns ``frequency``, ``recency``, ``T`` and ``monetary_value``: the mean amount of
        the repeat purchases, empty or 0 without any.

    Raises
    ------
    InputError
        Naming every customer with an impossible history; every repeat buyer whose mean amount is missing, 0 or
        negative; every other customer who has one. Also if nobody bought again.

    Examples
    --------
    >>> summary = pd.DataFrame({"frequency": [2, 0], "recency": [5.0, 0.0], "T": [8.0, 9.0]}, index=["Ann", "Bo"])
    >>> cells = spend_cells(summary.assign(monetary_value=[20.0, None]))
    >>> cells.customers, cells.left_out
    (1, 1)
    """
    frequency, spend = _checked_spend(summary)
    again = frequency > 0
    if not again.any():
        raise InputError("The spend model", [Problem("customers", "none bought again", "Wait for repeat purchases")])
    repeat = pd.DataFrame({"frequency": frequency[again], "monetary_value": spend[again]})
    frame = repeat.value_counts(sort=False).sort_index().rename("customers").reset_index()
    return SpendCells(frame, int((~again).sum()))


def _checked_spend(summary: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Purchases and mean amounts, 0 without a repeat purchase."""
    frequency = checked_summary(summary)["frequency"].to_numpy()
    if "monetary_value" not in summary:
        raise InputError("The customer summary", [Problem("column 'monetary_value'", "missing", "Add it")])
    column = summary["monetary_value"]
    spend = floats(column)
    again = frequency > 0
    bad = again & ~((spend > 0) & np.isfinite(spend))
    stray = ~again & ~(np.isnan(spend) & column.isna().to_numpy() | (spend == 0))
    problems = [
        Problem(
            f"customer {shown(summary.index[place])}, column 'monetary_value'",
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


@dataclass(frozen=True)
class GammaGamma:
    """Amounts of a customer are gamma(p, ν), and the rates ν are gamma(q, γ) over customers.

    γ is in money; neither depends on how often a customer buys [fader2013]_.

    Examples
    --------
    >>> round(GammaGamma(p=6.25, q=3.74, gamma=15.44).population_mean, 2)
    35.22
    """

    p: float
    q: float
    gamma: float

    def __post_init__(self) -> None:
        check_parameters("The Gamma-Gamma model", asdict(self))

    @property
    def population_mean(self) -> float:
        """Mean amount over all customers, ``pγ/(q−1)``; infinite for q ≤ 1."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("inf")

    def log_likelihood(self, cells: SpendCells) -> float:
        """Logarithm of the probability density of all mean amounts."""
        return gamma_gamma_likelihood(cells)(np.array([self.p, self.q, self.gamma]))[0]

    def conditional_expected_spend(self, summary: pd.DataFrame) -> pd.Series:
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
        >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.4], "T": [38.9], "monetary_value": [22.35]})
        >>> round(float(model.conditional_expected_spend(summary)[0]), 2)
        24.66
        """
        frequency, spend = _checked_spend(summary)
        shape = self.p * frequency + self.q - 1
        if (shape <= 0).any():
            raise InputError(
                "The Gamma-Gamma model",
                [Problem("q", f"found {self.q:.3g}", "Spend has a mean only where q exceeds 1")],
            )
        expected = self.p * (self.gamma + frequency * spend) / shape
        return pd.Series(expected, index=summary.index, name="expected_spend")

    def simulate(self, frequency: np.ndarray, seed: int) -> np.ndarray:
        """Mean amounts of customers with so many repeat purchases, NaN without any."""
        rng = np.random.default_rng(seed)
        rate = rng.gamma(self.q, 1 / self.gamma, len(frequency))
        total = rng.gamma(self.p * np.maximum(frequency, 1)) / rate
        return np.where(frequency > 0, total / np.maximum(frequency, 1), np.nan)


def fit_gamma_gamma(cells: SpendCells) -> Fit:
    """Fit the Gamma-Gamma model by maximum likelihood.

    Parameters
    ----------
    cells
        Repeat buyers from `spend_cells`.

    Returns
    -------
    Fit
        With doubts in `warnings`, such as customers who all spend the same.

    Examples
    --------
    >>> model, frequency = GammaGamma(6.0, 4.0, 15.0), np.tile([1, 2, 3, 4], 500)
    >>> summary = pd.DataFrame({"frequency": frequency, "recency": 1.0, "T": 2.0})
    >>> fit = fit_gamma_gamma(spend_cells(summary.assign(monetary_value=model.simulate(frequency, seed=1))))
    >>> fit.converged, bool(fit.intervals().loc["q"].between(3, 5).all())
    (True, True)
    """
    frame = cells.frame
    mean = float(np.average(frame["monetary_value"], weights=frame["customers"]))
    start = np.array(_START) * [1, 1, mean]
    return maximise("Gamma-Gamma", _NAMES, gamma_gamma_likelihood(cells), start, cells.customers, len(frame))


def gamma_gamma_likelihood(cells: SpendCells, counts: np.ndarray | None = None) -> LogLikelihood:
    """Log-likelihood of the cells and its gradient in (p, q, γ).

    ``f(z̄ | x) = Γ(px+q)/(Γ(px)Γ(q)) · γ^q z̄^(px−1) x^(px) / (γ + x·z̄)^(px+q)`` [fader2013]_, eq. 1a.

    Parameters
    ----------
    cells
        The repeat buyers.
    counts
        Customers in each cell, if others than those of the cells (a bootstrap).
    """
    x, spend = (cells.frame[name].to_numpy(dtype=float) for name in ("frequency", "monetary_value"))
    weights = (cells.frame["customers"].to_numpy() if counts is None else counts).astype(float)
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
