"""Monte Carlo over all judgements of a tree: how sure the ranks, the segments and the weights are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.ahp.hierarchy import Criterion, Scaled, TreeWeights
from crmlib.ahp.inconsistency import consistency_ratio
from crmlib.ahp.standings import Segments, node_scores, ranks
from crmlib.ahp.weights import weighting_method
from crmlib.arguments import Count, Level, NotNegative, Positive, Seed, checked
from crmlib.errors import InputError, Problem

__all__ = ["Simulation", "simulate_judgements"]

#: How far Saaty's scale reaches on each side of 1, in steps.
_SCALE_END = 8


@dataclass(frozen=True)
class Simulation:
    """Ranks, segments and weights over many draws of the judgements; probabilities and weights have no unit.

    `draws`: how many were drawn; `kept_share`: the share of them whose matrices all have a CR of at
    most `largest_cr` (1 if there is no limit), from which all else is computed; `rank_probabilities`:
    shape (customers, ranks); `segment_probabilities`: shape (customers, segments), without columns if
    no segments were declared; `weight_intervals`: for each leaf its global `weight` now, the `mean`
    over the draws, and `lower` and `upper`, between which the middle `coverage` of the draws lies.
    """

    method: str
    table: str
    seed: int
    draws: int
    spread: float
    largest_cr: float | None
    kept_share: float
    coverage: float
    rank_probabilities: pd.DataFrame
    segment_probabilities: pd.DataFrame
    weight_intervals: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a customer: the probability of every rank and of every segment."""
        return pd.concat({"rank": self.rank_probabilities, "segment": self.segment_probabilities}, axis=1)

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "method": self.method,
            "table": self.table,
            "seed": self.seed,
            "draws": self.draws,
            "spread": self.spread,
            "largest_cr": self.largest_cr,
            "kept_share": self.kept_share,
            "coverage": self.coverage,
            "rank_probabilities": self.rank_probabilities.to_dict(orient="index"),
            "segment_probabilities": self.segment_probabilities.to_dict(orient="index"),
            "weight_intervals": self.weight_intervals.to_dict(orient="index"),
        }


@checked("The simulation")
def simulate_judgements(
    tree: Criterion,
    weights: TreeWeights,
    scaled: Scaled,
    *,
    seed: Seed,
    draws: Count = 10_000,
    spread: Positive = 1.0,
    largest_cr: NotNegative | None = None,
    segments: Segments | None = None,
    coverage: Level = 0.95,
) -> Simulation:
    """Perturb every judgement of the tree many times over, and count the ranks and segments that follow.

    Each judgement above the diagonal moves along Saaty's scale …, 1/3, 1/2, 1, 2, 3, …, counted in
    steps, by an amount drawn from the symmetric triangular distribution on [−spread, spread],
    independently of the others; it stays continuous, and stops at the end of the scale (1/9 or 9, or
    the judgement itself where that lies beyond). With a spread of 1, a judgement of 4 becomes
    something between 3 and 5, and 1 something between 1/2 and 2. The shares of ranks are rank
    acceptabilities [lahdelma2001]_; simulation of an AHP by perturbed judgements is that of
    [hauser1996]_.

    Parameters
    ----------
    weights
        Of the tree as it is; its method and its table of random indices are used for every draw.
    scaled
        Shape (customers, leaves), scaled so that more is better.
    seed
        Of `numpy.random.default_rng`; the draws do not depend on the customers.
    spread
        Half-width of the triangle, in steps of the scale.
    largest_cr
        Keep only the draws in which no matrix of the tree has a larger consistency ratio.
    coverage
        Share of the draws that each interval of a weight covers.

    Raises
    ------
    InputError
        If a number is out of its range, the tree has no judgements, no draw is kept, or the customers
        cannot be used (see `tree_scores`).

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix, tree_weights
    >>> tree = Criterion("value", (Criterion("profit"), Criterion("volume")),
    ...                  judgement_matrix([[2]], ["profit", "volume"]))
    >>> scaled = pd.DataFrame({"profit": [1.0, 0.0], "volume": [0.0, 1.0]}, index=["A", "B"])
    >>> found = simulate_judgements(tree, tree_weights(tree), scaled, seed=1, spread=2)
    >>> found.rank_probabilities.round(2).to_dict(orient="index")
    {'A': {1: 0.87, 2: 0.13}, 'B': {1: 0.13, 2: 0.87}}
    """
    if all(node.judgements is None for node in tree.walk()):
        remedy = "There is nothing to perturb: judge the children"
        raise InputError("The simulation", [Problem(tree.name, "no node has judgements", remedy)])
    everything = node_scores(tree, weights, scaled, segments.nodes if segments else ())
    local_weights, ratios = _drawn(tree, weights, draws, spread, seed, with_ratios=largest_cr is not None)
    kept = np.ones(draws, dtype=bool) if largest_cr is None else (ratios <= largest_cr)
    if not kept.any():
        raise InputError(
            "The simulation",
            [Problem("largest_cr", f"no draw has every CR up to {largest_cr}", "Raise it, or draw with less spread")],
        )
    global_weights = {tree.name: np.ones(int(kept.sum()))}
    for node in tree.walk():
        for child in node.children:
            global_weights[child.name] = global_weights[node.name] * local_weights[child.name][kept]
    root = _scores(tree, global_weights, scaled)
    chances = pd.DataFrame(index=everything.index)
    if segments:
        by_name = {node.name: node for node in tree.walk()}
        pair = np.stack([_scores(by_name[name], global_weights, scaled) for name in segments.nodes], axis=-1)
        chances = _shares(segments.positions(pair), scaled.index, segments.labels)
    leaves = np.stack([global_weights[leaf] for leaf in tree.leaves], axis=-1)
    lower, upper = np.quantile(leaves, [(1 - coverage) / 2, (1 + coverage) / 2], axis=0)
    return Simulation(
        method=weights.method,
        table=weights.table,
        seed=seed,
        draws=draws,
        spread=spread,
        largest_cr=largest_cr,
        kept_share=float(kept.mean()),
        coverage=coverage,
        rank_probabilities=_shares(ranks(root) - 1, scaled.index, range(1, len(scaled) + 1)),
        segment_probabilities=chances,
        weight_intervals=pd.DataFrame(
            {"weight": weights.leaf_weights, "mean": leaves.mean(axis=0), "lower": lower, "upper": upper}
        ),
    )


