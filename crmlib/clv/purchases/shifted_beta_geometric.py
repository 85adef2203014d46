"""The shifted beta-geometric model: how many subscribers are left after each renewal, and why retention rises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import scipy

from crmlib.checks import floats, shown
from crmlib.clv._numbers import generator, listed
from crmlib.clv.purchases.fitting import Fit, LogLikelihood, ParametricModel, maximise
from crmlib.clv.purchases.hypergeometric import log_hyp2f1
from crmlib.clv.terms import BOUNDS, align
from crmlib.errors import InputError, Problem

__all__ = ["ShiftedBetaGeometric", "fit_shifted_beta_geometric"]

_LEAST_RATE = 1e-8  # below, 1/(1 + rate) can hardly be told from 1


@dataclass(frozen=True)
class ShiftedBetaGeometric(ParametricModel):
    """Contracts renewed or not at the end of each period [fader2007]_.

    Every customer leaves at each renewal with a probability of its own, always the same; over the customers these
    probabilities have a beta distribution with parameters `alpha` and `beta`. Those likely to leave go first, so the
    retention rate of the rest rises although nobody changes.

    Examples
    --------
    >>> model = ShiftedBetaGeometric(alpha=0.704, beta=1.182)
    >>> model.retention([1, 7]).round(3).to_dict()
    {1: 0.627, 7: 0.911}
    >>> model.survival([0, 8, 12]).round(3).to_dict()
    {0: 1.0, 8: 0.22, 12: 0.17}
    """

    name: ClassVar[str] = "shifted beta-geometric"

    alpha: float
    beta: float

    def survival(self, renewals: Sequence[int]) -> pd.Series:
        """Share of the customers still there after each number of renewals, ``B(α, β + t)/B(α, β)``."""
        betaln = scipy.special.betaln
        t = _renewals(renewals, first=0)
        shares = np.exp(betaln(self.alpha, self.beta + t) - betaln(self.alpha, self.beta))
        return pd.Series(shares, index=pd.Index(renewals, name="renewals"), name="survival")

    def retention(self, renewals: Sequence[int]) -> pd.Series:
        """Share of those there who stay at the t-th renewal, ``(β + t − 1)/(α + β + t − 1)``."""
        earlier = self.beta + _renewals(renewals, first=1) - 1
        return pd.Series(earlier / (self.alpha + earlier), pd.Index(renewals, name="renewals"), name="retention")

    def margin_multiple(self, discount_rate: float, renewals: int = 0) -> float:
        """Margins that a customer after so many renewals is worth, the first now and for certain, for ever.

        ``Σ_k S(n + k)/S(n)/(1 + d)^k = ₂F₁(1, β + n; α + β + n; 1/(1 + d))``, one margin a period at its start: the
        mean over the customers of ``(1 + d)/(1 + d − retention)``, with d the rate from one renewal to the next.
        ``(1 + d)·(multiple − 1)`` is the discounted expected residual lifetime of [faderhardie2010]_, which begins with
        the next renewal, not a certain margin. For d = 0 the multiple is ``(α + β + n − 1)/(α − 1)``, and infinite
        unless α > 1.

        Raises
        ------
        InputError
            If the rate is negative, or 0 with α ≤ 1: then the value has no limit; or between 0 and 1e-8.

        Examples
        --------
        >>> model = ShiftedBetaGeometric(alpha=0.668, beta=3.806)
        >>> round(model.margin_multiple(0.1), 2), round(model.margin_multiple(0.1, renewals=4), 2)
        (5.92, 7.27)
        """
        subject = "The value of a subscriber"
        kinds = {"discount_rate": "rate", "renewals": "time"}
        terms = align(subject, kinds, discount_rate=discount_rate, renewals=renewals)
        if discount_rate < _LEAST_RATE and not (discount_rate == 0 and self.alpha > 1):
            found = f"found {discount_rate!r}: endless renewals have no finite value unless alpha exceeds 1"
            raise InputError(subject, [Problem("discount_rate", found, f"Give a rate of at least {_LEAST_RATE:g}")])
        kept = self.beta + float(terms["renewals"][0])
        if discount_rate == 0:
            return (self.alpha + kept - 1) / (self.alpha - 1)
        a, b, c, z = np.array([[1.0], [kept], [self.alpha + kept], [1 / (1 + discount_rate)]])
        return float(np.exp(log_hyp2f1(a, b, c, z))[0])

    def simulate(self, customers: int, renewals: int, seed: int) -> pd.Series:
        """Customers left of a new cohort at its start and after each renewal, as `fit_shifted_beta_geometric` takes.

        Examples
        --------
        >>> ShiftedBetaGeometric(alpha=0.704, beta=1.182).simulate(1000, renewals=7, seed=1).iloc[0]
        np.int64(1000)
        """
        align("The cohort", {"customers": "count", "renewals": "count"}, customers=customers, renewals=renewals)
        rng = generator(seed)
        leaves = rng.geometric(np.maximum(rng.beta(self.alpha, self.beta, int(customers)), 1e-300))
        counts = np.bincount(np.minimum(leaves, renewals + 1), minlength=renewals + 2)
        index = pd.RangeIndex(renewals + 1, name="renewals")
        return pd.Series(len(leaves) - counts.cumsum()[:-1], index, name="survivors")

    @classmethod
    def likelihood(cls, frame: pd.DataFrame) -> LogLikelihood:
        """Log-likelihood and gradient in (α, β) of the customers ``before`` and ``after`` each renewal in turn."""
        before, after = (frame[name].to_numpy(dtype=float) for name in ("before", "after"))
        lost = before.sum() - after.sum()
        earlier = np.arange(len(after))

        def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            alpha, kept = parameters[0], parameters[1] + earlier
            value = lost * np.log(alpha) + after @ np.log(kept) - before @ np.log(alpha + kept)
            common = (before / (alpha + kept)).sum()
            return float(value), np.array([lost / alpha - common, (after / kept).sum() - common])

        return log_likelihood


def _renewals(renewals: Sequence[int], first: int) -> np.ndarray:
    """Numbers of renewals, whole and not below the first that makes sense."""
    given = pd.Series(listed("The renewals", renewals=renewals), dtype=object)
    if given.empty:
        return np.empty(0)
    counts = align("The renewals", {"renewals": "count"}, renewals=given)["renewals"]
    if (counts < first).any():
        raise InputError("The renewals", [Problem("renewals", "found 0", "The first renewal is number 1")])
    return counts


def fit_shifted_beta_geometric(survivors: pd.Series | Sequence[int]) -> Fit[ShiftedBetaGeometric]:
    """Estimate the shifted beta-geometric model from the customers left after each renewal.

    A renewal is a vote with retention ``(β + t − 1)/(α + β + t − 1)``, so
    ``ln L = Σ_t s_t·ln(β + t − 1) + (s_{t−1} − s_t)·ln α − s_{t−1}·ln(α + β + t − 1)`` with s_t left after the t-th
    [fader2007]_.

    Parameters
    ----------
    survivors
        Customers at the start and after each renewal: whole numbers, never rising. Their number sets the standard
        errors: a cohort given as per thousand counts as a thousand customers.

    Raises
    ------
    InputError
        Lists every place where there is no whole number, or more customers than before.

    Examples
    --------
    >>> fit = fit_shifted_beta_geometric([1000, 631, 468, 382, 326, 289, 262, 241])
    >>> fit.parameters.round(3).to_dict()
    {'alpha': 0.704, 'beta': 1.182}
    """
    subject = "The survivors"
    if not isinstance(survivors, pd.Series):
        survivors = pd.Series(listed(subject, survivors=survivors), dtype=object)
    if len(survivors) < 2:
        found = f"found {len(survivors)} number(s)"
        raise InputError(subject, [Problem("survivors", found, "Give the start and at least one renewal")])
    places = [f"survivors {position} ({label})" for position, label in enumerate(survivors.index)]
    counts = floats(survivors)
    remedy = "Give the number of customers left, a whole number; shares do not tell how sure an estimate is"
    if problems := [
        Problem(places[place], f"found {shown(survivors.iloc[place])}", remedy)
        for place in np.flatnonzero(~BOUNDS["count"].holds(counts)).tolist()
    ]:
        raise InputError(subject, problems)
    problems = [
        Problem(place, f"{now:g} after {before:g}", "Whoever left must not be counted again")
        for place, before, now in zip(places[1:], counts[:-1], counts[1:], strict=True)
        if now > before
    ]
    if counts[0] == 0:
        problems.append(Problem("survivors", "nobody at the start", "Give a cohort of customers"))
    if problems:
        raise InputError(subject, problems)
    renewals = pd.DataFrame({"before": counts[:-1], "after": counts[1:]})
    likelihood = ShiftedBetaGeometric.likelihood(renewals)
    name, names = ShiftedBetaGeometric.name, ["alpha", "beta"]
    return maximise(name, ShiftedBetaGeometric, names, likelihood, np.ones(2), int(counts[0]), len(renewals))
