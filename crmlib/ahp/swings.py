"""Tornado tables: what the same change of each weight does to a score, the largest effect first."""

from dataclasses import dataclass

import pandas as pd

from crmlib.ahp.hierarchy import Criterion, Scaled, TreeWeights
from crmlib.ahp.sensitivity import weight_sensitivity
from crmlib.arguments import Positive, checked
from crmlib.errors import InputError, Problem

__all__ = ["Tornado", "tornado"]


@dataclass(frozen=True)
class Tornado:
    """What a change of each weight does to one customer's score, or to its lead over another.

    `subject` says whose; `base`: the value now; `change`: how far each weight moves, as a share of
    itself if `relative`, else in units of weight; `bars`: one row a node, the largest swing first:
    `weight`, `low_weight` and `high_weight` (kept within 0 and 1), the values `low` and `high` there,
    and `swing`, how far apart these are.
    """

    subject: str
    score: str
    method: str
    table: str
    base: float
    change: float
    relative: bool
    bars: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a node, the largest swing first."""
        return self.bars

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "subject": self.subject,
            "score": self.score,
            "method": self.method,
            "table": self.table,
            "base": self.base,
            "change": self.change,
            "relative": self.relative,
            "bars": self.bars.to_dict(orient="index"),
        }


@checked("The tornado table")
def tornado(
    tree: Criterion,
    weights: TreeWeights,
    scaled: Scaled,
    customer: str | int,
    versus: str | int | None = None,
    *,
    change: Positive = 0.1,
    relative: bool = True,
    score: str | None = None,
) -> Tornado:
    """What each local weight, moved down and up by the same change, does to a customer's score.

    Siblings share the rest in their present proportions, as in `weight_sensitivity`.

    Parameters
    ----------
    scaled
        Shape (customers, leaves), scaled so that more is better.
    versus
        Another customer, to look at the lead over that one instead of the score.
    change
        Share of the weight if `relative` (0.1: 10 % of itself), else units of weight.
    score
        The node whose score it is; by default the root.

    Raises
    ------
    InputError
        As `weight_sensitivity`; also for an unknown customer and a change that is not positive.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix, tree_weights
    >>> tree = Criterion("value", (Criterion("profit"), Criterion("volume")),
    ...                  judgement_matrix([[4]], ["profit", "volume"]))
    >>> scaled = pd.DataFrame({"profit": [1.0, -1.0], "volume": [-1.0, 2.0]}, index=["A", "B"])
    >>> tornado(tree, tree_weights(tree), scaled, "A", versus="B").to_frame().round(4)[["low", "high", "swing"]]
            low  high  swing
    profit  0.6   1.4    0.8
    volume  1.1   0.9    0.2
    """
    compared = [customer] if versus is None else [customer, versus]
    problems = [
        Problem(
            f"customer {name!r}", "is not in the table", f"It holds {len(scaled)}, such as {scaled.index[:1].to_list()}"
        )
        for name in compared
        if name not in scaled.index
    ]
    if problems:
        raise InputError("The tornado table", problems)
    found = weight_sensitivity(tree, weights, scaled, score)
    base, slope = found.scores[customer], found.slopes.loc[customer]
    if versus is not None:
        base, slope = base - found.scores[versus], slope - found.slopes.loc[versus]
    now = found.intervals["weight"]
    step = change * now if relative else change
    bars = pd.DataFrame({"weight": now, "low_weight": (now - step).clip(0, 1), "high_weight": (now + step).clip(0, 1)})
    bars["low"] = base + (bars["low_weight"] - now) * slope
    bars["high"] = base + (bars["high_weight"] - now) * slope
    bars["swing"] = (bars["high"] - bars["low"]).abs()
    return Tornado(
        subject=str(customer) if versus is None else f"{customer} minus {versus}",
        score=found.score,
        method=weights.method,
        table=weights.table,
        base=float(base),
        change=change,
        relative=relative,
        bars=bars.sort_values("swing", ascending=False, kind="stable"),
    )
