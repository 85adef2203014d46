"""How well a judgement matrix agrees with itself: λmax, CI, CR and GCI."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from crmlib.ahp.judgements import Judgements, named_judgements
from crmlib.ahp.random_indices import random_index
from crmlib.ahp.weights import complete_judgements, geometric_mean, perron, weighting_method
from crmlib.errors import InputError, Problem

__all__ = [
    "Consistency",
    "Priorities",
    "consistency",
    "consistency_ratio",
    "geometric_consistency_index",
    "geometric_consistency_limit",
    "hierarchy_consistency_ratio",
    "priorities",
    "weights_and_consistency_ratio",
]


@dataclass(frozen=True)
class Consistency:
    """Consistency of one matrix; no units."""

    size: int
    lambda_max: float
    consistency_index: float
    random_index: float
    consistency_ratio: float
    table: str

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return asdict(self)


@dataclass(frozen=True)
class Priorities:
    """Weights and consistency of one matrix; no units."""

    method: str
    weights: pd.Series
    consistency: Consistency

    def to_frame(self) -> pd.DataFrame:
        """One row a criterion, one column named after the method."""
        return self.weights.to_frame()

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "method": self.method,
            "weights": self.weights.to_dict(),
            "consistency": self.consistency.to_dict(),
        }


def priorities(matrix: Judgements, method: str = "eigenvector", table: str = "saaty1980") -> Priorities:
    """Weights and consistency of one judgement matrix in one step.

    The same as `priority_weights` and `consistency`, which also raise the errors.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> result = priorities(judgement_matrix([["1/2", "1/3"], ["1/2"]], ["size", "orders", "volume"]))
    >>> result.weights.round(4).to_dict(), round(result.consistency.consistency_ratio, 4)
    ({'size': 0.1634, 'orders': 0.297, 'volume': 0.5396}, 0.0079)
    """
    kernel = weighting_method(method)
    matrix = named_judgements(matrix)
    entries = complete_judgements(matrix)
    vector, lambda_max = perron(entries)
    weights = vector if method == "eigenvector" else kernel(entries)
    return Priorities(
        method=method,
        weights=pd.Series(weights, index=matrix.index, name=method, copy=False),
        consistency=_consistency(len(entries), float(lambda_max), table),
    )


def weights_and_consistency_ratio(
    matrices: np.ndarray, method: str = "eigenvector", table: str = "saaty1980"
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and CR of a batch of matrices, shape (..., n, n) to (..., n) and (...).

    Raises InputError for an unknown method or table, and for a size the table does not reach.

    Examples
    --------
    >>> weights, ratios = weights_and_consistency_ratio(np.ones((2, 3, 3)))
    >>> weights.round(4).tolist(), ratios.tolist()
    ([[0.3333, 0.3333, 0.3333], [0.3333, 0.3333, 0.3333]], [0.0, 0.0])
    """
    kernel = weighting_method(method)
    size = matrices.shape[-1]
    index = random_index(size, table)
    vectors, lambda_max = perron(matrices)
    weights = vectors if method == "eigenvector" else kernel(matrices)
    return weights, _consistency_index(lambda_max, size) / index if index else np.zeros(matrices.shape[:-2])


def consistency_ratio(matrices: np.ndarray | pd.DataFrame, table: str = "saaty1980") -> np.ndarray:
    """CR of one judgement matrix or of a batch, shape (..., n, n) to (...); see `consistency`.

    Examples
    --------
    >>> consistency_ratio(np.ones((2, 3, 3))).tolist()
    [0.0, 0.0]
    """
    return weights_and_consistency_ratio(np.asarray(matrices, dtype=float), table=table)[1]


