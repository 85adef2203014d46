"""How two groups differ, and how to look at many differences at once."""

from typing import Annotated

import numpy as np
import scipy

from crmlib.arguments import Each, Level, checked
from crmlib.checks import SHARE
from crmlib.errors import InputError, Problem

__all__ = ["cliffs_delta", "holm"]

_Numbers = Annotated[np.ndarray, Each()]


@checked("The p-values")
def holm(p_values: Annotated[np.ndarray, Each(rule=SHARE, empty=True)]) -> np.ndarray:
    """Holm's adjusted p-values [holm1979]_: the chance of any false find among all tests stays below the level.

    The i-th smallest of m becomes the largest ``(m − j + 1)·p₍ⱼ₎`` over j ≤ i, at most 1.

    Examples
    --------
    >>> holm(np.array([0.04, 0.01, 0.03])).tolist()
    [0.06, 0.03, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return adjusted


@checked("Cliff's delta")
def cliffs_delta(first: _Numbers, second: _Numbers, level: Level = 0.95) -> tuple[float, float, float]:
    """Cliff's delta with its interval: how much oftener the first group lies above the second than below it.

    ``δ = P(first > second) − P(first < second)``, from −1 to 1; (1 + δ)/2 is the area under the ROC curve. The
    interval is Cliff's asymmetric one, with the unbiased variance and Student's t [cliff1993]_. Where one group lies
    wholly above the other, the inner limit is ``(n − t²)/(n + t²)`` with the smaller group's n.

    Parameters
    ----------
    first, second
        Finite numbers, at least two each.

    Returns
    -------
    tuple
        Delta, and the lower and upper limit.

    Raises
    ------
    InputError
        Lists every value that is no finite number, a group of fewer than two, and a level that is not within (0, 1).

    Examples
    --------
    >>> delta, low, high = cliffs_delta(np.array([3, 4, 5, 6]), np.array([1, 2, 3, 4]))
    >>> round(delta, 4), round(low, 4), round(high, 4)
    (0.75, -0.064, 0.9647)
    """
    m, n = len(first), len(second)
    if problems := [
        Problem(group, f"found {size}", "Give at least two")
        for group, size in (("first", m), ("second", n))
        if size < 2
    ]:
        raise InputError("Cliff's delta", problems)
    t = scipy.stats.t.ppf((1 + level) / 2, m + n - 2)
    ordered, others = np.sort(second), np.sort(first)
    below, to = np.searchsorted(ordered, first, "left"), np.searchsorted(ordered, first, "right")
    rows = (below + to - n) / n
    columns = (m - np.searchsorted(others, second, "left") - np.searchsorted(others, second, "right")) / m
    delta = float(rows.mean())
    if abs(delta) == 1:
        inner = float((min(m, n) - t**2) / (min(m, n) + t**2))
        return (delta, inner, 1.0) if delta > 0 else (delta, -1.0, -inner)
    pairs = m * n - (to - below).sum() - m * n * delta**2
    spread = n**2 * ((rows - delta) ** 2).sum() + m**2 * ((columns - delta) ** 2).sum() - pairs
    variance = max(spread / (m * n * (m - 1) * (n - 1)), (1 - delta**2) / (m * n - 1))
    half = t * np.sqrt(variance * ((1 - delta**2) ** 2 + t**2 * variance))
    middle, scale = delta - delta**3, 1 - delta**2 + t**2 * variance
    return delta, float((middle - half) / scale), float((middle + half) / scale)
