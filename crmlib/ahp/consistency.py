"""How well a judgement matrix agrees with itself: λmax, CI and CR."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from crmlib.ahp.weights import perron
from crmlib.errors import InputError, Problem

__all__ = ["RANDOM_INDEX", "Consistency", "consistency", "consistency_ratio", "random_index"]

#: Mean consistency index of random matrices, by size from 1 upwards.
RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    "saaty1980": (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
}


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


def random_index(size: int, table: str = "saaty1980") -> float:
    """The random index RI of a table for matrices of a size.

    Raises InputError for an unknown table, and for a size the table does not reach.

    Examples
    --------
    >>> random_index(4), random_index(2)
    (0.9, 0.0)
    """
    if table not in RANDOM_INDEX:
        raise InputError(
            "The random-index table", [Problem("table", f"found {table!r}", f"Use {', '.join(RANDOM_INDEX)}")]
        )
    values = RANDOM_INDEX[table]
    if not 1 <= size <= len(values):
        raise InputError(
            "The judgement matrix",
            [
                Problem(
                    "its size", f"{size} criteria", f"Table {table} reaches from 1 to {len(values)}; split the level"
                )
            ],
        )
    return float(values[size - 1])


def consistency_ratio(matrices: np.ndarray, table: str = "saaty1980") -> np.ndarray:
    """CR of a batch of matrices, shape (..., n, n) to (...); see `consistency`.

    Examples
    --------
    >>> consistency_ratio(np.ones((2, 3, 3))).tolist()
    [0.0, 0.0]
    """
    size = matrices.shape[-1]
    index = random_index(size, table)
    if index == 0:
        return np.zeros(matrices.shape[:-2])
    return np.asarray(_consistency_index(perron(matrices)[1], size) / index)


def consistency(matrix: pd.DataFrame, table: str = "saaty1980") -> Consistency:
    """Consistency index and ratio of one judgement matrix.

    ``CI = (λmax − n) / (n − 1)`` and ``CR = CI / RI`` [saaty1980]_; one or two criteria cannot
    contradict each other, so their CR is 0.

    Parameters
    ----------
    matrix
        Shape (n, n), from `judgement_matrix`.
    table
        Key of `RANDOM_INDEX`; the tables differ, and so may the verdict.

    Raises
    ------
    InputError
        If the table is unknown or does not reach n.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> round(consistency(judgement_matrix([["1/2", "1/3"], ["1/2"]])).consistency_ratio, 4)
    0.0079
    """
    size = len(matrix)
    index = random_index(size, table)
    lambda_max = float(perron(matrix.to_numpy(dtype=float))[1])
    consistency_index = float(_consistency_index(lambda_max, size)) if size > 2 else 0.0
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
    return np.asarray(np.maximum(np.asarray(lambda_max) - size, 0) / (size - 1))
