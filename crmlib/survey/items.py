"""One item at a time: how it was answered, and how much it matters."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Count, Level, checked
from crmlib.errors import InputError, Problem
from crmlib.proportions import wilson_interval
from crmlib.survey.answers import Answers

__all__ = ["answer_shares", "derived_importance", "item_statistics"]


@checked("The items")
def item_statistics(answers: Answers, *, top: Count = 2, level: Level = 0.95) -> pd.DataFrame:
    """Statistics of each item over those who answered it.

    Parameters
    ----------
    answers
        Checked answers.
    top
        How many of the highest points count as satisfied: 2 for "agree" and "strongly agree" (top-two box).
    level
        Confidence of the interval of the top-box share (Wilson's).

    Returns
    -------
    pandas.DataFrame
        One row an item: ``answered``, ``missing``, ``mean``, ``sd`` (n − 1), ``median``, all in scale points, and
        ``top_box``, ``top_box_low``, ``top_box_high``, shares of those who answered.

    Raises
    ------
    InputError
        If `top` leaves no point below it, or the level is not within (0, 1).

    Examples
    --------
    >>> from crmlib.survey import check_answers
    >>> answers = check_answers(pd.DataFrame({"prompt": [5, 4, 2, None]}), ["prompt"], 1, 5)
    >>> item_statistics(answers).loc["prompt", ["answered", "mean", "top_box"]].round(3).to_dict()
    {'answered': 3.0, 'mean': 3.667, 'top_box': 0.667}
    """
    if not top < len(answers.points):
        found = f"found {top!r} of {len(answers.points)} points"
        raise InputError("The top box", [Problem("top", found, "Count some of the points, not all")])
    frame = answers.frame
    boxed = wilson_interval((frame > answers.highest - top).sum(), frame.notna().sum(), level)
    return answers.to_frame()[["answered", "missing"]].assign(
        mean=frame.mean(),
        sd=frame.std(),
        median=frame.median(),
        top_box=boxed["share"],
        top_box_low=boxed["low"],
        top_box_high=boxed["high"],
    )


@checked("The items")
def answer_shares(answers: Answers) -> pd.DataFrame:
    """Share of each point of the scale among those who answered: shape (items, points), rows summing to 1.

    Examples
    --------
    >>> from crmlib.survey import check_answers
    >>> answer_shares(check_answers(pd.DataFrame({"prompt": [3, 3, 2, None]}), ["prompt"], 1, 3)).round(3)
              1      2      3
    prompt  0.0  0.333  0.667
    """
    counts = pd.DataFrame({point: (answers.frame == point).sum() for point in answers.points})
    return counts.div(counts.sum(axis=1), axis=0)


@checked("The overall judgement")
def derived_importance(answers: Answers, overall: Hashable) -> pd.Series:
    """How closely each item goes with the overall judgement: Spearman's rank correlation, pairs with both answered.

    What people say is important (stated) and what moves their judgement (derived) may differ; nobody calls a low
    price unimportant. It is an association: it does not show that a better item would raise the judgement.

    Parameters
    ----------
    answers
        Checked answers, the overall judgement among them.
    overall
        The item that judges everything together.

    Returns
    -------
    pandas.Series
        By item, without `overall`; NaN for an item that everybody answered alike.

    Raises
    ------
    InputError
        If `overall` is not an item.

    Examples
    --------
    >>> from crmlib.survey import check_answers
    >>> table = pd.DataFrame({"prompt": [1, 2, 4, 5], "cheap": [3, 5, 4, 4], "overall": [2, 2, 4, 5]})
    >>> derived_importance(check_answers(table, list(table), 1, 5), "overall").round(3).to_dict()
    {'prompt': 0.949, 'cheap': 0.0}
    """
    if overall not in answers.frame:
        remedy = f"The items are {', '.join(map(str, answers.frame))}"
        raise InputError("The overall judgement", [Problem(repr(overall), "is not an item", remedy)])
    items = answers.frame.drop(columns=overall)
    return pd.Series({name: _spearman(column, answers.frame[overall]) for name, column in items.items()})


def _spearman(first: pd.Series, second: pd.Series) -> float:
    both = first.notna() & second.notna()
    ranks = np.array([scipy.stats.rankdata(first[both]), scipy.stats.rankdata(second[both])])
    if not len(ranks[0]) or (np.ptp(ranks, axis=1) == 0).any():
        return float("nan")
    return float(np.corrcoef(ranks)[0, 1])
