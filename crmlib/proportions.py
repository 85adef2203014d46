"""Shares of a whole that was sampled, with their intervals."""

from typing import Annotated

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Each, Level, checked
from crmlib.checks import shown, whole_from
from crmlib.errors import InputError, Problem

__all__ = ["wilson_interval"]

_Counts = Annotated[int, whole_from(0)] | Annotated[pd.Series, Each(rule=whole_from(0), empty=True)]


@checked("The counts")
def wilson_interval(successes: _Counts, trials: _Counts, level: Level = 0.95) -> pd.DataFrame:
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
    too_many = counts[~(counts["successes"] <= counts["trials"])]
    if problems := [
        Problem(f"row {shown(row)}", f"found {x:g} of {n:g}", "Count successes among the trials, by the same labels")
        for row, x, n in too_many.itertuples()
    ]:
        raise InputError("The counts", problems)
    x, n = counts["successes"], counts["trials"].where(counts["trials"] > 0)
    z = float(scipy.special.ndtri((1 + level) / 2))
    share = x / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # At 0 and at n the limits are 0 and 1; rounding must not push them out.
    return pd.DataFrame({"share": share, "low": (centre - half).clip(lower=0), "high": (centre + half).clip(upper=1)})
