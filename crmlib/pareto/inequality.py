"""How much of the value few customers hold: Lorenz curve, Gini, top share, HHI, and the Pareto exponent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Count, Seed, checked
from crmlib.checks import whole_from
from crmlib.errors import InputError, Problem
from crmlib.pareto._values import Amounts, SharedOut

__all__ = ["Concentration", "ParetoTail", "concentration", "fit_pareto_tail", "lorenz_curve"]

#: Starts of the tail that are tried, evenly spread over the distinct values.
CANDIDATES = 100

#: A tail shorter than this says nothing about its shape.
SHORTEST_TAIL = 10


@dataclass(frozen=True)
class Concentration:
    """How concentrated a value is, without unit.

    `gini`: 0 if all are equal, (n − 1)/n if one has everything; `hhi`: the sum of squared shares, 1/n to 1;
    `top_shares`: share of the best 1, 2, … customers.
    """

    customers: int
    gini: float
    hhi: float
    top_shares: pd.Series

    @property
    def effective_customers(self) -> float:
        """Number of equal customers that would be as concentrated: 1/HHI."""
        return 1 / self.hhi

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.customers,
            "gini": self.gini,
            "hhi": self.hhi,
            "top_shares": self.top_shares.to_dict(),
        }


@checked("The customers' values")
def lorenz_curve(values: SharedOut) -> pd.DataFrame:
    """Share of the value that the smallest customers hold together [lorenz1905]_.

    Parameters
    ----------
    values
        One a customer, none negative, in one unit.

    Returns
    -------
    pandas.DataFrame
        ``customers`` and ``value``, both shares from 0 to 1, one row a customer after a row of zeros.

    Raises
    ------
    InputError
        Lists every customer with a missing or negative value; also if all values are 0.

    Examples
    --------
    >>> lorenz_curve(pd.Series({"p": 1.0, "q": 3.0})).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    cumulated = np.concatenate([[0.0], np.cumsum(np.sort(values.to_numpy(dtype=float)))])
    return pd.DataFrame({"customers": np.linspace(0, 1, len(cumulated)), "value": cumulated / cumulated[-1]})


@checked("The customers' values")
def concentration(values: SharedOut, top: Sequence[Count] = (1, 10, 100)) -> Concentration:
    r"""Measure how concentrated the value is.

    With rising values, :math:`G = \sum_i (2i - n - 1) v_i \big/ n \sum_i v_i` [gini1912]_, twice the area between the
    Lorenz curve and the diagonal; :math:`HHI = \sum_i (v_i / \sum v)^2` [hirschman1964]_.

    Parameters
    ----------
    values
        One a customer, none negative, in one unit.
    top
        Numbers of best customers whose share is wanted; more than there are hold everything.

    Raises
    ------
    InputError
        Lists every customer with a missing or negative value; also if all values are 0.

    Examples
    --------
    >>> result = concentration(pd.Series([1, 2, 3, 4, 5]), top=[2])
    >>> round(result.gini, 6), round(result.hhi, 6), result.top_shares.to_dict()
    (0.266667, 0.244444, {2: 0.6})
    """
    rising = np.sort(values.to_numpy(dtype=float))
    shares = rising / rising.sum()
    ranks = np.arange(1, len(rising) + 1)
    return Concentration(
        customers=len(rising),
        gini=float(((2 * ranks - len(rising) - 1) * shares).sum() / len(rising)),
        hhi=float((shares**2).sum()),
        top_shares=pd.Series({count: float(shares[-count:].sum()) for count in top}, name="share"),
    )


@dataclass(frozen=True)
class ParetoTail:
    """A power law fitted to the large values: P(V > v) = (v/minimum)^(1 − exponent) for v ≥ minimum.

    `exponent`: α of the density v^(−α); `standard_error`: its own; `minimum`: where the tail begins, in the values'
    unit; `customers`: how many are in it; `distance`: largest gap between fitted and observed distribution;
    `p_value`: share of samples drawn from the fitted law that fit worse: below 0.1 the law is to be doubted.
    """

    exponent: float
    standard_error: float
    minimum: float
    customers: int
    distance: float
    p_value: float

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return dict(vars(self))


