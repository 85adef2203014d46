"""The value matrix: two scores, one line across each, four quadrants."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Count, Each, Seed, checked
from crmlib.checks import check_choice, check_choices, check_labels, refuse, shown
from crmlib.errors import InputError, Problem

__all__ = ["PLACES", "THRESHOLDS", "ValueMatrix", "possible_scores", "value_matrix"]

#: The places of the quadrants, by the levels of the two scores, in the order in which they are always shown.
PLACES = (("high", "high"), ("high", "low"), ("low", "high"), ("low", "low"))

#: Named ways to place the line between low and high.
THRESHOLDS = ("mean", "median")


_SEGMENTS = {"low": 0, "between": 1, "high": 2}  # and how many scores lie above the mean


@dataclass(frozen=True)
class ValueMatrix:
    """Customers in the quadrants of two scores.

    `table`: the scores, ``low``/``high`` for each (columns ``<score>_level``), the quadrant, and
    whether a score lies on its line; `thresholds`: the line of each score, in the score's unit;
    `rule`: how the lines were chosen; `line_is_high`: what a customer on a line counts as; `quadrants`:
    the name of the quadrant at each of `PLACES`, also of an empty one; two may have the same name.
    """

    table: pd.DataFrame
    thresholds: pd.Series
    rule: str
    line_is_high: bool
    quadrants: dict[tuple[str, str], str]

    def at(self, place: tuple[str, str]) -> pd.DataFrame:
        """The customers at one of `PLACES`, whatever their quadrant is called; an InputError for another place."""
        if place not in PLACES:
            raise InputError("The value matrix", [Problem("place", f"found {shown(place)}", f"Use one of {PLACES}")])
        levels = self.table[[f"{name}_level" for name in self.thresholds.index]]
        return self.table[(levels == list(place)).all(axis=1)]

    def to_frame(self) -> pd.DataFrame:
        """One row a customer."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.table.to_dict(orient="index"),
            "thresholds": self.thresholds.to_dict(),
            "rule": self.rule,
            "line_is_high": self.line_is_high,
            "quadrants": {" ".join(place): name for place, name in self.quadrants.items()},
        }


@checked("The value matrix")
def value_matrix(
    scores: Annotated[pd.DataFrame, Each("customer", column="score")],
    quadrants: Mapping[tuple[str, str], str],
    threshold: str | Mapping[str, float] = "mean",
    *,
    line_is_high: bool = False,
) -> ValueMatrix:
    """Put each customer into one of four quadrants.

    Parameters
    ----------
    scores
        Shape (customers, 2); more is better.
    quadrants
        Name of each quadrant, keyed by the two levels: ``("high", "low")`` and so on.
    threshold
        ``"mean"`` or ``"median"`` of each score, or the two lines themselves by column.
    line_is_high
        A customer is high when above the line; on it (within rounding error) only if this is set.

    Raises
    ------
    InputError
        If there are not two scores, a score is no finite number, a customer is named twice, or the threshold or
        quadrants are incomplete.

    Examples
    --------
    >>> from crmlib.grids import GRIDS
    >>> scores = pd.DataFrame({"current": [1.0, 3.0], "potential": [5.0, 2.0]}, index=["A", "B"])
    >>> value_matrix(scores, GRIDS["current_potential"].quadrants).table["quadrant"].to_dict()
    {'A': 'Grow', 'B': 'Secure'}
    """
    count = scores.shape[1]
    refuse(
        "The value matrix",
        [] if count == 2 else [Problem("scores", f"found {count} columns", "Give exactly two")],
        _threshold_problems(scores, threshold),
        [Problem("quadrants", f"none for {place}", "Name it") for place in PLACES if place not in quadrants],
    )
    if isinstance(threshold, str):
        lines, rule = scores.agg(threshold), threshold
    else:
        lines, rule = pd.Series({name: float(threshold[name]) for name in map(str, scores)}), "given"
    values = scores.to_numpy(dtype=float)
    on_line = np.abs(values - lines.to_numpy()) <= 1e-12 * np.maximum(np.abs(values).max(axis=0), 1)
    high = np.where(on_line, line_is_high, values > lines.to_numpy())
    levels = np.where(high, "high", "low")
    table = scores.copy()
    for position, name in enumerate(scores):
        table[f"{name}_level"] = levels[:, position]
    table["quadrant"] = [quadrants[first, second] for first, second in levels.tolist()]
    table["on_line"] = on_line.any(axis=1)
    names = {place: quadrants[place] for place in PLACES}
    return ValueMatrix(table=table, thresholds=lines, rule=rule, line_is_high=line_is_high, quadrants=names)


def _threshold_problems(scores: pd.DataFrame, threshold: str | Mapping[str, float]) -> list[Problem]:
    if isinstance(threshold, str):
        return check_choice("threshold", threshold, THRESHOLDS)
    return [Problem("threshold", f"none for {name!r}", "Add it") for name in map(str, scores) if name not in threshold]


@checked("The possible scores")
def possible_scores(
    segments: pd.Series, shares: Annotated[pd.DataFrame, Each("indicator")], draws: Count, seed: Seed
) -> dict[str, np.ndarray]:
    """Draw data at random and keep the scores that put the customers into the given segments.

    Data that nobody printed can still be reasoned about: what holds in every drawn table may hold in
    general, and what holds in some only cannot be concluded from the segments.

    Parameters
    ----------
    segments
        ``"high"`` (both scores above the mean), ``"low"`` (both below) or ``"between"``, by customer.
    shares
        Shape (indicators, 2): the indicators' weights within each score.
    draws
        Tables of independent normal indicators to try; about as many as needed times 20 for 7 customers.
    seed
        Seed of `numpy.random.default_rng`.

    Returns
    -------
    dict
        Scores by name of the score, each of shape (kept tables, customers), z-score units.

    Raises
    ------
    InputError
        Lists customers named twice or in an unknown segment, and shares that are no numbers; also fewer than two
        customers.

    Examples
    --------
    >>> shares = pd.DataFrame({"current": [1.0, 0.0], "potential": [0.0, 1.0]})
    >>> scores = possible_scores(pd.Series({"A": "high", "B": "low"}), shares, draws=50, seed=1)
    >>> bool((scores["current"][:, 0] > scores["current"][:, 1]).all())
    True
    """
    size = len(segments)
    refuse(
        "The possible scores",
        check_labels("customer", segments),
        check_choices("segment of", segments, _SEGMENTS),
        [] if size > 1 else [Problem("segments", f"found {size}", "Give at least two customers")],
    )
    data = np.random.default_rng(seed).standard_normal((draws, size, len(shares)))
    data = (data - data.mean(axis=1, keepdims=True)) / data.std(axis=1, ddof=1, keepdims=True)
    scores = data @ shares.to_numpy(dtype=float)
    levels = (scores > 0).sum(axis=2)
    wanted = segments.map(_SEGMENTS).to_numpy()
    # Rows of random data are exchangeable: a table with the right number in each segment becomes, with its rows
    # put in order, a table with the right customers in each segment.
    kept = (np.sort(levels, axis=1) == np.sort(wanted)).all(axis=1)
    order = np.argsort(levels[kept], axis=1, kind="stable")[:, np.argsort(np.argsort(wanted, kind="stable"))]
    chosen = np.take_along_axis(scores[kept], order[:, :, None], axis=1)
    return {str(name): chosen[:, :, position] for position, name in enumerate(shares)}
