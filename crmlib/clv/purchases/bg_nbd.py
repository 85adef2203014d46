"""BG/NBD: how often customers buy and, after any purchase, whether they stay."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeVar

import numpy as np
import pandas as pd
import scipy

from crmlib.clv._numbers import checked_counts, checked_times, generator
from crmlib.clv.purchases.cells import Cells, Histories, distinct_rows, learning_cells
from crmlib.clv.purchases.fitting import Fit, LogLikelihood, maximise
from crmlib.clv.purchases.hypergeometric import beta_mean, log_hyp2f1
from crmlib.clv.purchases.purchase_model import HistoryModel
from crmlib.transactions.summary import CustomerSummary

__all__ = ["BgNbd", "fit_beta_geometric", "fit_bg_nbd"]

_COLUMNS = ("frequency", "recency", "T", "customers")
_NAMES = ("r", "alpha", "a", "b")
_START = (0.5, 1.0, 1.0, 2.0)  # alpha in units of the mean T
_MANY = 20_000  # cells; above, a fit to every so-manieth of them comes first
_PART = 4_000
_TINY = 1e-300
_ROWS = 64  # customers of whom the discounted purchases are summed at a time, so that the arrays stay small
# Nodes and weights of ∫₀^∞ e^(−u) f(u) du for a falling f: the trapezoidal rule in ln u.
_LOGS = np.arange(-28.0, 4.0, 0.25)
_TIMES, _DISCOUNTS = np.exp(_LOGS), 0.25 * np.exp(_LOGS - np.exp(_LOGS))

Kind = TypeVar("Kind", bound="BgNbd")


@dataclass(frozen=True)
class BgNbd(HistoryModel):
    """The beta-geometric/NBD model of [fader2005]_.

    While active, a customer buys at random times at a rate that differs between customers (gamma with shape `r` and
    rate `alpha`, in the `unit` of time). After every repeat purchase the customer leaves for good with a probability
    that differs too (beta with `a` and `b`). Nobody sees anyone leave.

    The probability of being alive is ``1 / (1 + a/(b+x−1)·((α+T)/(α+t_x))^(r+x))``, and 1 for customers without a
    repeat purchase, since only a repeat purchase lets one leave. The expectation of a customer who is alive is that of
    a new one whose parameters have learned from the history, r + x, α + T, b + x [fader2005]_, eq. 10.

    Examples
    --------
    >>> own = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> summary, model = CustomerSummary(own, "week"), BgNbd(0.243, 4.414, 0.793, 2.426, unit="week")
    >>> model.probability_alive(summary).round(4).to_dict()
    {'Ann': 0.7266}
    >>> model.conditional_expected_purchases(summary, t=39).round(3).to_dict()
    {'Ann': 1.226}
    """

    name: ClassVar[str] = "BG/NBD"
    #: Chances to leave before the first repeat purchase.
    before: ClassVar[int] = 0

    r: float
    alpha: float
    a: float
    b: float
    unit: str

    def alive(self, cells: Cells) -> np.ndarray:
        """Probability of being alive, by cell."""
        x, recency, end = cells.arrays
        chances = x + self.before
        odds = np.log(self.a / (self.b + np.maximum(chances, 1) - 1))
        odds += (self.r + x) * (np.log(self.alpha + end) - np.log(self.alpha + recency))
        return np.where(chances > 0, scipy.special.expit(-odds), 1.0)

    def purchases_if_alive(self, cells: Cells, times: np.ndarray) -> np.ndarray:
        """Expected purchases within the times of customers who are alive, shape (cells, times)."""
        x, _, end = cells.arrays
        (counts, ends), places = distinct_rows([x, end])  # all that the expectation depends on
        counts, ends = counts[:, np.newaxis], ends[:, np.newaxis]
        kept = self.b + counts + self.before
        return np.asarray(_purchases(self.r + counts, self.alpha + ends, self.a, kept, times)[places])

    def residual(self, cells: Cells, force: float) -> np.ndarray:
        """DERT by the mean over the probability p of leaving, in which the integral over time is a simple one.

        A customer with p buys at the rate ``(r/α)(1 + pτ/α)^(−r−1)``, which discounted and added up over all time is
        ``r/(αδ) ∫₀^∞ e^(−u) (1 + pu/(αδ))^(−r−1) du``, with the force of interest δ.
        """
        x, _, end = cells.arrays
        (counts, ends), places = distinct_rows([x, end])
        rate, scale, kept = self.r + counts, force * (self.alpha + ends), self.b + counts + self.before
        parts = [slice(start, start + _ROWS) for start in range(0, len(ends), _ROWS)]
        found = [_residual(rate[part], scale[part], self.a, kept[part]) for part in parts]
        return np.asarray(self.alive(cells) * np.concatenate(found)[places])

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Expected repeat purchases of a new customer within a time t after the first purchase.

        ``(a+b−1)/(a−1)·(1 − (α/(α+t))^r ₂F₁(r, b; a+b−1; t/(α+t)))``.

        Examples
        --------
        >>> BgNbd(0.243, 4.414, 0.793, 2.426, unit="week").expected_purchases(np.array([0.0, 52.0])).round(4).tolist()
        [0.0, 1.4461]
        """
        times = checked_times(t)
        stays = np.exp(_log_beta_ratio(self.b, self.a + self.b, np.array(self.before)))
        kept = self.b + self.before
        return np.asarray(stays * _purchases(self.r, self.alpha, self.a, kept, times.ravel()).reshape(times.shape))

    def purchase_probabilities(self, t: float | np.ndarray, most: int) -> np.ndarray:
        """Probability of 0, 1, …, `most` repeat purchases within t, shape (times, most + 1).

        [fader2005]_, eq. 8: for each n, ``B(a, b+n)/B(a, b)·f(n)`` with the negative binomial probability f(n)
        of n purchases of a customer who never leaves, plus, for n > 0,
        ``B(a+1, b+n−1)/B(a, b)·(1 − f(0) − … − f(n−1))``.

        Examples
        --------
        >>> BgNbd(0.243, 4.414, 0.793, 2.426, unit="week").purchase_probabilities(39.0, most=3).round(4).tolist()
        [0.5738, 0.1994, 0.0854, 0.0459]
        """
        gammaln = scipy.special.gammaln
        times = checked_times(t)[..., None]
        n = checked_counts(most)
        share = times / (self.alpha + times)
        logs = gammaln(self.r + n) - gammaln(self.r) - gammaln(n + 1) + self.r * np.log1p(-share)
        stays = np.exp(logs) * share**n
        chances = n + self.before
        still = np.exp(_log_beta_ratio(self.b, self.a + self.b, chances))
        survived = np.maximum(chances - 1, 0)
        left = self.a * np.exp(_log_beta_ratio(self.b, self.a + self.b, survived))
        left /= self.a + self.b + survived
        beyond = 1 - np.cumsum(stays, axis=-1) + stays
        return np.asarray(still * stays + np.where(chances > 0, left * beyond, 0))

    def simulate(self, T: np.ndarray, seed: int) -> CustomerSummary:  # noqa: N803 (the field's symbol)
        """Histories of new customers observed for the given times.

        Examples
        --------
        >>> BgNbd(0.243, 4.414, 0.793, 2.426, unit="week").simulate(np.full(4, 39.0), seed=1).customers.shape
        (4, 3)
        """
        ends = checked_times(T).ravel()
        rng = generator(seed)
        rate = rng.gamma(self.r, 1 / self.alpha, len(ends))
        leave = rng.beta(self.a, self.b, len(ends))
        possible = rng.poisson(rate * ends)
        # The chance at which a customer leaves is geometric: an exponential, rounded up.
        with np.errstate(divide="ignore"):
            last = np.ceil(rng.standard_exponential(len(ends)) / -np.log1p(-leave))
        frequency = np.minimum(possible, np.maximum(last, 1) - self.before).astype(np.int64)
        # Purchase k of m at random times lies at a beta(k, m+1−k) part of the time.
        bought = frequency > 0
        recency = np.zeros(len(ends))
        recency[bought] = ends[bought] * rng.beta(frequency[bought], possible[bought] + 1 - frequency[bought])
        table = pd.DataFrame({"frequency": frequency, "recency": recency, "T": ends}).rename_axis("customer")
        return CustomerSummary(table, self.unit)

    @classmethod
    def likelihood(cls, frame: pd.DataFrame) -> LogLikelihood:
        """Log-likelihood of cells and its gradient in (r, α, a, b).

        ``ln L = Σ ln[Γ(r+x)/Γ(r)·α^r·B(a, b+x)/B(a, b)·((α+T)^−(r+x) + a/(b+x−1)·(α+t_x)^−(r+x))]``, the last term
        for x > 0 only [fader2005]_. Gamma functions are needed for distinct x only.
        """
        digamma, gammaln = scipy.special.digamma, scipy.special.gammaln
        x, recency, end, weights = (frame[name].to_numpy(dtype=float) for name in _COLUMNS)
        ends, place = np.unique(end, return_inverse=True)
        customers, purchases = np.bincount(place, weights), np.bincount(place, weights * x)
        n, place = np.unique(x, return_inverse=True)
        having = np.bincount(place, weights)
        chances = n + cls.before
        survived = np.maximum(chances, 1) - 1
        maybe = np.flatnonzero(chances[place])  # those who may have left
        place, x, recency, end, weights = place[maybe], x[maybe], recency[maybe], end[maybe], weights[maybe]

        def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            r, alpha, a, b = parameters
            log_ends = np.log(alpha + ends)
            exponents = r * customers + purchases
            by_count = gammaln(r + n) - gammaln(r) + r * np.log(alpha) + _log_beta_ratio(b, a + b, chances)
            # The odds of having left; e = exp(−|ln odds|) serves both the sum and its slope.
            offset = np.log(a / (b + survived))
            spread = np.log((alpha + end) / (alpha + recency))
            odds = offset[place] + (r + x) * spread
            small = np.exp(-np.abs(odds))
            value = having @ by_count - exponents @ log_ends + weights @ (np.maximum(odds, 0) + np.log1p(small))
            left = weights * np.where(odds > 0, 1.0, small) / (1 + small)
            left_by_count = np.bincount(place, left, minlength=len(n))
            ratio = digamma(a + b) - digamma(a + b + chances)
            gradient = [
                having @ (digamma(r + n) - digamma(r) + np.log(alpha)) - customers @ log_ends + left @ spread,
                having.sum() * r / alpha
                - exponents @ (1 / (alpha + ends))
                - left @ ((r + x) * (end - recency) / ((alpha + end) * (alpha + recency))),
                having @ ratio + left.sum() / a,
                having @ (ratio + digamma(b + chances) - digamma(b)) - left_by_count @ (1 / (b + survived)),
            ]
            return float(value), np.array(gradient)

        return log_likelihood


