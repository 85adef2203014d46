"""BG/BB: customers who can buy only at given opportunities, once at each, until they are gone for good."""

from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import betaln, digamma, gammaln, logsumexp

from crmlib.clv._numbers import check_parameters, is_number, shown
from crmlib.clv.cells import Cells, checked_summary
from crmlib.clv.chain_checks import count_problems
from crmlib.clv.fitting import Fit, LogLikelihood, maximise
from crmlib.clv.hypergeometric import log_hyp2f1
from crmlib.errors import InputError, Problem

__all__ = ["BgBb", "bg_bb_log_likelihood", "fit_bg_bb"]

_NAMES = ("alpha", "beta", "gamma", "delta")


@dataclass(frozen=True)
class BgBb:
    """The beta-geometric/beta-Bernoulli model [fader2010]_.

    A living customer uses an opportunity with probability p and is gone before the next with probability θ;
    over the customers p follows a Beta(alpha, beta) and θ a Beta(gamma, delta) distribution, independently.
    Time is counted in opportunities. In every summary ``frequency`` is the number of opportunities used,
    ``recency`` the last one used (0 if none) and ``T`` how many there were.

    Examples
    --------
    >>> donors = pd.DataFrame({"frequency": [6, 1], "recency": [6, 1], "T": [6, 6]}, index=["Ann", "Bob"])
    >>> model = BgBb(1.204, 0.750, 0.657, 2.783)
    >>> model.probability_alive(donors).round(2).to_dict()
    {'Ann': 0.93, 'Bob': 0.07}
    >>> model.conditional_expected_purchases(donors, 5).round(2).to_dict()
    {'Ann': 3.75, 'Bob': 0.09}
    """

    alpha: float
    beta: float
    gamma: float
    delta: float

    def __post_init__(self) -> None:
        check_parameters("The BG/BB model", asdict(self))

    @classmethod
    def of(cls, fit: Fit) -> Self:
        """The model with fitted parameters."""
        return cls(**{name: float(fit.parameters[name]) for name in _NAMES})

    @property
    def _parameters(self) -> np.ndarray:
        return np.array([getattr(self, name) for name in _NAMES])

    def log_likelihood(self, cells: Cells) -> float:
        """Log-likelihood of customers counted in cells."""
        frame = _opportunities(cells.frame, counted=True)
        return bg_bb_log_likelihood(frame)(self._parameters)[0]

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Probability that a customer can still use the next opportunity, T + 1."""
        frame = _opportunities(summary)
        return self._posterior(frame, used=0, ahead=np.ones(1)).rename("probability_alive")

    def conditional_expected_purchases(self, summary: pd.DataFrame, opportunities: int) -> pd.Series:
        """Expected number of purchases at the next so many opportunities, given the history."""
        _check_count("opportunities", opportunities)
        frame = _opportunities(summary)
        return self._posterior(frame, used=1, ahead=np.arange(1, opportunities + 1)).rename("expected_purchases")

    def discounted_residual_transactions(self, summary: pd.DataFrame, discount_rate: float) -> pd.Series:
        r"""Expected purchases at all opportunities to come, each discounted to now.

        The sum over k ≥ 1 of the chance to buy at opportunity T + k, times :math:`(1+d)^{-k}`.

        Parameters
        ----------
        discount_rate
            From one opportunity to the next, not per year.

        Raises
        ------
        InputError
            If the rate is negative, or 0 while gamma is at most 1: then the sum is not finite.
        """
        least = 0 if self.gamma > 1 else 1e-9  # below that, 1/(1 + d) is nearly 1 and the sum has no digits left
        if not (is_number(discount_rate) and least <= discount_rate < np.inf):
            found = f"found {shown(discount_rate)} with gamma {self.gamma:.3g}"
            problem = Problem("discount_rate", found, "Give a positive rate: the sum for ever is not finite")
            raise InputError("The discounted residual transactions", [problem])
        frame = _opportunities(summary)
        end = self.delta + frame["T"].to_numpy()
        next_one = self._posterior(frame, used=1, ahead=np.ones(1))
        if discount_rate == 0:  # Gauss's sum of the series at 1
            later = (self.gamma + end) / (self.gamma - 1)
        else:
            z = np.array(1 / (1 + discount_rate))
            later = z * np.exp(log_hyp2f1(np.ones(1), end + 1, self.gamma + end + 1, z))
        return pd.Series(next_one * later, name="discounted_residual_transactions")

    def expected_purchases(self, opportunities: int) -> float:
        """Expected purchases of a new customer at the first so many opportunities."""
        _check_count("opportunities", opportunities)
        ahead = np.arange(1, opportunities + 1)
        alive = np.exp(betaln(self.gamma, self.delta + ahead) - betaln(self.gamma, self.delta))
        return float(self.alpha / (self.alpha + self.beta) * alive.sum())

    def frequency_probabilities(self, opportunities: int) -> pd.Series:
        """Probability of every number of purchases, 0 to all, of a new customer at the first so many opportunities."""
        _check_count("opportunities", opportunities)
        used = np.arange(opportunities + 1)[:, None]
        lived = np.arange(opportunities + 1)[None, :]
        ways = gammaln(lived + 1) - gammaln(used + 1) - gammaln(np.maximum(lived - used, 0) + 1)
        bought = betaln(self.alpha + used, self.beta + np.maximum(lived - used, 0)) - betaln(self.alpha, self.beta)
        left = lived < opportunities
        ended = betaln(self.gamma + left, self.delta + lived) - betaln(self.gamma, self.delta)
        chances = np.where(lived >= used, np.exp(ways + bought + ended), 0).sum(axis=1)
        return pd.Series(chances, index=pd.RangeIndex(opportunities + 1, name="purchases"), name="probability")

    def simulate(self, opportunities: np.ndarray, seed: int) -> pd.DataFrame:
        """Draw the summary of new customers, each with its own number of opportunities."""
        asked = np.asarray(opportunities)
        if asked.ndim != 1 or asked.size == 0 or not (asked == np.floor(asked)).all() or (asked < 1).any():
            problem = Problem(
                "opportunities", f"found {opportunities!r}", "Give a whole number from 1 for each customer"
            )
            raise InputError("The simulation", [problem])
        generator = np.random.default_rng(seed)
        chance = generator.beta(self.alpha, self.beta, len(asked))
        lived = generator.geometric(np.maximum(generator.beta(self.gamma, self.delta, len(asked)), 1e-300)) - 1
        places = np.arange(1, int(asked.max()) + 1)
        used = (places <= np.minimum(lived, asked)[:, None]) & (
            generator.random((len(asked), len(places))) < chance[:, None]
        )
        return pd.DataFrame(
            {"frequency": used.sum(axis=1), "recency": (used * places).max(axis=1), "T": asked.astype(int)}
        )

    def _posterior(self, frame: pd.DataFrame, used: int, ahead: np.ndarray) -> pd.Series:
        """Sum over the opportunities ahead of P(alive then, and `used` more purchases there | history)."""
        distinct, place = np.unique(frame["T"].to_numpy(), return_inverse=True)
        alive = np.exp(betaln(self.gamma, self.delta + distinct[:, None] + ahead) - betaln(self.gamma, self.delta))
        x, n = frame["frequency"].to_numpy(), frame["T"].to_numpy()
        bought = betaln(self.alpha + x + used, self.beta + n - x) - betaln(self.alpha, self.beta)
        history = _log_terms(frame, self._parameters)[0]
        return pd.Series(np.exp(bought - logsumexp(history, axis=1)) * alive.sum(axis=1)[place], index=frame.index)


def fit_bg_bb(cells: Cells) -> Fit:
    """Fit the BG/BB model by maximum likelihood [fader2010]_.

    Parameters
    ----------
    cells
        Customers with equal ``frequency`` (opportunities used), ``recency`` (the last one used, 0 if none)
        and ``T`` (how many there were), counted by `purchase_cells`.

    Raises
    ------
    InputError
        Lists every cell that no customer with these opportunities can be in.

    Examples
    --------
    >>> from crmlib.clv.cells import purchase_cells
    >>> simulated = BgBb(1.2, 0.75, 0.66, 2.8).simulate(np.full(4000, 6), seed=3)
    >>> fit_bg_bb(purchase_cells(simulated)).converged
    True
    """
    frame = _opportunities(cells.frame, counted=True)
    return maximise("BG/BB", _NAMES, bg_bb_log_likelihood(frame), np.ones(4), cells.customers, len(cells))


def bg_bb_log_likelihood(frame: pd.DataFrame) -> LogLikelihood:
    r"""The log-likelihood of counted cells with its gradient, as a function of (α, β, γ, δ) [fader2010]_.

    .. math:: L = \\sum_{i=t_x}^{n} \\frac{B(\\alpha + x, \\beta + i - x)}{B(\\alpha, \\beta)}
              \\frac{B(\\gamma + [i < n], \\delta + i)}{B(\\gamma, \\delta)}

    where i is the last opportunity at which the customer lived, and [i < n] is 1 if that was not the last of all.
    """
    counts = frame["customers"].to_numpy(dtype=float)

    def value_and_gradient(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        terms, slopes = _log_terms(frame, parameters, with_slopes=True)
        total = logsumexp(terms, axis=1)
        weights = np.exp(terms - total[:, None]) * counts[:, None]
        gradient = [float((weights * slope).sum()) for slope in slopes]
        return float(counts @ total), np.array(gradient)

    return value_and_gradient


def _log_terms(
    frame: pd.DataFrame, parameters: np.ndarray, *, with_slopes: bool = False
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Logs of the terms of each cell's likelihood, one column for each last living opportunity, and their slopes."""
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


def _opportunities(summary: pd.DataFrame, *, counted: bool = False) -> pd.DataFrame:
    """The checked summary, if recency and T count opportunities and no more are used than there were."""
    frame = checked_summary(summary, counted=counted)
    frequency, recency, end = (frame[name].to_numpy() for name in ("frequency", "recency", "T"))
    word = "cell" if counted else "customer"
    rules = (
        ("T", (end < 1) | (end % 1 != 0), "Give the number of opportunities, a whole number from 1"),
        ("recency", recency % 1 != 0, "Give the last opportunity used, a whole number"),
        ("frequency", frequency > recency, "At most one purchase at each opportunity up to the last"),
    )
    problems = [
        Problem(
            f"{word} {shown(frame.index[place])}, column {name!r}",
            f"found frequency {frequency[place]:g}, recency {recency[place]:g}, T {end[place]:g}",
            remedy,
        )
        for name, bad, remedy in rules
        for place in np.flatnonzero(bad).tolist()
    ]
    if problems:
        raise InputError("The opportunities", problems)
    return frame


def _check_count(name: str, value: object) -> None:
    if problems := count_problems(name, value):
        raise InputError("The BG/BB model", problems)
