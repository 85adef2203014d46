"""BG/BB: customers who can buy only at given opportunities, once at each, until they are gone for good."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd
import scipy

from crmlib.checks import shown
from crmlib.clv._numbers import checked_counts, checked_times, generator
from crmlib.clv.purchases.cells import Cells, Histories, learning_cells
from crmlib.clv.purchases.fitting import Fit, LogLikelihood, maximise
from crmlib.clv.purchases.hypergeometric import log_hyp2f1
from crmlib.clv.purchases.purchase_model import HistoryModel
from crmlib.errors import InputError, Problem
from crmlib.transactions.summary import CustomerSummary

__all__ = ["BgBb", "fit_bg_bb"]

_NAMES = ("alpha", "beta", "gamma", "delta")
_LEAST = 1e-9  # below, e^(−force) is nearly 1


@dataclass(frozen=True)
class BgBb(HistoryModel):
    """The beta-geometric/beta-Bernoulli model [fader2010]_.

    A living customer uses an opportunity with probability p and is gone before the next with probability θ;
    over the customers p follows a Beta(alpha, beta) and θ a Beta(gamma, delta) distribution, independently.
    Time is counted in opportunities, and `unit` is how long it is from one to the next. In every summary ``frequency``
    is the number of opportunities used, ``recency`` the last one used (0 if none) and ``T`` how many there were.

    Alive is who can still use the next opportunity, T + 1.

    Examples
    --------
    >>> donors = pd.DataFrame({"frequency": [6, 1], "recency": [6, 1], "T": [6, 6]}, index=["Ann", "Bob"])
    >>> summary, model = CustomerSummary(donors, "year"), BgBb(1.204, 0.750, 0.657, 2.783, unit="year")
    >>> model.probability_alive(summary).round(2).to_dict()
    {'Ann': 0.93, 'Bob': 0.07}
    >>> model.conditional_expected_purchases(summary, 5).round(2).to_dict()
    {'Ann': 3.75, 'Bob': 0.09}
    """

    name: ClassVar[str] = "BG/BB"

    alpha: float
    beta: float
    gamma: float
    delta: float
    unit: str

    def alive(self, cells: Cells) -> np.ndarray:
        """Probability of being alive, by cell."""
        betaln, logsumexp = scipy.special.betaln, scipy.special.logsumexp
        frame = _opportunities(cells)
        x, end = frame["frequency"].to_numpy(), frame["T"].to_numpy()
        bought = betaln(self.alpha + x, self.beta + end - x) - betaln(self.alpha, self.beta)
        stays = betaln(self.gamma, self.delta + end + 1) - betaln(self.gamma, self.delta)
        history = logsumexp(_log_terms(frame, self.parameters.to_numpy())[0], axis=1)
        return np.asarray(np.exp(np.minimum(bought + stays - history, 0)))

    def purchases_if_alive(self, cells: Cells, times: np.ndarray) -> np.ndarray:
        """Expected purchases at so many next opportunities of customers who can use the first, shape (cells, times)."""
        ends, place = np.unique(cells.arrays[2], return_inverse=True)
        lived = self._lived(self.delta + ends[:, np.newaxis] + 1, times)
        return np.asarray(self._chance(cells)[:, np.newaxis] * lived[place])

    def _chance(self, cells: Cells) -> np.ndarray:
        """Expected chance to use an opportunity, by cell."""
        x, _, end = cells.arrays
        return np.asarray((self.alpha + x) / (self.alpha + self.beta + end))

    def _lived(self, kept: np.ndarray | float, times: np.ndarray) -> np.ndarray:
        """Expected opportunities lived through among so many, of who lives at the first: ``Σ B(γ, κ+k)/B(γ, κ)``."""
        betaln = scipy.special.betaln
        ahead = np.arange(int(times.max(initial=0)))
        chances = np.exp(betaln(self.gamma, np.asarray(kept) + ahead) - betaln(self.gamma, np.asarray(kept)))
        sums = np.cumsum(np.concatenate([np.zeros((*chances.shape[:-1], 1)), chances], axis=-1), axis=-1)
        return np.asarray(sums[..., times.astype(int)])

    def residual(self, cells: Cells, force: float) -> np.ndarray:
        r"""DERT in closed form: the sum over k ≥ 1 of the chance to buy at opportunity T + k, times e^(−k·force)."""
        if force < _LEAST and self.gamma <= 1:
            remedy = "Give a larger rate, or a finite horizon: the sum has no digits left"
            raise InputError("The discounted purchases", [Problem("discount_rate", "is nearly 0", remedy)])
        end = self.delta + cells.arrays[2]
        z = np.exp(-force)
        later = z * np.exp(log_hyp2f1(np.ones(1), end + 1, self.gamma + end + 1, np.array(z)))
        return np.asarray(self.alive(cells) * self._chance(cells) * later)

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Expected purchases of a new customer at the first t opportunities.

        Examples
        --------
        >>> BgBb(1.204, 0.750, 0.657, 2.783, unit="year").expected_purchases(np.array([1, 6])).round(3).tolist()
        [0.498, 2.22]
        """
        times = self.times(t)
        first = self.alpha / (self.alpha + self.beta) * self.delta / (self.gamma + self.delta)
        return np.asarray(first * self._lived(self.delta + 1, times))

    def purchase_probabilities(self, t: float | np.ndarray, most: int) -> np.ndarray:
        """Probability of 0, 1, …, `most` purchases of a new customer at the first t opportunities.

        Shape (times, most + 1). The sum over the last opportunity lived of the chance to use n of them.

        Examples
        --------
        >>> BgBb(1.204, 0.750, 0.657, 2.783, unit="year").purchase_probabilities(2, most=3).round(3).tolist()
        [0.394, 0.289, 0.317, 0.0]
        """
        gammaln, betaln = scipy.special.gammaln, scipy.special.betaln
        times, n = self.times(t), checked_counts(most)
        given = times[..., np.newaxis, np.newaxis]
        lived = np.arange(int(times.max(initial=0)) + 1)
        used, unused = n[:, np.newaxis], np.maximum(lived - n[:, np.newaxis], 0)
        ways = gammaln(lived + 1) - gammaln(used + 1) - gammaln(unused + 1)
        bought = betaln(self.alpha + used, self.beta + unused) - betaln(self.alpha, self.beta)
        ended = betaln(self.gamma + (lived < given), self.delta + lived) - betaln(self.gamma, self.delta)
        return np.asarray(np.where((lived >= used) & (lived <= given), np.exp(ways + bought + ended), 0).sum(axis=-1))

    def simulate(self, T: np.ndarray, seed: int) -> CustomerSummary:  # noqa: N803 (the field's symbol)
        """Histories of new customers, each with its own number of opportunities."""
        asked = self.times(T).ravel().astype(int)
        rng = generator(seed)
        chance = rng.beta(self.alpha, self.beta, len(asked))
        lived = rng.geometric(np.maximum(rng.beta(self.gamma, self.delta, len(asked)), 1e-300)) - 1
        places = np.arange(1, int(asked.max(initial=0)) + 1)
        used = (places <= np.minimum(lived, asked)[:, None]) & (rng.random((len(asked), len(places))) < chance[:, None])
        last = (used * places).max(axis=1, initial=0)
        table = pd.DataFrame({"frequency": used.sum(axis=1), "recency": last, "T": asked})
        return CustomerSummary(table.rename_axis("customer"), self.unit)

    def times(self, t: float | np.ndarray) -> np.ndarray:
        """Numbers of opportunities: whole times."""
        times = checked_times(t)
        if bad := dict.fromkeys(times[times % 1 != 0].tolist()):
            remedy = "Give a whole number of opportunities"
            raise InputError("The time", [Problem("t", f"found {value!r}", remedy) for value in bad])
        return times

    @classmethod
    def likelihood(cls, frame: pd.DataFrame) -> LogLikelihood:
        r"""The log-likelihood of cells with its gradient, as a function of (α, β, γ, δ) [fader2010]_.

        .. math:: L = \sum_{i=t_x}^{n} \frac{B(\alpha + x, \beta + i - x)}{B(\alpha, \beta)}
                  \frac{B(\gamma + [i < n], \delta + i)}{B(\gamma, \delta)}

        where i is the last opportunity at which the customer lived, and [i < n] is 1 if that was not the last of all.
        """
        counts = frame["customers"].to_numpy(dtype=float)

        def value_and_gradient(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            terms, slopes = _log_terms(frame, parameters, with_slopes=True)
            total = scipy.special.logsumexp(terms, axis=1)
            weights = np.exp(terms - total[:, None]) * counts[:, None]
            gradient = [float((weights * slope).sum()) for slope in slopes]
            return float(counts @ total), np.array(gradient)

        return value_and_gradient


def fit_bg_bb(histories: Histories, *, nobody_bought_once: bool = False) -> Fit[BgBb]:
    """Fit the BG/BB model by maximum likelihood [fader2010]_.

    Parameters
    ----------
    histories
        Customers with ``frequency`` (opportunities used), ``recency`` (the last one used, 0 if none) and ``T`` (how
        many there were), such as `crmlib.transactions.opportunity_summary` counts from a log; or their cells.
    nobody_bought_once
        True if it is a fact about all customers that each bought again; without one-time buyers, and without this
        word, the fit is refused: see `crmlib.clv.purchases.cells.learning_cells`.

    Raises
    ------
    InputError
        Lists every history that no customer with these opportunities can have; or the one-time buyers are missing.

    Examples
    --------
    >>> simulated = BgBb(1.2, 0.75, 0.66, 2.8, unit="year").simulate(np.full(4000, 6), seed=3)
    >>> fit_bg_bb(simulated).converged
    True
    """
    cells = learning_cells(histories, nobody_bought_once)
    build, likelihood = partial(BgBb, unit=cells.unit), BgBb.likelihood(_opportunities(cells))
    return maximise(BgBb.name, build, _NAMES, likelihood, np.ones(4), cells.customers, len(cells))


def _log_terms(
    frame: pd.DataFrame, parameters: np.ndarray, *, with_slopes: bool = False
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Logs of the terms of each cell's likelihood, one column for each last living opportunity, and their slopes."""
    betaln, digamma = scipy.special.betaln, scipy.special.digamma
    alpha, beta, gamma, delta = parameters
    x, recency, n = (frame[name].to_numpy(dtype=float)[:, None] for name in ("frequency", "recency", "T"))
    wanted = recency + np.arange(int((n - recency).max()) + 1)
    lived = np.minimum(wanted, n)
    left = (lived < n).astype(float)
    terms = betaln(alpha + x, beta + lived - x) - betaln(alpha, beta)
    terms += betaln(gamma + left, delta + lived) - betaln(gamma, delta)
    terms = np.where(wanted <= n, terms, -np.inf)
    if not with_slopes:
        return terms, []
    tried = digamma(alpha + beta + lived) - digamma(alpha + beta)
    passed = digamma(gamma + delta + left + lived) - digamma(gamma + delta)
    return terms, [
        digamma(alpha + x) - digamma(alpha) - tried,
        digamma(beta + lived - x) - digamma(beta) - tried,
        digamma(gamma + left) - digamma(gamma) - passed,
        digamma(delta + lived) - digamma(delta) - passed,
    ]


def _opportunities(cells: Cells) -> pd.DataFrame:
    """The cells, if recency and T count opportunities and no more are used than there were."""
    frequency, recency, end = cells.arrays
    rules = (
        ("T", end % 1 != 0, "Give the number of opportunities, a whole number"),
        ("recency", recency % 1 != 0, "Give the last opportunity used, a whole number"),
        ("frequency", frequency > recency, "At most one purchase at each opportunity up to the last"),
    )
    problems = [
        Problem(
            f"customer {shown(cells.labels[place])}, column {name!r}",
            f"found frequency {frequency[cell]:g}, recency {recency[cell]:g}, T {end[cell]:g}",
            remedy,
        )
        for name, bad, remedy in rules
        for place in np.flatnonzero(bad[cells.places]).tolist()
        for cell in [cells.places[place]]
    ]
    if problems:
        raise InputError("The opportunities", problems)
    return cells.frame
