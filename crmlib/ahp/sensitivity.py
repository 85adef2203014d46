"""One-at-a-time sensitivity to the weights of a tree, in closed form: what changes, and at exactly which weight."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.ahp.hierarchy import Criterion, Scaled, TreeWeights
from crmlib.ahp.standings import ROUNDING, Segments, node_scores, rounding
from crmlib.arguments import Each, checked
from crmlib.checks import SHARE, check_choice, refuse

__all__ = ["SegmentSensitivity", "WeightSensitivity", "segment_sensitivity", "weight_sensitivity"]


@dataclass(frozen=True)
class WeightSensitivity:
    """How the scores on one node, and the ranking by them, depend on each local weight in the tree.

    `score`: the node that ranks the customers; `scores`: its scores now; `slopes`: shape (customers,
    nodes), the change of a score for each unit of a node's local weight; `crossings`: one row for each
    weight between 0 and 1 at which two customers swap (`node`, `weight`, `leader`, the one ahead now,
    and `follower`); `intervals`: one row a node: its `weight` now, and `lower` and `upper`, strictly
    between which the ranking stays as it is, with who overtakes whom at each end (empty text at 0 or
    1 where nothing does).
    """

    score: str
    method: str
    table: str
    scores: pd.Series
    slopes: pd.DataFrame
    crossings: pd.DataFrame
    intervals: pd.DataFrame

    @checked("The weights")
    def scores_at(self, node: str, local_weights: Annotated[np.ndarray, Each(rule=SHARE)]) -> pd.DataFrame:
        """Scores when the node has each of these local weights: shape (customers, weights)."""
        refuse("The weights", check_choice("node", node, list(map(str, self.slopes))))
        change = np.asarray(local_weights, dtype=float) - float(self.intervals["weight"][node])
        values = self.scores.to_numpy()[:, None] + np.outer(self.slopes[node], change)
        return pd.DataFrame(values, index=self.scores.index, columns=local_weights)

    def to_frame(self) -> pd.DataFrame:
        """The stability interval of every node."""
        return self.intervals

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "score": self.score,
            "method": self.method,
            "table": self.table,
            "scores": self.scores.to_dict(),
            "slopes": self.slopes.to_dict(orient="index"),
            "crossings": self.crossings.to_dict(orient="records"),
            "intervals": self.intervals.to_dict(orient="index"),
        }


@checked("The sensitivity")
def weight_sensitivity(
    tree: Criterion, weights: TreeWeights, scaled: Scaled, score: str | None = None
) -> WeightSensitivity:
    """The exact weights at which the ranking of the customers changes, one local weight at a time.

    When a node's local weight moves from w₀ to w and its siblings share the rest in their present
    proportions, a score changes by ``(w − w₀)·G·(y − p)/(1 − w₀)``, where y and p are the customer's
    scores on the node and on its parent and G is the parent's share of the scored node. Scores are
    straight lines in w, so two customers swap where their lines cross [triantaphyllou1997]_. The root
    and only children have no weight to vary.

    Parameters
    ----------
    scaled
        Shape (customers, leaves), scaled so that more is better.
    score
        The node that ranks the customers; by default the root.

    Raises
    ------
    InputError
        If the node is unknown, a column is not a leaf, a customer occurs twice or a value is missing.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix, tree_weights
    >>> tree = Criterion("value", (Criterion("profit"), Criterion("volume")),
    ...                  judgement_matrix([[4]], ["profit", "volume"]))
    >>> scaled = pd.DataFrame({"profit": [1.0, -1.0], "volume": [-1.0, 2.0]}, index=["A", "B"])
    >>> found = weight_sensitivity(tree, tree_weights(tree), scaled)
    >>> found.to_frame().round(4)[["weight", "lower", "upper"]]
            weight  lower  upper
    profit     0.8    0.6    1.0
    volume     0.2    0.0    0.4
    >>> found.to_frame().loc["profit", ["lower_change", "upper_change"]].to_list()
    ['B overtakes A', '']
    """
    target = tree.name if score is None else score
    everything = node_scores(tree, weights, scaled, [target])
    slopes = _slopes(tree, weights, everything, target)
    now = weights.local_weights[slopes.columns]
    scores = everything[target]
    crossings = _swaps(scores, slopes, now)
    rows = {node: _ends(crossings[crossings["node"] == node], weight) for node, weight in now.items()}
    return WeightSensitivity(
        score=target,
        method=weights.method,
        table=weights.table,
        scores=scores,
        slopes=slopes,
        crossings=crossings,
        intervals=pd.DataFrame.from_dict(
            rows, orient="index", columns=["weight", "lower", "upper", "lower_change", "upper_change"]
        ),
    )


@dataclass(frozen=True)
class SegmentSensitivity:
    """How far each local weight may move before a customer changes segment.

    `intervals`: indexed by node and customer: the node's `weight` now, the customer's `segment`, and
    `lower` and `upper`, strictly between which the segment stays, with the segment beyond each end
    (empty text at 0 or 1 where it never changes).
    """

    segments: Segments
    method: str
    table: str
    intervals: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row for each node and customer."""
        return self.intervals

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        threshold = self.segments.threshold
        return {
            "nodes": list(self.segments.nodes),
            "threshold": threshold if isinstance(threshold, str) else dict(threshold),
            "line_is_high": self.segments.line_is_high,
            "method": self.method,
            "table": self.table,
            "intervals": self.intervals.reset_index().to_dict(orient="records"),
        }


