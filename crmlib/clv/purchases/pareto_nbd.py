"""Pareto/NBD: customers who buy at random until, unseen, they stop for ever."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd
import scipy

from crmlib.clv._numbers import checked_counts, checked_times, generator
from crmlib.clv.purchases._decay import log_decay_integral
from crmlib.clv.purchases.cells import Cells, Histories, distinct_rows, learning_cells
from crmlib.clv.purchases.fitting import Fit, LogLikelihood, maximise
from crmlib.clv.purchases.purchase_model import HistoryModel
from crmlib.transactions.summary import CustomerSummary

__all__ = ["ParetoNbd", "fit_pareto_nbd"]

_COLUMNS = ("frequency", "recency", "T", "customers")
_NAMES = ("r", "alpha", "s", "beta")
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True)
class ParetoNbd(HistoryModel):
    """Customers buy at Poisson rates that are gamma(r, α) over customers, and stop at rates that are gamma(s, β).

    α and β are in the `unit` of time; the mean rates are r/α purchases and s/β stops a unit of time
    [schmittlein1987]_.

    The probability of being alive is ``(α+T)^−(r+x) (β+T)^−s / B``, with B the sum of both ways to be silent since the
    last purchase: to have stopped before the next purchase, and to buy next only after T. Who is alive is expected to
    buy ``(r+x)/(α+T) ∫₀ᵗ ((β+T)/(β+T+τ))^s dτ`` times within t.

    Examples
    --------
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> own = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}, index=["Ann"])
    >>> summary = CustomerSummary(own, unit="week")
    >>> model.probability_alive(summary).round(3).to_dict()
    {'Ann': 0.869}
    >>> model.conditional_expected_purchases(summary, np.array([26.0, 39.0])).round(2).loc["Ann"].to_dict()
    {26.0: 1.02, 39.0: 1.46}
    >>> model.discounted_residual_transactions(summary, discount_rate=0.15).round(2).to_dict()
    {'Ann': 6.52}
    """

    name: ClassVar[str] = "Pareto/NBD"

    r: float
    alpha: float
    s: float
    beta: float
    unit: str

    def alive(self, cells: Cells) -> np.ndarray:
        """Probability of being alive, by cell."""
        x, recency, end = cells.arrays
        histories = _Histories(x, recency, end)
        stopped, silent = histories.ways(self.parameters.to_numpy())[:2]
        silences = np.logaddexp(stopped[histories.place_last], silent[histories.place_end])
        alive = -(self.r + x) * np.log(self.alpha + end) - self.s * np.log(self.beta + end)
        return np.asarray(np.exp(np.minimum(alive - silences, 0)))

    def purchases_if_alive(self, cells: Cells, times: np.ndarray) -> np.ndarray:
        """Expected purchases within the times of customers who are alive, shape (cells, times)."""
        return np.asarray(self._rate(cells)[:, np.newaxis] * self._active_time(cells.arrays[2][:, np.newaxis], times))

    def _rate(self, cells: Cells) -> np.ndarray:
        """Expected purchases a unit of time while alive."""
        x, _, end = cells.arrays
        return np.asarray((self.r + x) / (self.alpha + end))

    def residual(self, cells: Cells, force: float) -> np.ndarray:
        """DERT in closed form: the integral of `HistoryModel.residual` is ``(β+T)·U(1, 2−s, δ(β+T))``.

        U is Tricomi's function and δ the force of interest: another form of [fader2005rfm]_, eq. 3.
        """
        shift = self.beta + cells.arrays[2]
        time = shift * scipy.special.hyperu(1, 2 - self.s, force * shift)
        if not np.isfinite(time).all():  # SciPy's function gives up where s is large
            return super().residual(cells, force)
        return np.asarray(self.alive(cells) * self._rate(cells) * time)

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Expected repeat purchases of a new customer up to time t: ``(r/α) ∫₀ᵗ (β/(β+τ))^s dτ``."""
        return np.asarray(self.r / self.alpha * self._active_time(0.0, checked_times(t)))

    def purchase_probabilities(self, t: float | np.ndarray, most: int) -> np.ndarray:
        """Probability of 0, 1, …, `most` repeat purchases of a new customer within t, shape (times, most + 1).

        A customer alive at t buys as a negative binomial; one who stopped at τ did so up to τ only, so that the
        probability is an integral over τ, taken by Gauss and Legendre's rule in ``ln(1 + τ/min(α, β))``.

        Examples
        --------
        >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
        >>> model.purchase_probabilities(39.0, most=2).round(4).tolist()
        [0.5936, 0.1656, 0.0825]
        """
        gammaln = scipy.special.gammaln
        times = checked_times(t)[..., np.newaxis]
        shift = min(self.alpha, self.beta)
        span = np.log1p(times / shift) / 2
        stops = shift * np.expm1(span * (_NODES + 1))
        stopping = _WEIGHTS * span * (shift + stops) * self.s / self.beta * (1 + stops / self.beta) ** -(self.s + 1)
        chances = np.concatenate([stopping, (1 + times / self.beta) ** -self.s], axis=-1)
        n = checked_counts(most)
        active = np.concatenate([stops, times], axis=-1)[..., np.newaxis]
        logs = gammaln(self.r + n) - gammaln(self.r) - gammaln(n + 1) - self.r * np.log1p(active / self.alpha)
        return np.asarray(np.einsum("...i,...in->...n", chances, np.exp(logs) * (active / (self.alpha + active)) ** n))

    def simulate(self, T: np.ndarray, seed: int) -> CustomerSummary:  # noqa: N803 (the field's symbol)
        """Histories of new customers observed for the given times, and whether they are still ``alive``.

        Given their number, the purchases before the stop fall anywhere with the same chance, so that the last of x
        comes at ``U^(1/x)`` of the time.
        """
        rng = generator(seed)
        end = checked_times(T).ravel()
        rate = rng.gamma(self.r, 1 / self.alpha, len(end))
        # A stopping rate can be smaller than any number; such a customer never stops.
        with np.errstate(divide="ignore", over="ignore"):
            stop = rng.standard_exponential(len(end)) / rng.gamma(self.s, 1 / self.beta, len(end))
        active = np.minimum(stop, end)
        frequency = rng.poisson(rate * active)
        last = active * rng.random(len(end)) ** (1 / np.maximum(frequency, 1))
        recency = np.where(frequency > 0, last, 0)
        table = pd.DataFrame({"frequency": frequency, "recency": recency, "T": end, "alive": stop > end})
        return CustomerSummary(table.rename_axis("customer"), self.unit)

    def _active_time(self, start: float | np.ndarray, t: np.ndarray) -> np.ndarray:
        """``∫₀ᵗ ((β+start)/(β+start+τ))^s dτ``, also where s is 1."""
        shift = self.beta + np.asarray(start)
        log = np.log1p(t / shift)
        return np.asarray(shift * log * scipy.special.exprel((1 - self.s) * log))

    @classmethod
    def likelihood(cls, frame: pd.DataFrame) -> LogLikelihood:
        """Log-likelihood of cells and its gradient in (r, α, s, β).

        ``L = Γ(r+x)/Γ(r) α^r β^s B`` with ``B = s ∫_{t_x}^∞ (α+τ)^−(r+x) (β+τ)^−(s+1) dτ + (r+x) ∫_T^∞
        (α+τ)^−(r+x+1) (β+τ)^−s dτ``: after the last purchase the customer stopped before the next, or the next comes
        after T. By parts this is the form of [fader2005note]_, without its difference of nearly equal numbers.
        """
        x, recency, end, customers = (frame[name].to_numpy(dtype=float) for name in _COLUMNS)
        return partial(_Histories(x, recency, end).log_likelihood, customers)


