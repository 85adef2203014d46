"""Weights when some judgements are missing: completion to the smallest λmax, least squares, Harker."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.ahp.inconsistency import Consistency, consistency
from crmlib.ahp.judgements import judgement_matrix
from crmlib.checks import refuse
from crmlib.errors import InputError, Problem

__all__ = [
    "INCOMPLETE_METHODS",
    "IncompleteWeights",
    "complete_lambda_max",
    "components",
    "harker",
    "incomplete_log_least_squares",
    "incomplete_weights",
]


@dataclass(frozen=True)
class IncompleteWeights:
    """Weights of one incomplete judgement matrix; no units.

    `weights` sum to 1; `completed`: the matrix with its gaps filled, shape (n, n); `filled`: one row a
    gap, with ``criterion``, ``against`` and the ``judgement`` that the method puts there; `consistency`:
    of the completed matrix.
    """

    method: str
    weights: pd.Series
    completed: pd.DataFrame
    filled: pd.DataFrame
    consistency: Consistency

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "method": self.method,
            "weights": self.weights.to_dict(),
            "filled": self.filled.to_dict(orient="records"),
            "consistency": self.consistency.to_dict(),
        }


def incomplete_log_least_squares(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights that fit the known judgements best in logarithms [bozoki2010]_.

    They minimise ``Σ (log a_ij − log w_i + log w_j)²`` over the known pairs, which is a linear system in
    the Laplacian of the comparison graph; without gaps they are the geometric mean's. A gap is filled
    with ``w_i / w_j``.

    Parameters
    ----------
    matrix
        Shape (n, n), reciprocal, NaN where a judgement is missing; its comparison graph connected.

    Returns
    -------
    weights, completed
        Shapes (n,), summing to 1, and (n, n).

    Examples
    --------
    >>> weights, completed = incomplete_log_least_squares(np.array([[1, 2, np.nan], [1 / 2, 1, 3], [np.nan, 1 / 3, 1]]))
    >>> weights.round(4).tolist(), round(float(completed[0, 2]), 4)
    ([0.6, 0.3, 0.1], 6.0)
    """
    known = ~np.isnan(matrix)
    laplacian = np.diag(known.sum(axis=1)) - known
    logarithms = np.where(known, np.log(matrix), 0).sum(axis=1)
    # The first weight is free up to scale: fix its logarithm at 0 and solve for the others.
    weights = np.exp(np.concatenate([[0.0], np.linalg.solve(laplacian[1:, 1:], logarithms[1:])]))
    weights /= weights.sum()
    return weights, _filled_with_ratios(matrix, weights)


