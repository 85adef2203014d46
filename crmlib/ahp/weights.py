"""Priority weights of judgement matrices, under the names of their methods."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from crmlib.ahp.judgements import Judgements, named_judgements
from crmlib.checks import check_choice, refuse
from crmlib.errors import InputError, Problem

__all__ = [
    "METHODS",
    "column_sum",
    "complete_judgements",
    "eigenvector",
    "geometric_mean",
    "perron",
    "priority_weights",
    "row_sum",
    "weighting_method",
]


def perron(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Principal eigenvectors and eigenvalues of positive matrices, for a whole batch at once.

    Parameters
    ----------
    matrices
        Shape (..., n, n), positive; judgements between 1e-15 and 1e15.

    Returns
    -------
    weights, lambda_max
        Shapes (..., n), each row summing to 1, and (...).

    Raises
    ------
    ArithmeticError
        If an entry is not positive, or too extreme for the iteration.

    Notes
    -----
    Power iteration with the matrix raised to the 64th, 128th, ... power by repeated squaring.
    ``(Aw)_i / w_i`` encloses λmax for every positive w [collatz1942]_, so a matrix is done when the
    largest and the smallest of these ratios agree.

    Examples
    --------
    >>> weights, lambda_max = perron(np.array([[1, 4], [1 / 4, 1]]))
    >>> weights.round(4).tolist(), round(float(lambda_max), 4)
    ([0.8, 0.2], 2.0)
    """
    if matrices.ndim == 2:
        return _perron_one(matrices)
    n = matrices.shape[-1]
    batch = matrices.reshape(-1, n, n)
    if len(batch) <= _BLOCK:
        vectors, lambda_max = _perron_block(batch)
    else:
        blocks = [_perron_block(batch[start : start + _BLOCK]) for start in range(0, len(batch), _BLOCK)]
        vectors, lambda_max = (np.concatenate(parts, axis=-1) for parts in zip(*blocks, strict=True))
    return vectors.T.reshape(matrices.shape[:-1]), lambda_max.reshape(matrices.shape[:-2])


_BLOCK = 1024  # matrices that are worked on together; small enough for the processor's cache
_SQUARINGS = 6  # before the first check: the 64th power, applied twice, is enough for all but a few matrices
_AGREEMENT = 1e-13  # of the two bounds of λmax, relative
_ROUNDS = 60  # 2^60 steps separate every pair of eigenvalues that floats can tell apart


def _perron_one(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same as `_perron_block` for one matrix, without its bookkeeping: half the time for a small matrix."""
    scale = np.exp(np.log(matrix).sum(axis=1) / len(matrix))
    scaled = matrix * (scale / scale[:, None])
    power = scaled
    for squaring in range(_SQUARINGS):
        power = _squared(power) if squaring % 3 == 0 else power @ power
    for round_ in range(1, _ROUNDS + 1):
        vector = power @ power.sum(axis=1)
        image = scaled @ vector
        ratios = image / vector
        low, high = ratios.min(), ratios.max()
        if high - low <= round_**2 * _AGREEMENT * high:  # squaring adds rounding
            weights = image * scale
            return weights / weights.sum(), (low + high) / 2
        power = _squared(power)
    raise ArithmeticError("the power iteration did not converge for 1 matrix")


def _perron_block(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvectors as columns, shape (n, batch), and eigenvalues of a batch of shape (batch, n, n)."""
    n = matrices.shape[-1]
    # Divided by the geometric means, a consistent matrix is all ones, and ones are close to every eigenvector.
    scale = np.exp(np.log(matrices).sum(axis=2) / n)
    scaled = matrices * (scale[:, None, :] / scale[:, :, None])
    power = scaled
    for squaring in range(_SQUARINGS):
        power = _squared(power) if squaring % 3 == 0 else power @ power
    vector = np.ones((n, len(matrices)))
    vectors, lambda_max = np.empty_like(vector), np.empty(len(matrices))
    active: slice | np.ndarray = slice(None)
    for round_ in range(1, _ROUNDS + 1):
        vector = np.einsum("bij,jb->ib", power, np.einsum("bij,jb->ib", power, vector))
        image = np.einsum("bij,jb->ib", scaled, vector)
        ratios = image / vector
        low, high = ratios.min(axis=0), ratios.max(axis=0)
        done = high - low <= round_**2 * _AGREEMENT * high  # squaring adds rounding
        vectors[:, active], lambda_max[active] = image, (low + high) / 2
        if done.all():
            vectors *= scale.T
            return vectors / vectors.sum(axis=0), lambda_max
        active = np.arange(len(matrices))[active][~done]
        power, scaled, vector = _squared(power[~done]), scaled[~done], vector[:, ~done]
        vector = vector / vector.sum(axis=0)
    raise ArithmeticError(f"the power iteration did not converge for {len(scaled)} matrices")


def _squared(matrices: np.ndarray) -> np.ndarray:
    """Squares of the matrices after division by their largest entries, which keeps repeated squares in range."""
    small = matrices / matrices.max(axis=(-2, -1), keepdims=True)
    return np.asarray(small @ small)


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


def priority_weights(matrix: Judgements, method: str = "eigenvector") -> pd.Series:
    """Priority weights of one labelled judgement matrix.

    Parameters
    ----------
    matrix
        Shape (n, n), from `judgement_matrix`, or such rows.
    method
        A key of `METHODS`: ``"eigenvector"``, ``"geometric_mean"``, ``"column_sum"`` or ``"row_sum"``.

    Returns
    -------
    pandas.Series
        One weight a criterion, no unit, summing to 1; its name is the method.

    Raises
    ------
    InputError
        If the method is unknown, or the matrix has gaps or entries that are not positive.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> priority_weights(judgement_matrix([[4]], ["repeat rate", "years"])).round(4).to_dict()
    {'repeat rate': 0.8, 'years': 0.2}
    """
    matrix = named_judgements(matrix)
    return pd.Series(weighting_method(method)(complete_judgements(matrix)), index=matrix.index, name=method)


def weighting_method(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """The kernel of that name from `METHODS`, or an InputError that lists the names."""
    refuse("The weighting method", check_choice("method", name, METHODS))
    return METHODS[name]


def complete_judgements(matrix: pd.DataFrame) -> np.ndarray:
    """The entries of a judgement matrix, shape (n, n), or an InputError that names every gap.

    Examples
    --------
    >>> complete_judgements(pd.DataFrame([[1, 4], [0.25, 1]])).tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    entries: np.ndarray = matrix.to_numpy(dtype=float)
    if not entries.size or not entries.min() > 0:  # also catches NaN
        raise InputError(
            "The judgement matrix",
            [
                Problem(
                    f"{matrix.index[i]} against {matrix.columns[j]} (row {i + 1}, column {j + 1})",
                    "the judgement is missing" if np.isnan(entries[i, j]) else f"found {entries[i, j]:g}",
                    "Judge the pair or complete the matrix first",
                )
                for i, j in np.argwhere(~(entries > 0))
            ]
            or [Problem("its shape", f"found {entries.shape}", "Give at least one criterion")],
        )
    return entries
