"""BG/NBD: how often customers buy and, after any purchase, whether they stay."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import digamma, expit, exprel, gammaln

from crmlib.clv._numbers import check_parameters, checked_times
from crmlib.clv.cells import Cells, checked_summary, distinct_rows
from crmlib.clv.fitting import Fit, LogLikelihood, maximise
from crmlib.clv.hypergeometric import beta_mean, log_hyp2f1

__all__ = ["BgNbd", "bg_nbd_likelihood", "fit_bg_nbd"]

_NAMES = ("r", "alpha", "a", "b")
_START = (0.5, 1.0, 1.0, 2.0)  # alpha in units of the mean T
_MANY = 20_000  # cells; above, a fit to every so-manieth of them comes first
_PART = 4_000
_TINY = 1e-300


@dataclass(frozen=True)
class BgNbd:
    """The beta-geometric/NBD model of [fader2005]_.

    While active, a customer buys at random times at a rate that differs between customers (gamma with shape `r` and
    rate `alpha`, in the caller's time unit). After every repeat purchase the customer leaves for good with a
    probability that differs too (beta with `a` and `b`). Nobody sees anyone leave.
    """

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        check_parameters("The BG/NBD model", asdict(self))

    def log_likelihood(self, cells: Cells) -> float:
        """Logarithm of the probability density of all histories."""
        return bg_nbd_likelihood(cells)(np.array([self.r, self.alpha, self.a, self.b]))[0]

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Probability that each customer of a summary is still active at T.

        ``1 / (1 + a/(b+x−1)·((α+T)/(α+t_x))^(r+x))``, and 1 for customers without a repeat purchase, since only a
        repeat purchase lets one leave.

        Examples
        --------
        >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
        >>> BgNbd(0.243, 4.414, 0.793, 2.426).probability_alive(summary).round(4).to_dict()
        {'Ann': 0.7266}
        """
        checked = checked_summary(summary)
        x, recency, end = (checked[name].to_numpy() for name in ("frequency", "recency", "T"))
        return pd.Series(self._alive(x, recency, end), index=checked.index, name="probability_alive")

    def _alive(self, x: np.ndarray, recency: np.ndarray, end: np.ndarray) -> np.ndarray:
        odds = np.log(self.a / (self.b + np.maximum(x, 1) - 1))
        odds += (self.r + x) * (np.log(self.alpha + end) - np.log(self.alpha + recency))
        return np.where(x > 0, expit(-odds), 1.0)

    def expected_purchases(self, t: np.ndarray) -> np.ndarray:
        """Expected repeat purchases of a new customer within a time t after the first purchase.

        ``(a+b−1)/(a−1)·(1 − (α/(α+t))^r ₂F₁(r, b; a+b−1; t/(α+t)))``.

        Examples
        --------
        >>> BgNbd(0.243, 4.414, 0.793, 2.426).expected_purchases(np.array([0.0, 52.0])).round(4).tolist()
        [0.0, 1.4461]
        """
        times = checked_times(t)
        return _purchases(self.r, self.alpha, self.a, self.b, times.ravel()).reshape(times.shape)

    def conditional_expected_purchases(self, summary: pd.DataFrame, t: float) -> pd.Series:
        """Expected purchases of each customer of a summary in the next t, given the history.

        The probability of being active times the expectation of a new customer whose parameters have learned from the
        history: r + x, α + T, b + x [fader2005]_, eq. 10.

        Examples
        --------
        >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
        >>> BgNbd(0.243, 4.414, 0.793, 2.426).conditional_expected_purchases(summary, t=39).round(3).to_dict()
        {'Ann': 1.226}
        """
        checked_times(t)
        checked = checked_summary(summary)
        x, recency, end = (checked[name].to_numpy() for name in ("frequency", "recency", "T"))
        (counts, ends), places = distinct_rows([x, end])  # the expectation if active depends on x and T only
        active = _purchases(self.r + counts, self.alpha + ends, self.a, self.b + counts, np.full(len(ends), t))
        expected = active[places] * self._alive(x, recency, end)
        return pd.Series(expected, index=checked.index, name="expected_purchases")

    def purchase_probabilities(self, t: np.ndarray, most: int) -> np.ndarray:
        """Probability of 0, 1, …, `most` repeat purchases within t, shape (times, most + 1).

        [fader2005]_, eq. 8: for each n, ``B(a, b+n)/B(a, b)·f(n)`` with the negative binomial probability f(n)
        of n purchases of a customer who never leaves, plus, for n > 0,
        ``B(a+1, b+n−1)/B(a, b)·(1 − f(0) − … − f(n−1))``.

        Examples
        --------
        >>> BgNbd(0.243, 4.414, 0.793, 2.426).purchase_probabilities(39.0, most=3).round(4).tolist()
        [0.5738, 0.1994, 0.0854, 0.0459]
        """
        times = checked_times(t)[..., None]
        n = np.arange(most + 1)
        share = times / (self.alpha + times)
        logs = gammaln(self.r + n) - gammaln(self.r) - gammaln(n + 1) + self.r * np.log1p(-share)
        stays = np.exp(logs) * share**n
        still = np.exp(_log_beta_ratio(self.b, self.a + self.b, n))
        left = self.a * np.exp(_log_beta_ratio(self.b, self.a + self.b, np.maximum(n - 1, 0)))
        left /= self.a + self.b + np.maximum(n - 1, 0)
        beyond = 1 - np.cumsum(stays, axis=-1) + stays
        return np.asarray(still * stays + np.where(n > 0, left * beyond, 0))

    def simulate(self, T: np.ndarray, seed: int) -> pd.DataFrame:  # noqa: N803 (the field's symbol)
        """Histories of customers observed for the given times, as a summary.

        Examples
        --------
        >>> BgNbd(0.243, 4.414, 0.793, 2.426).simulate(np.full(4, 39.0), seed=1).columns.to_list()
        ['frequency', 'recency', 'T']
        """
        ends = checked_times(T)
        rng = np.random.default_rng(seed)
        rate = rng.gamma(self.r, 1 / self.alpha, len(ends))
        leave = rng.beta(self.a, self.b, len(ends))
        possible = rng.poisson(rate * ends)
        # The purchase after which a customer leaves is geometric: an exponential, rounded up.
        with np.errstate(divide="ignore"):
            last = np.ceil(rng.standard_exponential(len(ends)) / -np.log1p(-leave))
        frequency = np.minimum(possible, np.maximum(last, 1)).astype(np.int64)
        # Purchase k of m at random times lies at a beta(k, m+1−k) part of the time.
        bought = frequency > 0
        recency = np.zeros(len(ends))
        recency[bought] = ends[bought] * rng.beta(frequency[bought], possible[bought] + 1 - frequency[bought])
        return pd.DataFrame({"frequency": frequency, "recency": recency, "T": ends}).rename_axis("customer")


def _log_beta_ratio(b: float, total: float, n: np.ndarray) -> np.ndarray:
    """Logarithm of B(a, b+n)/B(a, b) with a + b = total: the probability of staying through n purchases."""
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
            return np.asarray(np.log(np.log1p(growth) / growth * exprel(-shape * np.log1p(growth))))

        result[rest] = (r * t / alpha)[rest] * np.exp(beta_mean(log_share, np.full(rest.sum(), a), b[rest]))
    return result


def bg_nbd_likelihood(cells: Cells, counts: np.ndarray | None = None) -> LogLikelihood:
    """Log-likelihood of the cells and its gradient in (r, α, a, b).

    ``ln L = Σ ln[Γ(r+x)/Γ(r)·α^r·B(a, b+x)/B(a, b)·((α+T)^−(r+x) + a/(b+x−1)·(α+t_x)^−(r+x))]``, the last term
    for x > 0 only [fader2005]_. Gamma functions are needed for distinct x only.

    Parameters
    ----------
    cells
        The histories.
    counts
        Customers in each cell, if others than those of the cells (a bootstrap).
    """
    x, recency, end = (cells.frame[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T"))
    weights = (cells.frame["customers"].to_numpy() if counts is None else counts).astype(float)
    ends, place = np.unique(end, return_inverse=True)
    customers, purchases = np.bincount(place, weights), np.bincount(place, weights * x)
    n, place = np.unique(x, return_inverse=True)
    having = np.bincount(place, weights)
    bought = np.flatnonzero(x)
    place, x, recency, end, weights = place[bought], x[bought], recency[bought], end[bought], weights[bought]

    def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = parameters
        log_ends = np.log(alpha + ends)
        exponents = r * customers + purchases
        by_count = gammaln(r + n) - gammaln(r) + r * np.log(alpha) + _log_beta_ratio(b, a + b, n)
        # The odds of having left, for buyers; e = exp(−|ln odds|) serves both the sum and its slope.
        offset = np.log(a / (b + np.maximum(n, 1) - 1))
        spread = np.log((alpha + end) / (alpha + recency))
        odds = offset[place] + (r + x) * spread
        small = np.exp(-np.abs(odds))
        value = having @ by_count - exponents @ log_ends + weights @ (np.maximum(odds, 0) + np.log1p(small))
        left = weights * np.where(odds > 0, 1.0, small) / (1 + small)
        left_by_count = np.bincount(place, left, minlength=len(n))
        ratio = digamma(a + b) - digamma(a + b + n)
        gradient = [
            having @ (digamma(r + n) - digamma(r) + np.log(alpha)) - customers @ log_ends + left @ spread,
            having.sum() * r / alpha
            - exponents @ (1 / (alpha + ends))
            - left @ ((r + x) * (end - recency) / ((alpha + end) * (alpha + recency))),
            having @ ratio + left.sum() / a,
            having @ (ratio + digamma(b + n) - digamma(b)) - left_by_count @ (1 / (b + np.maximum(n, 1) - 1)),
        ]
        return float(value), np.array(gradient)

    return log_likelihood


def fit_bg_nbd(cells: Cells) -> Fit:
    """Fit the BG/NBD model by maximum likelihood.

    With many cells, a fit to a part of them (every so-manieth) gives the start; the result is always the maximum over
    all of them. Doubts are on the fit: see `crmlib.clv.fitting.maximise`.

    Parameters
    ----------
    cells
        Equal histories, counted; see `crmlib.clv.cells.purchase_cells`.

    Examples
    --------
    >>> from crmlib.clv.cells import purchase_cells
    >>> cells = purchase_cells(BgNbd(0.25, 4.0, 0.8, 2.5).simulate(np.full(3000, 52.0), seed=1))
    >>> fit = fit_bg_nbd(cells)
    >>> fit.converged, bool(fit.intervals().loc["r"].between(0.2, 0.3).all())
    (True, True)
    """
    near = None
    if len(cells) > _MANY:
        near = fit_bg_nbd(Cells(cells.frame.iloc[:: len(cells) // _PART]))
    start = np.array(_START) * [1, max(float(cells.frame["T"].mean()), 1e-6), 1, 1]
    return maximise(
        "BG/NBD", _NAMES, bg_nbd_likelihood(cells), start, customers=cells.customers, cells=len(cells), near=near
    )