def harker(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights by the principal eigenvector of the matrix of known judgements [harker1987]_.

    A gap counts 0 and each one adds 1 to its row's diagonal. That gives the eigenvector of the matrix
    whose gaps are filled with the ratio ``w_i / w_j`` of that very eigenvector, and the same λmax.

    Parameters and returns as for `incomplete_log_least_squares`.

    Examples
    --------
    >>> weights, _ = harker(np.array([[1, 2, np.nan], [1 / 2, 1, 3], [np.nan, 1 / 3, 1]]))
    >>> weights.round(4).tolist()
    [0.6, 0.3, 0.1]
    """
    missing = np.isnan(matrix)
    weights = _principal(np.where(missing, 0, matrix) + np.diag(missing.sum(axis=1)))[1]
    weights /= weights.sum()
    return weights, _filled_with_ratios(matrix, weights)


def complete_lambda_max(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the completion with the smallest λmax, hence the smallest CR [bozoki2010]_.

    λmax is convex in the logarithms of the gaps and its minimum is unique when the comparison graph is
    connected. Newton's method finds it from the log-least-squares completion, usually in 3 to 6 steps.

    Parameters and returns as for `incomplete_log_least_squares`.

    Raises
    ------
    ArithmeticError
        If 100 steps do not reach the minimum.

    Examples
    --------
    >>> _, completed = complete_lambda_max(np.array([[1, 2, np.nan], [1 / 2, 1, 3], [np.nan, 1 / 3, 1]]))
    >>> round(float(completed[0, 2]), 4)
    6.0
    """
    gaps = np.nonzero(np.triu(np.isnan(matrix)))
    completed = incomplete_log_least_squares(matrix)[1]
    lambda_max, right, left = _principal(completed)
    for _ in range(100):
        step = _newton_step(completed, lambda_max, right, left, gaps)
        largest_step = np.abs(step).max(initial=0)
        while True:
            trial = _scale_gaps(completed, np.exp(step), gaps)
            trial_lambda, right, left = _principal(trial)
            if trial_lambda <= lambda_max * (1 + 1e-13):
                break
            step /= 2
        completed, lambda_max = trial, trial_lambda
        if largest_step < 1e-7:  # convergence is quadratic: the step just made leaves an error near 1e-14
            return right / right.sum(), completed
    raise ArithmeticError("Newton's method did not reach the smallest λmax")


def _newton_step(
    completed: np.ndarray, lambda_max: float, right: np.ndarray, left: np.ndarray, gaps: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Newton step of λmax in the logarithms of the gaps.

    With yᵀw = 1, gradient ``yᵀA_k w`` and Hessian ``yᵀA_kl w + yᵀA_k S A_l w + yᵀA_l S A_k w``, where A_k is
    the derivative of the matrix by gap k and S the group inverse of λI − A.
    """
    i, j = gaps
    k = np.arange(len(i))
    left = left / (left @ right)
    forth, back = completed[i, j], completed[j, i]
    to_right, to_left = np.zeros((2, len(k), len(completed)))  # A_k w and yᵀA_k, a row a gap
    to_right[k, i], to_right[k, j] = forth * right[j], -back * right[i]
    to_left[k, j], to_left[k, i] = forth * left[i], -back * left[j]
    projection = np.outer(right, left)
    inverse = np.linalg.inv(lambda_max * np.eye(len(completed)) - completed + projection) - projection
    mixed = to_left @ inverse @ to_right.T
    gradient = left[i] * forth * right[j] - left[j] * back * right[i]
    curvature = left[i] * forth * right[j] + left[j] * back * right[i]
    return np.asarray(-np.linalg.solve(mixed + mixed.T + np.diag(curvature), gradient))


def _scale_gaps(completed: np.ndarray, factors: np.ndarray, gaps: tuple[np.ndarray, ...]) -> np.ndarray:
    scaled = completed.copy()
    scaled[gaps] *= factors
    scaled[gaps[::-1]] /= factors
    return scaled


INCOMPLETE_METHODS: dict[str, Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]] = {
    "complete_lambda_max": complete_lambda_max,
    "incomplete_log_least_squares": incomplete_log_least_squares,
    "harker": harker,
}


def incomplete_weights(
    matrix: pd.DataFrame, method: str = "complete_lambda_max", table: str = "saaty1980"
) -> IncompleteWeights:
    """Weights, filled gaps and consistency of one judgement matrix with missing judgements.

    Parameters
    ----------
    matrix
        Shape (n, n), criteria on both axes, reciprocal; a missing judgement is NaN. One given in one
        direction only counts in both.
    method
        A key of `INCOMPLETE_METHODS`: ``"complete_lambda_max"``, ``"incomplete_log_least_squares"`` or
        ``"harker"``.
    table
        Random-index table of the CR. The tables are made for complete matrices, so with many gaps this
        CR is lenient [agoston2022]_.

    Raises
    ------
    InputError
        If the method is unknown; if a judgement is unusable or not reciprocal (every such pair is named);
        if the judgements do not connect all criteria (the components are named).

    Examples
    --------
    >>> judgements = pd.DataFrame([[1, 2, None], [1 / 2, 1, 3], [None, 1 / 3, 1]], list("abc"), list("abc"))
    >>> incomplete_weights(judgements).filled.round(4).to_dict("records")
    [{'criterion': 'a', 'against': 'c', 'judgement': 6.0}]
    """
    if method not in INCOMPLETE_METHODS:
        raise InputError(
            "The weighting method", [Problem("method", f"found {method!r}", f"Use {', '.join(INCOMPLETE_METHODS)}")]
        )
    judgements = _read(matrix)
    weights, completed = INCOMPLETE_METHODS[method](judgements)
    labelled = pd.DataFrame(completed, index=matrix.index, columns=matrix.columns)
    rows, columns = np.nonzero(np.triu(np.isnan(judgements)))
    return IncompleteWeights(
        method=method,
        weights=pd.Series(weights, index=matrix.index, name=method),
        completed=labelled,
        filled=pd.DataFrame(
            {
                "criterion": matrix.index[rows],
                "against": matrix.columns[columns],
                "judgement": completed[rows, columns],
            }
        ),
        consistency=consistency(labelled, table),
    )


def _principal(matrix: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Largest eigenvalue with its right and left eigenvectors, both positive."""
    values, left, right = scipy.linalg.eig(matrix, left=True, right=True, check_finite=False)
    largest = np.argmax(values.real)
    return float(values[largest].real), np.abs(right[:, largest].real), np.abs(left[:, largest].real)


def _filled_with_ratios(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(matrix), weights[:, None] / weights, matrix)


def _read(matrix: pd.DataFrame) -> np.ndarray:
    checked = judgement_matrix(matrix, largest=None, incomplete=True)
    parts = components(checked)
    refuse(
        "The judgement matrix",
        [
            Problem(
                f"component {number}: {', '.join(part)}",
                "no judgement compares any of these criteria with the others",
                "Add at least one",
            )
            for number, part in enumerate(parts if len(parts) > 1 else [], start=1)
        ],
    )
    return checked.to_numpy()


def components(matrix: pd.DataFrame) -> list[list[str]]:
    """The criteria in parts that judgements connect: one part if weights can be found.

    Examples
    --------
    >>> components(pd.DataFrame([[1, 2, None], [0.5, 1, None], [None, None, 1]], list("abc"), list("abc")))
    [['a', 'b'], ['c']]
    """
    labels = list(matrix.index)
    count, part = scipy.sparse.csgraph.connected_components(matrix.notna().to_numpy(), directed=False)
    return [[label for label, own in zip(labels, part, strict=True) if own == number] for number in range(count)]
