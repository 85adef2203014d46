"""Pareto/NBD: customers who buy at random until, unseen, they stop for ever."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, exprel, gammaln, log_expit, psi

from crmlib.clv._decay import log_decay_integral
from crmlib.clv._numbers import check_parameters, checked_times
from crmlib.clv.cells import Cells, checked_summary, distinct_rows
from crmlib.clv.fitting import Fit, LogLikelihood, maximise

__all__ = ["ParetoNbd", "fit_pareto_nbd", "pareto_nbd_likelihood"]

_NAMES = ("r", "alpha", "s", "beta")
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True)
class ParetoNbd:
    """Customers buy at Poisson rates that are gamma(r, α) over customers, and stop at rates that are gamma(s, β).

    α and β are in the time unit of the data; the mean rates are r/α purchases and s/β stops a unit of time
    [schmittlein1987]_.

    Examples
    --------
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> round(float(model.probability_alive(summary)["Ann"]), 3)
    0.869
    """

    r: float
    alpha: float
    s: float
    beta: float

    def __post_init__(self) -> None:
        check_parameters("The Pareto/NBD model", asdict(self))

    @property
    def _parameters(self) -> np.ndarray:
        return np.array([self.r, self.alpha, self.s, self.beta])

    def log_likelihood(self, cells: Cells) -> float:
        """Logarithm of the probability density of all customers' histories."""
        return float(pareto_nbd_likelihood(cells)(self._parameters)[0])

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Probability that a customer with this history still buys at the end of observation.

        ``P = (α+T)^−(r+x) (β+T)^−s / B``, with B the sum of both ways to be silent since the last purchase: to have
        stopped before the next purchase, and to buy next only after T.
        """
        checked = checked_summary(summary)
        return pd.Series(self._alive(checked), index=checked.index, name="probability_alive")

    def _alive(self, checked: pd.DataFrame) -> np.ndarray:
        x, recency, end = (checked[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T"))
        histories = _Histories(x, recency, end)
        stopped, silent = histories.ways(self._parameters)[:2]
        silences = np.logaddexp(stopped[histories.place_last], silent[histories.place_end])
        alive = -(self.r + x) * np.log(self.alpha + end) - self.s * np.log(self.beta + end)
        return np.asarray(np.exp(np.minimum(alive - silences, 0)))

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Expected repeat purchases of a new customer up to time t: ``(r/α) ∫₀ᵗ (β/(β+τ))^s dτ``."""
        return np.asarray(self.r / self.alpha * self._active_time(0.0, checked_times(t)))

    def conditional_expected_purchases(self, summary: pd.DataFrame, t: float) -> pd.Series:
        """Expected purchases of each customer in the next t, given the history.

        The probability of being alive times ``(r+x)/(α+T) ∫₀ᵗ ((β+T)/(β+T+τ))^s dτ``.

        Examples
        --------
        >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
        >>> summary = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
        >>> round(float(model.conditional_expected_purchases(summary, t=39)["Ann"]), 2)
        1.46
        """
        time = checked_times(t)
        checked = checked_summary(summary)
        end = checked["T"].to_numpy()
        rate = (self.r + checked["frequency"].to_numpy()) / (self.alpha + end)
        expected = self._alive(checked) * rate * self._active_time(end, time)
        return pd.Series(expected, index=checked.index, name="expected_purchases")

    def purchase_probabilities(self, t: np.ndarray | float, most: int) -> np.ndarray:
        """Probability of 0, 1, …, `most` repeat purchases of a new customer within t, shape (times, most + 1).

        A customer alive at t buys as a negative binomial; one who stopped at τ did so up to τ only, so that the
        probability is an integral over τ, taken by Gauss and Legendre's rule in ``ln(1 + τ/min(α, β))``.

        Examples
        --------
        >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
        >>> model.purchase_probabilities(39.0, most=2).round(4).tolist()
        [0.5936, 0.1656, 0.0825]
        """
        times = checked_times(t)[..., np.newaxis]
        shift = min(self.alpha, self.beta)
        span = np.log1p(times / shift) / 2
        stops = shift * np.expm1(span * (_NODES + 1))
        stopping = _WEIGHTS * span * (shift + stops) * self.s / self.beta * (1 + stops / self.beta) ** -(self.s + 1)
        chances = np.concatenate([stopping, (1 + times / self.beta) ** -self.s], axis=-1)
        n = np.arange(most + 1)
        active = np.concatenate([stops, times], axis=-1)[..., np.newaxis]
        logs = gammaln(self.r + n) - gammaln(self.r) - gammaln(n + 1) - self.r * np.log1p(active / self.alpha)
        return np.asarray(np.einsum("...i,...in->...n", chances, np.exp(logs) * (active / (self.alpha + active)) ** n))

    def simulate(self, T: np.ndarray, seed: int) -> pd.DataFrame:  # noqa: N803
        """Histories of new customers observed for the times `T`, one row each, and whether they are still alive.

        Given their number, the purchases before the stop fall anywhere with the same chance, so that the last of x
        comes at ``U^(1/x)`` of the time.
        """
        rng = np.random.default_rng(seed)
        end = np.asarray(checked_times(T))
        rate = rng.gamma(self.r, 1 / self.alpha, len(end))
        # A stopping rate can be smaller than any number; such a customer never stops.
        with np.errstate(divide="ignore", over="ignore"):
            stop = rng.standard_exponential(len(end)) / rng.gamma(self.s, 1 / self.beta, len(end))
        active = np.minimum(stop, end)
        frequency = rng.poisson(rate * active)
        last = active * rng.random(len(end)) ** (1 / np.maximum(frequency, 1))
        recency = np.where(frequency > 0, last, 0)
        return pd.DataFrame({"frequency": frequency, "recency": recency, "T": end, "alive": stop > end})

    def _active_time(self, start: float | np.ndarray, t: np.ndarray) -> np.ndarray:
        """``∫₀ᵗ ((β+start)/(β+start+τ))^s dτ``, also where s is 1."""
        shift = self.beta + np.asarray(start)
        log = np.log1p(t / shift)
        return np.asarray(shift * log * exprel((1 - self.s) * log))


