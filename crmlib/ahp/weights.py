"""Priority weights of judgement matrices, under the names of their methods."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["METHODS", "column_sum", "eigenvector", "geometric_mean", "perron", "priority_weights", "row_sum"]


def perron(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Principal eigenvectors and eigenvalues of positive matrices, by power iteration over the whole batch.

    Parameters
    ----------
    matrices
        Shape (..., n, n), positive.

    Returns
    -------
    weights, lambda_max
        Shapes (..., n), each row summing to 1, and (...).

    Notes
    -----
    ``(Aw)_i / w_i`` encloses λmax for every positive w [collatz1942]_, so the iteration stops when
    the largest and the smallest of these ratios agree.

    Examples
    --------
    >>> weights, lambda_max = perron(np.array([[1, 4], [1 / 4, 1]]))
    >>> weights.round(4).tolist(), round(float(lambda_max), 4)
    ([0.8, 0.2], 2.0)
    """
    shape = matrices.shape
    n = shape[-1]
    # Entry-major layout: one contiguous vector over the batch for each entry of the matrix.
    entries = np.ascontiguousarray(np.moveaxis(matrices.reshape(-1, n, n), 0, -1))
    weights = np.exp(np.log(entries).mean(axis=1))
    weights /= weights.sum(axis=0)
    lambda_max = np.full(entries.shape[-1], float(n))
    active = np.arange(entries.shape[-1])
    current, vector = entries, weights
    for _ in range(10_000):
        image = np.einsum("ijb,jb->ib", current, vector)
        ratios = image / vector
        low, high = ratios.min(axis=0), ratios.max(axis=0)
        vector = image / image.sum(axis=0)
        done = high - low <= 1e-13 * high
        if done.any() or not active.size:
            finished = active[done]
            weights[:, finished], lambda_max[finished] = vector[:, done], (low + high)[done] / 2
            keep = ~done
            active = active[keep]
            if not active.size:
                break
            current, vector = current[..., keep], vector[:, keep]
    else:
        raise ArithmeticError(f"the power iteration did not converge for {active.size} matrices")
    return weights.T.reshape(shape[:-1]), lambda_max.reshape(shape[:-2])


def eigenvector(matrices: np.ndarray) -> np.ndarray:
    """Weights by the principal eigenvector: ``Aw = λmax w`` [saaty1980]_.

    Takes shape (..., n, n), returns (..., n); each row sums to 1.

    Examples
    --------
    >>> eigenvector(np.array([[1, 2], [1 / 2, 1]])).round(4).tolist()
    [0.6667, 0.3333]
    """
    return perron(matrices)[0]


def geometric_mean(matrices: np.ndarray) -> np.ndarray:
    """Weights by the geometric mean of the rows (方根法): ``w_i ∝ (Π_j a_ij)^(1/n)`` [crawford1985]_.

    Takes shape (..., n, n), returns (..., n); each row sums to 1.

    Examples
    --------
    >>> geometric_mean(np.array([[1, 2], [1 / 2, 1]])).round(4).tolist()
    [0.6667, 0.3333]
    """
    roots = np.exp(np.log(matrices).mean(axis=-1))
    return np.asarray(roots / roots.sum(axis=-1, keepdims=True))


def column_sum(matrices: np.ndarray) -> np.ndarray:
    """Weights by the mean of the normalised columns (和法): ``w_i = (1/n) Σ_j a_ij / Σ_k a_kj`` [saaty1980]_.

    Takes shape (..., n, n), returns (..., n); each row sums to 1.

    Examples
    --------
    >>> column_sum(np.array([[1, 2], [1 / 2, 1]])).round(4).tolist()
    [0.6667, 0.3333]
    """
    return np.asarray((matrices / matrices.sum(axis=-2, keepdims=True)).mean(axis=-1))


def row_sum(matrices: np.ndarray) -> np.ndarray:
    """Weights by the sums of the rows: ``w_i = Σ_j a_ij / Σ_k Σ_j a_kj`` [saaty1980]_.

    Takes shape (..., n, n), returns (..., n); each row sums to 1.

    Examples
    --------
    >>> row_sum(np.array([[1, 2], [1 / 2, 1]])).round(4).tolist()
    [0.6667, 0.3333]
    """
    sums = matrices.sum(axis=-1)
    return np.asarray(sums / sums.sum(axis=-1, keepdims=True))


METHODS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "eigenvector": eigenvector,
    "geometric_mean": geometric_mean,
    "column_sum": column_sum,
    "row_sum": row_sum,
}


def priority_weights(matrix: pd.DataFrame, method: str = "eigenvector") -> pd.Series:
    """Priority weights of one labelled judgement matrix.

    Parameters
    ----------
    matrix
        Shape (n, n), from `judgement_matrix`.
    method
        A key of `METHODS`: ``"eigenvector"``, ``"geometric_mean"``, ``"column_sum"`` or ``"row_sum"``.

    Returns
    -------
    pandas.Series
        One weight a criterion, no unit, summing to 1; its name is the method.

    Raises
    ------
    InputError
        If the method is unknown.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> priority_weights(judgement_matrix([[4]], ["repeat rate", "years"])).round(4).to_dict()
    {'repeat rate': 0.8, 'years': 0.2}
    """
    return pd.Series(weighting_method(method)(matrix.to_numpy(dtype=float)), index=matrix.index, name=method)


def weighting_method(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """The kernel of that name from `METHODS`, or an InputError that lists the names."""
    if name not in METHODS:
        raise InputError("The weighting method", [Problem("method", f"found {name!r}", f"Use {', '.join(METHODS)}")])
    return METHODS[name]