@checked("The sensitivity")
def segment_sensitivity(
    tree: Criterion, weights: TreeWeights, scaled: Scaled, segments: Segments
) -> SegmentSensitivity:
    """The exact weights at which each customer changes segment, one local weight at a time.

    Scores move as in `weight_sensitivity`, and the lines between the segments with them: a mean is
    itself a straight line in the weight; a median can only be crossed where two customers swap, so it
    is looked at between all swaps (its cost grows with the cube of the number of customers).

    Parameters
    ----------
    scaled
        Shape (customers, leaves), scaled so that more is better.

    Raises
    ------
    InputError
        As `weight_sensitivity`, for the two nodes of the segments.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix, tree_weights
    >>> tree = Criterion("value", (Criterion("profit"), Criterion("volume")),
    ...                  judgement_matrix([[4]], ["profit", "volume"]))
    >>> scaled = pd.DataFrame({"profit": [1.0, -1.0], "volume": [-1.0, 2.0]}, index=["A", "B"])
    >>> names = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}
    >>> found = segment_sensitivity(tree, tree_weights(tree), scaled, Segments(("value", "volume"), names))
    >>> beyond = found.to_frame().round(4).loc["profit", ["segment", "lower", "lower_segment"]]
    >>> beyond.loc[["A"]].to_dict(orient="index")
    {'A': {'segment': 'harvest', 'lower': 0.6, 'lower_segment': 'leave'}}
    """
    everything = node_scores(tree, weights, scaled, segments.nodes)
    base = everything[list(segments.nodes)].to_numpy()
    slopes = np.stack([_slopes(tree, weights, everything, node).to_numpy() for node in segments.nodes], axis=-1)
    nodes = list(_parents(tree))
    present = segments.of(base)
    frames = []
    for position, node in enumerate(nodes):
        weight = float(weights.local_weights[node])
        cuts = _cuts(base, slopes[:, position], weight, segments)
        edges = np.concatenate([[0.0], cuts, [1.0]])
        middles = (edges[:-1] + edges[1:]) / 2
        between = segments.of(base + (middles - weight)[:, None, None] * slopes[:, position])
        changed = between != present
        below = changed & (edges[1:] <= weight)[:, None]
        above = changed & (edges[:-1] >= weight)[:, None]
        last, first = len(middles) - 1 - below[::-1].argmax(axis=0), above.argmax(axis=0)
        everyone = np.arange(len(scaled))
        frames.append(
            pd.DataFrame(
                {
                    "node": node,
                    "customer": scaled.index,
                    "weight": weight,
                    "segment": present,
                    "lower": np.where(below.any(axis=0), edges[last + 1], 0.0),
                    "upper": np.where(above.any(axis=0), edges[first], 1.0),
                    "lower_segment": np.where(below.any(axis=0), between[last, everyone], ""),
                    "upper_segment": np.where(above.any(axis=0), between[first, everyone], ""),
                }
            )
        )
    return SegmentSensitivity(
        segments=segments,
        method=weights.method,
        table=weights.table,
        intervals=pd.concat(frames, ignore_index=True).set_index(["node", "customer"]),
    )