def fit_pareto_nbd(cells: Cells) -> Fit:
    """Fit the Pareto/NBD model by maximum likelihood.

    Parameters
    ----------
    cells
        Purchase histories from `purchase_cells`.

    Returns
    -------
    Fit
        With doubts in `warnings`, such as customers who never stop or never come back.

    Examples
    --------
    >>> from crmlib.clv.cells import purchase_cells
    >>> cells = purchase_cells(ParetoNbd(0.6, 10, 0.7, 12).simulate(np.full(3000, 50.0), seed=1))
    >>> fit = fit_pareto_nbd(cells)
    >>> fit.converged, bool(fit.intervals().loc["r"].between(0.4, 0.8).all())
    (True, True)
    """
    customers, x, end = (cells.frame[name].to_numpy(dtype=float) for name in ("customers", "frequency", "T"))
    mean = max(customers @ end / cells.customers, 1e-6)
    purchases = max(customers @ x, 1.0) / cells.customers
    start = np.array([1, mean / purchases, 1, mean])
    return maximise("Pareto/NBD", _NAMES, pareto_nbd_likelihood(cells), start, cells.customers, len(cells))


def pareto_nbd_likelihood(cells: Cells, counts: np.ndarray | None = None) -> LogLikelihood:
    """Log-likelihood of the cells and its gradient in (r, α, s, β).

    ``L = Γ(r+x)/Γ(r) α^r β^s B`` with ``B = s ∫_{t_x}^∞ (α+τ)^−(r+x) (β+τ)^−(s+1) dτ + (r+x) ∫_T^∞ (α+τ)^−(r+x+1)
    (β+τ)^−s dτ``: after the last purchase the customer stopped before the next, or the next comes after T. By parts
    this is the form of [fader2005note]_, without its difference of nearly equal numbers.

    Parameters
    ----------
    cells
        The histories.
    counts
        Customers in each cell, if others than those of the cells (a bootstrap).
    """
    histories = _Histories(*(cells.frame[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T")))
    weights = (cells.frame["customers"].to_numpy() if counts is None else counts).astype(float)
    return lambda parameters: histories.log_likelihood(weights, parameters)


class _Histories:
    """Purchase histories; what depends on (x, t_x) or (x, T) only is computed once for each of these."""

    def __init__(self, x: np.ndarray, recency: np.ndarray, end: np.ndarray) -> None:
        (self.x_last, self.last), self.place_last = distinct_rows([x, recency])
        (self.x_end, self.end), self.place_end = distinct_rows([x, end])

    def ways(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Logarithms of the two terms of B, by (x, t_x) and by (x, T), and their gradients by the parameters."""
        r, alpha, s, beta = parameters
        shape = np.full(len(self.last), s + 1)
        stopped, by_stopped = log_decay_integral(r + self.x_last, shape, alpha, beta, self.last)
        shape = np.full(len(self.end), s)
        silent, by_silent = log_decay_integral(r + self.x_end + 1, shape, alpha, beta, self.end)
        order = [0, 2, 1, 3]  # a, b, α, β → r, α, s, β
        by_stopped, by_silent = by_stopped[order], by_silent[order]
        by_stopped[2] += 1 / s
        by_silent[0] += 1 / (r + self.x_end)
        return stopped + np.log(s), silent + np.log(r + self.x_end), by_stopped, by_silent

    def log_likelihood(self, counts: np.ndarray, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """Value and gradient with so many customers of each history."""
        r, alpha, s, beta = parameters
        stopped, silent, by_stopped, by_silent = self.ways(parameters)
        odds = silent[self.place_end] - stopped[self.place_last]
        share = expit(odds)  # of silence in B; its logarithm is odds − ln(1 + e^odds)
        at_end = np.bincount(self.place_end, counts, len(self.end))
        value = at_end @ (gammaln(r + self.x_end) - gammaln(r) + silent) - counts @ log_expit(odds)
        value += counts.sum() * (r * np.log(alpha) + s * np.log(beta))
        gradient = by_silent @ np.bincount(self.place_end, counts * share, len(self.end))
        gradient += by_stopped @ np.bincount(self.place_last, counts * (1 - share), len(self.last))
        gradient += counts.sum() * np.array([np.log(alpha), r / alpha, np.log(beta), s / beta])
        gradient[0] += at_end @ (psi(r + self.x_end) - psi(r))
        return float(value), gradient
