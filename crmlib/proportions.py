"""Shares of a whole that was sampled, with their intervals."""

from typing import Any

import numpy as np
import pandas as pd
import scipy

from crmlib.checks import LEVEL, check_numbers
from crmlib.errors import InputError, Problem

__all__ = ["wilson_interval"]


def wilson_interval(successes: Any, trials: Any, level: float = 0.95) -> pd.DataFrame:
    """Shares with Wilson's score interval.

    ``(p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``: it stays between 0 and 1 and is sound for small n
    and for shares of 0 and 1, where the textbook's p ± z·√(p(1 − p)/n) collapses [wilson1927]_ [newcombe1998]_.

    Parameters
    ----------
    successes, trials
        Counts: numbers, or Series with the same index.
    level
        Confidence, such as 0.95.

    Returns
    -------
    pandas.DataFrame
        ``share``, ``low``, ``high``, one row a count; of 0 trials all three are NaN.

    Raises
    ------
    InputError
        If a count is not a whole number, is negative, or exceeds its trials, or the level is not within (0, 1).

    Examples
    --------
    >>> wilson_interval(81, 263).round(4)
       share     low    high
    0  0.308  0.2553  0.3662
    """
    counts = pd.DataFrame({"successes": pd.Series(successes), "trials": pd.Series(trials)})
    counts = counts.apply(pd.to_numeric, errors="coerce").astype(float)
    if problems := _problems(counts, level):
        raise InputError("The counts", problems)
    x, n = counts["successes"], counts["trials"].where(counts["trials"] > 0)
    z = float(scipy.special.ndtri((1 + level) / 2))
    share = x / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # At 0 and at n the limits are 0 and 1; rounding must not push them out.
    return pd.DataFrame({"share": share, "low": (centre - half).clip(lower=0), "high": (centre + half).clip(upper=1)})


def _problems(counts: pd.DataFrame, level: float) -> list[Problem]:
    values = counts.to_numpy()
    whole = np.isfinite(values).all(axis=1) & (values == np.floor(values)).all(axis=1)
    bad = counts[~whole | (values[:, 0] < 0) | (values[:, 0] > values[:, 1])]
    problems = [
        Problem(
            f"row {name!r}", f"found {row.successes:g} of {row.trials:g}", "Count whole successes, at most the trials"
        )
        for name, row in bad.iterrows()
    ]
    return problems + check_numbers("level", level, LEVEL)