def fit_pareto_nbd(histories: Histories, *, nobody_bought_once: bool = False) -> Fit[ParetoNbd]:
    """Fit the Pareto/NBD model by maximum likelihood.

    Parameters
    ----------
    histories
        The summary of the customers, or its cells.
    nobody_bought_once
        True if it is a fact about all customers that each bought again; without one-time buyers, and without this
        word, the fit is refused: see `crmlib.clv.purchases.cells.learning_cells`.

    Returns
    -------
    Fit
        With doubts in `warnings`, such as customers who never stop or never come back.

    Raises
    ------
    InputError
        If a history cannot be used, or the one-time buyers are missing.

    Examples
    --------
    >>> fit = fit_pareto_nbd(ParetoNbd(0.6, 10, 0.7, 12, unit="week").simulate(np.full(3000, 50.0), seed=1))
    >>> fit.converged, bool(fit.intervals().loc["r"].between(0.4, 0.8).all())
    (True, True)
    """
    cells = learning_cells(histories, nobody_bought_once)
    x, _, end = cells.arrays
    customers = cells.frame["customers"].to_numpy()
    mean = max(customers @ end / cells.customers, 1e-6)
    start = np.array([1, mean / max(customers @ x / cells.customers, 1 / cells.customers), 1, mean])
    build, likelihood = partial(ParetoNbd, unit=cells.unit), ParetoNbd.likelihood(cells.frame)
    return maximise(ParetoNbd.name, build, _NAMES, likelihood, start, cells.customers, len(cells))


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
        gammaln, psi = scipy.special.gammaln, scipy.special.psi
        r, alpha, s, beta = parameters
        stopped, silent, by_stopped, by_silent = self.ways(parameters)
        odds = silent[self.place_end] - stopped[self.place_last]
        share = scipy.special.expit(odds)  # of silence in B; its logarithm is odds − ln(1 + e^odds)
        at_end = np.bincount(self.place_end, counts, len(self.end))
        value = at_end @ (gammaln(r + self.x_end) - gammaln(r) + silent) - counts @ scipy.special.log_expit(odds)
        value += counts.sum() * (r * np.log(alpha) + s * np.log(beta))
        gradient = by_silent @ np.bincount(self.place_end, counts * share, len(self.end))
        gradient += by_stopped @ np.bincount(self.place_last, counts * (1 - share), len(self.last))
        gradient += counts.sum() * np.array([np.log(alpha), r / alpha, np.log(beta), s / beta])
        gradient[0] += at_end @ (psi(r + self.x_end) - psi(r))
        return float(value), gradient