def _log_beta_ratio(b: float, total: float, n: np.ndarray) -> np.ndarray:
    """Logarithm of B(a, b+n)/B(a, b) with a + b = total: the probability of staying through n purchases."""
    gammaln = scipy.special.gammaln
    return np.asarray(gammaln(b + n) - gammaln(b) + gammaln(total) - gammaln(total + n))


def _purchases(
    r: np.ndarray | float, alpha: np.ndarray | float, a: float, b: np.ndarray | float, t: np.ndarray
) -> np.ndarray:
    """Expected purchases in t of an active customer with these parameters.

    The closed form cancels near a = 1, near t = 0 and where a + b is near 1, and its series is long for t ≫ α. There
    the expectation is taken as what it is, a mean over the probability p of leaving: of ``(1 − (1 + pt/α)^(−r))/p``.
    """
    r, alpha, b, t = np.broadcast_arrays(r, alpha, b, t)
    result = np.zeros(t.shape)
    share = t / (alpha + t)
    usual = (abs(a - 1) > 0.01) & (a + b > 1.01) & (share < 0.9)
    inside = np.zeros(t.shape)
    total = (a + b - 1)[usual]
    logs = r[usual] * np.log1p(-share[usual]) + log_hyp2f1(r[usual], b[usual], total, share[usual])
    inside[usual] = -np.expm1(logs)
    usual &= np.abs(inside) > 1e-4
    result[usual] = (a + b - 1)[usual] / (a - 1) * inside[usual]
    if (rest := ~usual & (t > 0)).any():
        shape, scale = r[rest][:, None], (t / alpha)[rest][:, None]

        def log_share(p: np.ndarray, _: np.ndarray) -> np.ndarray:  # of the rt/α purchases if nobody left
            growth = np.maximum(p * scale, _TINY)
            return np.asarray(np.log(np.log1p(growth) / growth * scipy.special.exprel(-shape * np.log1p(growth))))

        result[rest] = (r * t / alpha)[rest] * np.exp(beta_mean(log_share, np.full(rest.sum(), a), b[rest]))
    return result