def consistency(matrix: Judgements, table: str = "saaty1980") -> Consistency:
    """Consistency index and ratio of one judgement matrix.

    ``CI = (λmax − n) / (n − 1)`` and ``CR = CI / RI`` [saaty1980]_; one or two criteria cannot
    contradict each other, so their CR is 0.

    Parameters
    ----------
    matrix
        Shape (n, n), from `judgement_matrix`, or such rows.
    table
        Key of `RANDOM_INDEX`; the tables differ, and so may the verdict.

    Raises
    ------
    InputError
        If the table is unknown or does not reach n, or the matrix has gaps or entries that are not positive.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> round(consistency(judgement_matrix([["1/2", "1/3"], ["1/2"]])).consistency_ratio, 4)
    0.0079
    """
    entries = complete_judgements(named_judgements(matrix))
    return _consistency(len(entries), float(perron(entries)[1]), table)


def _consistency(size: int, lambda_max: float, table: str) -> Consistency:
    index = random_index(size, table)
    consistency_index = float(_consistency_index(lambda_max, size))
    return Consistency(
        size=size,
        lambda_max=lambda_max if size > 2 else float(size),
        consistency_index=consistency_index,
        random_index=index,
        consistency_ratio=consistency_index / index if index else 0.0,
        table=table,
    )


def _consistency_index(lambda_max: np.ndarray | float, size: int) -> np.ndarray:
    # λmax ≥ n holds exactly for reciprocal matrices; the bound removes rounding noise below 0.
    return np.maximum(lambda_max - size, 0) / (size - 1) if size > 2 else np.zeros_like(lambda_max)


def geometric_consistency_index(matrices: np.ndarray) -> np.ndarray:
    """GCI, the consistency index that belongs to the geometric mean; shape (..., n, n) to (...).

    ``GCI = 2 / ((n − 1)(n − 2)) Σ_{i<j} log²(a_ij w_j / w_i)`` with the weights of `geometric_mean`
    [aguaron2003]_; 0 for one or two criteria. Compare it with `geometric_consistency_limit`.

    Examples
    --------
    >>> geometric_consistency_index(np.array([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])).round(12).tolist()
    0.0
    """
    size = matrices.shape[-1]
    if size < 3:
        return np.zeros(matrices.shape[:-2])
    weights = geometric_mean(matrices)
    errors = np.log(matrices * (weights[..., None, :] / weights[..., :, None]))
    return np.asarray((errors**2).sum(axis=(-2, -1)) / ((size - 1) * (size - 2)))  # each pair counts twice


def geometric_consistency_limit(size: int) -> float:
    """The GCI that corresponds to CR = 0.1 for a size: 0.31, 0.35, 0.37 for 3, 4, 5 and more [aguaron2003]_.

    Examples
    --------
    >>> [geometric_consistency_limit(size) for size in (3, 4, 5, 9)]
    [0.31, 0.35, 0.37, 0.37]
    """
    return {3: 0.31, 4: 0.35}.get(size, 0.37)


def hierarchy_consistency_ratio(checks: pd.DataFrame, node_weights: pd.Series) -> float:
    """Consistency ratio of a whole hierarchy: the nodes' CI by their RI, both weighted by the nodes' priorities.

    ``CRH = Σ_k w_k CI_k / Σ_k w_k RI_k`` over the compared nodes, the goal with priority 1 [saaty1980]_;
    0 when no node compares three or more.

    Parameters
    ----------
    checks
        One row a compared node, columns ``consistency_index`` and ``random_index``: `TreeWeights.consistency`.
    node_weights
        Global weight of each of these nodes (others are ignored): `TreeWeights.global_weights`.

    Raises
    ------
    InputError
        Lists the nodes that have no weight.

    Examples
    --------
    >>> checks = pd.DataFrame({"consistency_index": [0.029, 0.0], "random_index": [0.58, 0.9]}, ["goal", "cost"])
    >>> round(hierarchy_consistency_ratio(checks, pd.Series({"goal": 1.0, "cost": 0.5})), 4)
    0.0282
    """
    if missing := [node for node in checks.index if node not in node_weights.index]:
        raise InputError(
            "The hierarchy", [Problem(str(node), "has no weight", "Give its global weight") for node in missing]
        )
    weights = node_weights[checks.index].to_numpy(dtype=float)
    random = float(weights @ checks["random_index"].to_numpy(dtype=float))
    return float(weights @ checks["consistency_index"].to_numpy(dtype=float)) / random if random else 0.0