@checked("The Pareto tail")
def fit_pareto_tail(values: Amounts, samples: Annotated[int, whole_from(0)] = 100, seed: Seed = 0) -> ParetoTail:
    r"""Fit the Pareto exponent of the largest values by maximum likelihood.

    :math:`\hat\alpha = 1 + m / \sum_i \ln(v_i/v_{min})` over the m values of the tail (Hill's estimator of
    α − 1 [hill1975]_), standard error :math:`(\hat\alpha - 1)/\sqrt m`. The tail begins where the fitted and the
    observed distribution lie closest [clauset2009]_; the p-value draws samples that follow the law in the tail and
    the data below it, and fits each anew.

    Three caveats. A good fit does not prove the law: a log-normal often fits as well. The standard error takes the
    beginning of the tail as known. With α ≤ 3 the variance, with α ≤ 2 even the mean, of the law is infinite, so
    averages of such customers do not settle down.

    Parameters
    ----------
    values
        One a customer; the law concerns the positive ones only.
    samples
        Samples drawn for the p-value; without any it is NaN.
    seed
        Seed of `numpy.random.default_rng`.

    Raises
    ------
    InputError
        Lists every customer with a missing value; also if too few distinct positive values remain.

    Examples
    --------
    >>> draws = np.random.default_rng(1).pareto(1.5, 2000) + 1
    >>> fit = fit_pareto_tail(pd.Series(draws), samples=10)
    >>> bool(abs(fit.exponent - 2.5) < 3 * fit.standard_error)
    True
    """
    numbers = values.to_numpy(dtype=float)
    rising = np.sort(numbers[numbers > 0])
    if len(np.unique(rising)) < 2 * SHORTEST_TAIL:
        found, remedy = f"{len(np.unique(rising))} distinct positive values", "A tail needs more customers"
        raise InputError("The Pareto tail", [Problem("values", found, f"{remedy}; give at least {2 * SHORTEST_TAIL}")])
    exponent, minimum, distance, size = _fit(rising)
    rng = np.random.default_rng(seed)
    body = rising[rising < minimum]
    worse = 0
    for _ in range(samples):
        tail = rng.binomial(len(rising), size / len(rising)) if len(body) else len(rising)
        drawn = minimum * (1 - rng.random(tail)) ** (-1 / (exponent - 1))
        below = rng.choice(body, len(rising) - tail) if len(body) else body
        worse += _fit(np.sort(np.concatenate([below, drawn])))[2] >= distance
    return ParetoTail(
        exponent=exponent,
        standard_error=(exponent - 1) / np.sqrt(size).item(),
        minimum=minimum,
        customers=size,
        distance=distance,
        p_value=worse / samples if samples else float("nan"),
    )


def _fit(rising: np.ndarray) -> tuple[float, float, float, int]:
    """Exponent, beginning of the tail, distance and size of the tail with the smallest distance."""
    logs = np.log(rising)
    behind = np.concatenate([np.cumsum(logs[::-1])[::-1], [0.0]])
    firsts = np.flatnonzero(np.diff(rising, prepend=0) > 0)  # the first place of each distinct value
    firsts = firsts[len(rising) - firsts >= SHORTEST_TAIL]
    best = (np.nan, np.nan, np.inf, 0)
    for first in firsts[np.unique(np.linspace(0, len(firsts) - 1, CANDIDATES).astype(int))].tolist():
        size = len(rising) - first
        excess = behind[first] - size * logs[first]
        if excess <= 1e-12 * size:
            continue
        slope = size / excess
        expected = 1 - np.exp(-slope * (logs[first:] - logs[first]))
        steps = np.arange(size + 1) / size
        distance = float(np.maximum(np.abs(expected - steps[:-1]), np.abs(expected - steps[1:])).max())
        if distance < best[2]:
            best = (float(1 + slope), float(rising[first]), distance, size)
    return best