def _drawn(
    tree: Criterion, weights: TreeWeights, draws: int, spread: float, seed: int, *, with_ratios: bool
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Local weights of every node in every draw, and the largest CR of every draw if asked for (else 0)."""
    local_weights = {child.name: np.ones(draws) for node in tree.walk() for child in node.children}
    largest = np.zeros(draws)
    for nodes, matrices in _matrices(tree, draws, spread, np.random.default_rng(seed)):
        drawn = weighting_method(weights.method)(matrices)
        for position, node in enumerate(nodes):
            local_weights.update(zip((child.name for child in node.children), drawn[:, position].T, strict=True))
        if with_ratios:
            largest = np.maximum(largest, consistency_ratio(matrices, weights.table).max(axis=1))
    return local_weights, largest


def _matrices(
    tree: Criterion, draws: int, spread: float, generator: np.random.Generator
) -> Iterator[tuple[list[Criterion], np.ndarray]]:
    """The nodes with equally many children, and their drawn matrices: shape (draws, nodes, n, n)."""
    judged = [(node, node.judgements.to_numpy(dtype=float)) for node in tree.walk() if node.judgements is not None]
    for size in sorted({len(matrix) for _, matrix in judged}):
        upper = np.triu_indices(size, 1)
        now = np.stack([_steps(matrix[upper]) for _, matrix in judged if len(matrix) == size])
        end = np.maximum(np.abs(now), _SCALE_END)
        moved = np.clip(now + generator.triangular(-spread, 0, spread, (draws, *now.shape)), -end, end)
        matrices = np.ones((*moved.shape[:-1], size, size))
        matrices[..., upper[0], upper[1]] = _judgements(moved)
        matrices[..., upper[1], upper[0]] = _judgements(-moved)
        yield [node for node, matrix in judged if len(matrix) == size], matrices


def _steps(judgements: np.ndarray) -> np.ndarray:
    """Places on Saaty's scale counted from 1: 3 is 2 steps up, 1/3 is 2 steps down."""
    return np.asarray(np.where(judgements >= 1, judgements - 1, 1 - 1 / judgements))


def _judgements(steps: np.ndarray) -> np.ndarray:
    """The inverse of `_steps`."""
    distance = 1 + np.abs(steps)
    return np.asarray(np.where(steps >= 0, distance, 1 / distance))


def _scores(node: Criterion, global_weights: dict[str, np.ndarray], scaled: pd.DataFrame) -> np.ndarray:
    """Scores of the customers on a node in every draw: shape (draws, customers)."""
    shares = np.stack([global_weights[leaf] / global_weights[node.name] for leaf in node.leaves], axis=-1)
    return np.asarray(shares @ scaled[list(node.leaves)].to_numpy(dtype=float).T)


def _shares(positions: np.ndarray, customers: pd.Index, columns: Iterable[object]) -> pd.DataFrame:
    """How often each customer is at each position: shape (draws, customers) to (customers, columns)."""
    draws, size = positions.shape
    width = len(labels := list(columns))
    counts = np.bincount((positions + width * np.arange(size)).ravel(), minlength=size * width)
    return pd.DataFrame(counts.reshape(size, width) / draws, index=customers, columns=labels)
