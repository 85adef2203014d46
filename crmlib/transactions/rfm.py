"""RFM scores and segments: how recently, how often and for how much a customer bought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.arguments import Count, checked
from crmlib.checks import check_columns, check_labels, check_not_empty, check_numbers, floats, refuse
from crmlib.errors import InputError, Problem
from crmlib.transactions.summary import CustomerSummary

__all__ = ["RfmScores", "rfm_scores", "rfm_segments"]

_MEASURES = ("recency", "frequency", "monetary")
Cuts = Mapping[str, Sequence[float]]
Segments = Mapping[str, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True)
class RfmScores:
    """Scores from 1 (worst) up, one row a customer.

    `values` has the columns ``recency`` (time since the last purchase, in the summary's unit: less is better),
    ``frequency`` (days with a purchase) and ``monetary`` (amount of all of them); `scores` has the same columns.
    `method` is ``"quantiles"`` or ``"cuts"``; `nested` says whether frequency is scored within each score of recency,
    and monetary within each pair of the two. `highest` is the best score of each. Equal values always have equal
    scores.
    """

    method: str
    nested: bool
    highest: pd.Series
    values: pd.DataFrame
    scores: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Values, then scores, named ``r``, ``f`` and ``m``, and the three in one, such as 5-4-1, as ``rfm``."""
        scores = self.scores.set_axis(["r", "f", "m"], axis=1)
        text = scores.astype(str)
        return self.values.join(scores).assign(rfm=text["r"] + "-" + text["f"] + "-" + text["m"])

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "method": self.method,
            "nested": self.nested,
            "highest": self.highest.to_dict(),
            "values": self.values.to_dict("index"),
            "scores": self.scores.to_dict("index"),
        }


@checked("The RFM scores")
def rfm_scores(
    summary: CustomerSummary | pd.DataFrame, *, bins: Count = 5, cuts: Cuts | None = None, nested: bool = False
) -> RfmScores:
    """Score customers on recency, frequency and monetary value [hughes2005]_.

    By quantiles, a customer's score is 1 plus the share of customers who are strictly worse, times `bins`, rounded
    down: so equal values have equal scores, each bin holds the same number of customers unless values are equal,
    and the best of a table of one customer has score 1. By cuts, a score is 1 plus the number of cuts that the value
    is beyond: a value equal to a cut is not beyond it if more is better (frequency, monetary).

    Parameters
    ----------
    summary
        The answer of `customer_summary`, or its table: columns ``frequency``, ``recency``, ``T``, ``amount``.
    bins
        Scores of each measure, by quantiles.
    cuts
        Rising limits of ``recency`` (time since the last purchase), ``frequency`` (days with a purchase) and
        ``monetary`` (amount) instead of quantiles, such as ``{"recency": [4, 12], "frequency": [1, 3],
        "monetary": [100, 500]}``. A customer at a limit belongs to the bin below it, so 4 weeks ago is still the
        most recent bin.
    nested
        Score frequency within each score of recency and monetary value within each pair, by quantiles; else each by
        itself.

    Raises
    ------
    InputError
        If a column is missing or has no finite number, `bins` is no whole number of 1 or more, or cuts are
        incomplete, not rising, or nested.

    Examples
    --------
    >>> summary = pd.DataFrame(
    ...     {"frequency": [0, 3], "recency": [0.0, 9.0], "T": [10.0, 10.0], "amount": [20.0, 95.0]}, index=["A", "B"]
    ... )
    >>> rfm_scores(summary, bins=2).to_frame()["rfm"].to_dict()
    {'A': '1-1-1', 'B': '2-2-2'}
    """
    values = _values(summary.customers if isinstance(summary, CustomerSummary) else summary)
    if cuts is not None:
        limits = _limits(cuts, nested)
        scores = {name: np.searchsorted(limits[name], values[name].to_numpy(), side="left") + 1 for name in _MEASURES}
        scores["recency"] = len(limits["recency"]) + 2 - scores["recency"]
        highest = {name: len(limits[name]) + 1 for name in _MEASURES}
    else:
        highest, scores, group = dict.fromkeys(_MEASURES, bins), {}, np.zeros(len(values), dtype=np.int64)
        for name in _MEASURES:
            scores[name] = _quantile_scores(values[name] * (-1 if name == "recency" else 1), group, bins)
            group = group * bins + scores[name] - 1 if nested else group
    return RfmScores(
        method="quantiles" if cuts is None else "cuts",
        nested=nested,
        highest=pd.Series(highest),
        values=values,
        scores=pd.DataFrame(scores, index=values.index).astype("int64"),
    )