def _parents(tree: Criterion) -> dict[str, Criterion]:
    """The parent of every node whose weight can vary: all but the root and only children."""
    parents = {child.name: node for node in tree.walk() if len(node.children) > 1 for child in node.children}
    return {node.name: parents[node.name] for node in tree.walk() if node.name in parents}


def _slopes(tree: Criterion, weights: TreeWeights, everything: pd.DataFrame, target: str) -> pd.DataFrame:
    """Change of each customer's score on `target` for each unit of each node's local weight."""
    parents = _parents(tree)
    inside = {node.name for top in tree.walk() if top.name == target for node in top.walk()}
    share = [
        weights.global_weights[parent.name] / weights.global_weights[target] if parent.name in inside else 0.0
        for parent in parents.values()
    ]
    rest = 1 - weights.local_weights[list(parents)].to_numpy()
    own = everything[list(parents)]
    over_parent = own - everything[[parent.name for parent in parents.values()]].to_numpy()
    return pd.DataFrame(over_parent * (np.array(share) / rest))


def _crossing_weights(gaps: np.ndarray, slopes: np.ndarray, now: np.ndarray | float, rounded: float) -> np.ndarray:
    """Where gap + (w − now)·slope is 0, for w strictly between 0 and 1; NaN where it is nowhere."""
    gaps = np.where(np.abs(gaps) <= rounded, 0.0, gaps)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where(np.abs(slopes) <= rounded, np.nan, now - gaps / slopes)
    inside = (weights > ROUNDING) & (weights < 1 - ROUNDING)  # lines that meet at an end only touch
    return np.where(inside, weights, np.nan)


def _swaps(scores: pd.Series, slopes: pd.DataFrame, now: pd.Series) -> pd.DataFrame:
    order = np.argsort(-scores.to_numpy(), kind="stable")
    ahead, behind = (order[positions] for positions in np.triu_indices(len(order), 1))
    values, steep = scores.to_numpy(), slopes.to_numpy()
    rounded = float(rounding(values, axis=0)[0])
    gaps = (values[ahead] - values[behind])[:, None]
    crossings = _crossing_weights(gaps, steep[ahead] - steep[behind], now.to_numpy(), rounded)
    node, pair = np.nonzero(~np.isnan(crossings.T))
    return (
        pd.DataFrame(
            {
                "position": node,
                "node": slopes.columns[node],
                "weight": crossings[pair, node],
                "leader": scores.index[ahead[pair]],
                "follower": scores.index[behind[pair]],
            }
        )
        .sort_values(["position", "weight"], kind="stable", ignore_index=True)
        .drop(columns="position")
    )


def _ends(crossings: pd.DataFrame, weight: float) -> tuple[float, float, float, str, str]:
    """The crossings nearest to the present weight on each side, and who overtakes whom there."""
    at = crossings["weight"]
    lower, upper = at[at <= weight].max(), at[at >= weight].min()
    changes = [
        "; ".join(
            f"{row.follower} overtakes {row.leader}" for row in crossings[(at - end).abs() <= ROUNDING].itertuples()
        )
        for end in (lower, upper)
    ]
    return weight, lower if changes[0] else 0.0, upper if changes[1] else 1.0, changes[0], changes[1]


def _cuts(base: np.ndarray, slopes: np.ndarray, weight: float, segments: Segments) -> np.ndarray:
    """Every weight strictly between 0 and 1 at which some customer may cross a line, in order."""
    if segments.threshold == "median":
        first, second = np.triu_indices(len(base), 1)
        gaps, steep = base[first] - base[second], slopes[first] - slopes[second]
    else:
        moves = slopes.mean(axis=0) if segments.threshold == "mean" else 0.0
        gaps, steep = base - segments.lines(base), slopes - moves
    rounded = float(rounding(base, axis=0).max())
    crossings = _crossing_weights(gaps, steep, weight, rounded)
    cuts = np.unique(np.where(np.abs(crossings - weight) <= ROUNDING, weight, crossings)[~np.isnan(crossings)])
    return np.asarray(cuts[np.diff(cuts, prepend=0) > ROUNDING])
