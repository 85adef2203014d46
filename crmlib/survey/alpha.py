"""Do the items of a scale measure one thing? Cronbach's alpha and the items' parts in it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Level, checked
from crmlib.errors import InputError, Problem
from crmlib.survey.answers import Scored

__all__ = ["Reliability", "reliability"]


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a scale; no units.

    `interval`: Feldt's, at `level`; `items`: one row an item with ``item_total`` (correlation with the sum of the
    others) and ``alpha_without`` (NaN if only one item would remain); `respondents`: the number the interval rests on;
    `missing`, `left_out`, `filled`: how missing answers were handled, see `crmlib.survey.Scored`.
    """

    alpha: float
    interval: tuple[float, float]
    level: float
    items: pd.DataFrame
    respondents: int
    missing: str
    left_out: tuple[object, ...]
    filled: int

    @property
    def suspects(self) -> list[str]:
        """Items that go against the others: perhaps reverse-coded and not declared so."""
        return [str(name) for name in self.items.index[self.items["item_total"] < 0]]

    def to_frame(self) -> pd.DataFrame:
        """One row an item."""
        return self.items

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "alpha": self.alpha,
            "interval": list(self.interval),
            "level": self.level,
            "items": self.items.to_dict(orient="index"),
            "respondents": self.respondents,
            "missing": self.missing,
            "left_out": list(self.left_out),
            "filled": self.filled,
        }


@checked("The scale")
def reliability(scored: Scored, level: Level = 0.95) -> Reliability:
    """Cronbach's alpha ``k/(k − 1)·(1 − Σ s_i² / s_total²)`` with Feldt's interval.

    The interval is ``1 − (1 − α)·F`` with the quantiles of F(n − 1, (n − 1)(k − 1)) [cronbach1951]_ [feldt1987]_.
    With pairwise scores, each covariance uses everybody who answered both items, and n is the smallest such number,
    so that the interval is rather too wide than too narrow.

    Parameters
    ----------
    scored
        The items of one scale, from `Answers.score`; reverse-coded ones turned round.
    level
        Confidence, such as 0.95.

    Raises
    ------
    InputError
        If there are fewer than two items or three respondents (of every pair of items, if pairwise), the respondents'
        sums do not differ, or the level is not within (0, 1).

    Examples
    --------
    >>> from crmlib.survey import check_answers
    >>> table = pd.DataFrame({"a": [1, 2, 4, 5], "b": [2, 2, 5, 4], "c": [1, 3, 4, 4]})
    >>> found = reliability(check_answers(table, ["a", "b", "c"], 1, 5).score(["a", "b", "c"]))
    >>> round(found.alpha, 3), [round(limit, 3) for limit in found.interval]
    (0.938, [0.593, 0.996])
    """
    frame = scored.frame
    answered = frame.notna().astype(int)
    respondents = int((answered.T @ answered).to_numpy().min())
    if problems := _problems(frame, respondents):
        raise InputError("The scale", problems)
    covariance = frame.cov().to_numpy()
    size = len(covariance)
    own, with_all, total = np.diag(covariance), covariance.sum(axis=1), covariance.sum()
    if total <= 1e-12 * own.sum():
        found = "the sums of their answers do not differ"
        raise InputError("The scale", [Problem("respondents", found, "Such a scale tells nobody apart; use another")])
    rest = total - 2 * with_all + own
    parts = np.sqrt(np.maximum(own * rest, 0))
    item_total = np.divide(with_all - own, parts, out=np.full(size, np.nan), where=parts > 0)
    without = np.full(size, np.nan)
    if size > 2:
        np.divide(own.sum() - own, rest, out=without, where=rest > 0)
        without = (size - 1) / (size - 2) * (1 - without)
    alpha = float(size / (size - 1) * (1 - own.sum() / total))
    feldt = scipy.stats.f(respondents - 1, (respondents - 1) * (size - 1))
    low, high = (float(1 - (1 - alpha) * feldt.ppf(tail)) for tail in ((1 + level) / 2, (1 - level) / 2))
    return Reliability(
        alpha=alpha,
        interval=(low, high),
        level=level,
        items=pd.DataFrame({"item_total": item_total, "alpha_without": without}, index=frame.columns),
        respondents=respondents,
        missing=scored.missing,
        left_out=scored.left_out,
        filled=scored.filled,
    )


def _problems(frame: pd.DataFrame, respondents: int) -> list[Problem]:
    problems = []
    if frame.shape[1] < 2:
        problems.append(Problem("items", f"found {frame.shape[1]}", "A scale has at least two"))
    if respondents < 3:
        problems.append(Problem("respondents", f"found {respondents} who answered", "Ask at least three"))
    return problems