def _residual(r: np.ndarray, scale: np.ndarray, a: float, b: np.ndarray) -> np.ndarray:
    """DERT of active customers with these parameters; `scale` is the force of interest times α."""

    def log_multiple(p: np.ndarray, _: np.ndarray) -> np.ndarray:
        growth = np.log1p(p[..., np.newaxis] * (_TIMES / scale[:, np.newaxis])[:, np.newaxis])
        return np.asarray(np.log(np.exp(-(r + 1)[:, np.newaxis, np.newaxis] * growth) @ _DISCOUNTS))

    return np.asarray(r / scale * np.exp(beta_mean(log_multiple, np.full(len(r), a), b)))


def fit_bg_nbd(histories: Histories, *, nobody_bought_once: bool = False) -> Fit[BgNbd]:
    """Fit the BG/NBD model by maximum likelihood.

    With many cells, a fit to a part of them (every so-manieth) gives the start; the result is always the maximum over
    all of them. Doubts are on the fit: see `crmlib.clv.purchases.fitting.maximise`.

    Parameters
    ----------
    histories
        The summary of the customers, or its cells.
    nobody_bought_once
        True if it is a fact about all customers that each bought again; without one-time buyers, and without this
        word, the fit is refused: see `crmlib.clv.purchases.cells.learning_cells`.

    Raises
    ------
    InputError
        If a history cannot be used, or the one-time buyers are missing.

    Examples
    --------
    >>> summary = BgNbd(0.25, 4.0, 0.8, 2.5, unit="week").simulate(np.full(3000, 52.0), seed=1)
    >>> fit = fit_bg_nbd(summary)
    >>> fit.converged, bool(fit.intervals().loc["r"].between(0.2, 0.3).all()), fit.model.unit
    (True, True, 'week')
    """
    return fit_beta_geometric(BgNbd, learning_cells(histories, nobody_bought_once))


def fit_beta_geometric(kind: type[Kind], cells: Cells) -> Fit[Kind]:
    """Fit BG/NBD or one of its kind."""
    return _fit(partial(kind, unit=cells.unit), kind, cells.frame, len(cells) // _PART if len(cells) > _MANY else 1)


def _fit(build: Callable[..., Kind], kind: type[Kind], frame: pd.DataFrame, every: int) -> Fit[Kind]:
    near = _fit(build, kind, frame.iloc[::every], 1) if every > 1 else None
    start = np.array(_START) * [1, max(float(frame["T"].mean()), 1e-6), 1, 1]
    customers = int(frame["customers"].sum())
    return maximise(kind.name, build, _NAMES, kind.likelihood(frame), start, customers, len(frame), near)