def _values(summary: pd.DataFrame) -> pd.DataFrame:
    needed = ("frequency", "recency", "T", "amount")
    refuse(
        "The RFM scores",
        check_not_empty("summary", summary),
        check_labels("customer", summary),
        check_columns(summary, needed),
        check_numbers("customer", summary[[name for name in needed if name in summary]]),
    )
    numbers = pd.DataFrame(floats(summary[list(needed)]), index=summary.index, columns=list(needed))
    return pd.DataFrame(
        {
            "recency": numbers["T"] - numbers["recency"],
            "frequency": numbers["frequency"] + 1,
            "monetary": numbers["amount"],
        }
    )


def _limits(cuts: Cuts, nested: bool) -> dict[str, np.ndarray]:
    problems = [] if not nested else [Problem("nested", "found cuts", "Nest quantiles only: cuts are the same for all")]
    for name in {**dict.fromkeys(_MEASURES), **dict.fromkeys(cuts)}:
        if name not in _MEASURES or name not in cuts:
            problems.append(Problem(f"cuts, {name!r}", "is missing" if name in _MEASURES else "is unknown",
                                    f"Give cuts of {', '.join(_MEASURES)}"))  # fmt: skip
        elif not np.isfinite(cuts[name]).all() or (np.diff(cuts[name]) <= 0).any():
            problems.append(Problem(f"cuts, {name!r}", f"found {list(cuts[name])}", "Give rising finite numbers"))
    if problems:
        raise InputError("The RFM scores", problems)
    return {name: np.asarray(cuts[name], dtype=float) for name in _MEASURES}


def _quantile_scores(values: pd.Series, group: np.ndarray, bins: int) -> np.ndarray:
    """Scores within each group: higher is better."""
    grouped = values.groupby(group)
    worse = grouped.rank(method="min").to_numpy().astype("int64") - 1
    scores: np.ndarray = 1 + worse * bins // grouped.transform("size").to_numpy()
    return scores


@checked("The RFM segments")
def rfm_segments(scores: RfmScores, segments: Segments) -> pd.Series:
    """Name each customer's segment: the first one declared whose ranges hold his scores.

    Parameters
    ----------
    segments
        For each name the lowest and highest score, both included, of the measures that matter to it, such as
        ``{"Champions": {"recency": (4, 5), "frequency": (4, 5)}, "Others": {}}``.

    Raises
    ------
    InputError
        If a measure is unknown, a range is not within the scores, or scores that customers can have belong to no
        segment.

    Examples
    --------
    >>> summary = pd.DataFrame(
    ...     {"frequency": [0, 3], "recency": [0.0, 9.0], "T": [10.0, 10.0], "amount": [20.0, 95.0]}, index=["A", "B"]
    ... )
    >>> rfm_segments(rfm_scores(summary, bins=2), {"Best": {"recency": (2, 2)}, "Others": {}}).to_dict()
    {'A': 'Others', 'B': 'Best'}
    """
    sizes = [int(scores.highest[name]) for name in _MEASURES]
    problems = list(_segment_problems(segments, scores.highest))
    if problems:
        raise InputError("The RFM segments", problems)
    names = list(segments)
    grid = np.full(sizes, -1)
    for position in reversed(range(len(names))):
        ranges = [segments[names[position]].get(name, (1, size)) for name, size in zip(_MEASURES, sizes, strict=True)]
        grid[tuple(slice(low - 1, high) for low, high in ranges)] = position
    if (grid < 0).any():
        free = ["-".join(str(score + 1) for score in place) for place in np.argwhere(grid < 0)]
        more = f" and {len(free) - 5} more" if len(free) > 5 else ""
        remedy = "Widen a range, or end with a segment without ranges"
        raise InputError("The RFM segments", [Problem(f"scores {', '.join(free[:5])}{more}", "belong to none", remedy)])
    places = grid[tuple(scores.scores[name].to_numpy() - 1 for name in _MEASURES)]
    return pd.Series(np.array(names, dtype=object)[places], index=scores.scores.index, name="segment", dtype="str")


def _segment_problems(segments: Segments, highest: pd.Series) -> Iterable[Problem]:
    if not segments:
        yield Problem("the segments", "there are none", "Declare at least one")
    for name, ranges in segments.items():
        for measure, limits in ranges.items():
            where = f"segment {name!r}, {measure!r}"
            if measure not in _MEASURES:
                yield Problem(where, "is no measure", f"Use {', '.join(_MEASURES)}")
            elif len(limits) != 2 or not 1 <= limits[0] <= limits[1] <= highest[measure]:
                yield Problem(where, f"found {limits!r}", f"Give two scores from 1 to {highest[measure]}")
