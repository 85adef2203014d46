"""Where customers stand: their scores on chosen nodes, their ranks, and the segments that two scores put them into."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd

from crmlib.ahp.hierarchy import Criterion, Scaled, TreeWeights, tree_scores
from crmlib.arguments import Each, checked
from crmlib.checks import check_choice, refuse
from crmlib.errors import InputError, Problem

__all__ = ["Segments", "node_scores", "ranks"]

#: Two scores closer than this share of the largest (or of 1, if that is more) are equal but for rounding error.
ROUNDING = 1e-12


@checked("The scores")
def ranks(scores: Annotated[np.ndarray, Each()]) -> np.ndarray:
    """Rank of every score within its row, 1 for the largest; equal scores share the better rank.

    Takes shape (..., customers), returns integers of the same shape. Scores that differ only by
    rounding error count as equal.

    Examples
    --------
    >>> ranks(np.array([0.2, 0.5, 0.1, 0.2])).tolist()
    [2, 1, 4, 2]
    """
    order = np.argsort(-scores, axis=-1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=-1)
    positions = np.arange(scores.shape[-1])
    starts = np.zeros(scores.shape, dtype=int)
    starts[..., 1:] = np.where(falling[..., :-1] - falling[..., 1:] > rounding(scores, axis=-1), positions[1:], 0)
    result = np.empty_like(starts)
    np.put_along_axis(result, order, np.maximum.accumulate(starts, axis=-1) + 1, axis=-1)
    return result


def rounding(scores: np.ndarray, axis: int) -> np.ndarray:
    """The largest difference along an axis that is rounding error; that axis keeps length 1."""
    return np.asarray(ROUNDING * np.maximum(np.abs(scores).max(axis=axis, keepdims=True), 1))


@checked("The scaled customers")
def node_scores(tree: Criterion, weights: TreeWeights, scaled: Scaled, wanted: Iterable[str]) -> pd.DataFrame:
    """`tree_scores`, after checking that the wanted nodes exist.

    Raises InputError that lists every bad place.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix, tree_weights
    >>> tree = Criterion("value", (Criterion("profit"), Criterion("volume")),
    ...                  judgement_matrix([[4]], ["profit", "volume"]))
    >>> scaled = pd.DataFrame({"profit": [1.0, -1.0], "volume": [-1.0, float("nan")]}, index=["A", "B"])
    >>> node_scores(tree, tree_weights(tree), scaled, ["value"])
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: The scaled customers cannot be used:
      - customer 'B', column 'volume': is missing. Fill it in, or leave it out.
    """
    nodes = [node.name for node in tree.walk()]
    refuse("The scaled customers", *(check_choice("node", name, nodes) for name in wanted))
    return tree_scores(tree, weights, scaled)


@checked("The segments")
@dataclass(frozen=True)
class Segments:
    """Four segments by two scores: the two nodes, the line across each, the name of each quadrant.

    The rule is that of `crmlib.matrix.value_matrix`: `threshold` is ``"mean"`` or ``"median"`` of the
    customers' scores, or the line of each node in the score's unit; a customer on a line (within
    rounding error) is high only if `line_is_high` is set. `names` is keyed by the levels of the two
    nodes: ``("high", "low")`` and so on; two quadrants may share a name.

    Raises
    ------
    InputError
        If a quadrant has no name, a node no line, or the threshold is unknown.

    Examples
    --------
    >>> names = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}
    >>> segments = Segments(("current", "potential"), names)
    >>> segments.of(np.array([[1.0, 5.0], [3.0, 2.0]])).tolist()
    ['grow', 'harvest']
    """

    nodes: tuple[str, str]
    names: Mapping[tuple[str, str], str]
    threshold: str | Mapping[str, float] = "mean"
    line_is_high: bool = False

    def __post_init__(self) -> None:
        problems = [Problem("names", f"none for {levels}", "Add it") for levels in _LEVELS if levels not in self.names]
        if len(self.nodes) != 2 or len(set(self.nodes)) != 2:
            problems.append(Problem("nodes", f"found {self.nodes}", "Name two different nodes"))
        if isinstance(self.threshold, str):
            problems += check_choice("threshold", self.threshold, _LINES)
        else:
            problems += [
                Problem("threshold", f"none for {node!r}", "Add it")
                for node in self.nodes
                if node not in self.threshold
            ]
        if problems:
            raise InputError("The segments", problems)

    @property
    def labels(self) -> list[str]:
        """The names of the segments, each once, the quadrant of two high scores first."""
        return list(dict.fromkeys(self.names[levels] for levels in _LEVELS))

    def lines(self, scores: np.ndarray) -> np.ndarray:
        """The two lines: shape (..., customers, 2) to (..., 1, 2)."""
        if isinstance(self.threshold, str):
            return np.asarray(_LINES[self.threshold](scores, axis=-2, keepdims=True))
        return np.array([[self.threshold[node] for node in self.nodes]], dtype=float)

    def positions(self, scores: np.ndarray) -> np.ndarray:
        """Position of every customer's segment in `labels`: shape (..., customers, 2) to (..., customers)."""
        lines = self.lines(scores)
        on_line = np.abs(scores - lines) <= rounding(scores, axis=-2)
        low = ~np.where(on_line, self.line_is_high, scores > lines)
        quadrant_to_label = np.array([self.labels.index(self.names[levels]) for levels in _LEVELS])
        return np.asarray(quadrant_to_label[2 * low[..., 0] + low[..., 1]])

    def of(self, scores: np.ndarray) -> np.ndarray:
        """Name of every customer's segment: shape (..., customers, 2) to (..., customers)."""
        return np.asarray(np.array(self.labels, dtype=object)[self.positions(scores)])


_LEVELS = [("high", "high"), ("high", "low"), ("low", "high"), ("low", "low")]
_LINES: dict[str, Callable[..., Any]] = {"mean": np.mean, "median": np.median}
