"""Which judgement contradicts the others most, and what value would repair it.

λmax is convex in the logarithm of a judgement while the others stay, so each has one best value,
and between that and what was judged CR only falls. With three criteria CR depends on a_12 a_23 / a_13 alone:
the same factor at any of the three judgements does the same, so none can be called the wrong one.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.ahp.inconsistency import consistency, consistency_ratio
from crmlib.ahp.weights import complete_judgements, perron
from crmlib.errors import InputError, Problem

__all__ = ["Repair", "repair_suggestion"]

_HALVINGS = 50  # of an interval of logarithms; what is left is rounding
_SAME = 1e-6  # closer than this, two CR or two changes are a tie: the rest is rounding, and nobody judges so finely


@dataclass(frozen=True)
class Repair:
    """What changing one judgement can do for the consistency of a matrix; no units.

    `candidates` has one row a pair (index: criterion, against), the pair that helps most first (pairs that tie in the
    order of the matrix), with columns

    - ``judgement``: as given;
    - ``best_value``, ``best_consistency_ratio``: the value with the smallest CR, the other judgements fixed;
    - ``scale_value``, ``scale_consistency_ratio``: the judgement on the scale nearest to it by ratio;
    - ``enough_value``, ``enough_change``, ``enough_consistency_ratio``: the value nearest to the judgement that
      brings CR down to the limit, its distance ``|log(value / judgement)|``, and the CR there; NaN if
      changing this pair alone cannot do it, and the judgement itself if nothing needs to change.
    """

    table: str
    limit: float
    consistency_ratio: float
    candidates: pd.DataFrame

    @property
    def worst_pairs(self) -> list[tuple[str, str]]:
        """The pairs whose change reduces CR most; several if they tie, and with three criteria always all."""
        return self._least("best_consistency_ratio")

    @property
    def worst_pair(self) -> tuple[str, str] | None:
        """The pair whose change reduces CR most; None if several tie."""
        return _only(self.worst_pairs)

    @property
    def smallest_changes(self) -> list[tuple[str, str]]:
        """The pairs that reach the limit with the least change; several if they tie, none if no single pair can."""
        return self._least("enough_change")

    @property
    def smallest_change(self) -> tuple[str, str] | None:
        """The pair that reaches the limit with the least change; None if several tie, or no single pair can."""
        return _only(self.smallest_changes)

    def _least(self, column: str) -> list[tuple[str, str]]:
        steps = _steps(self.candidates[column])
        return [(first, second) for first, second in steps.index[steps == 0]]

    def to_frame(self) -> pd.DataFrame:
        """The candidates."""
        return self.candidates

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "table": self.table,
            "limit": self.limit,
            "consistency_ratio": self.consistency_ratio,
            "candidates": self.candidates.reset_index().to_dict(orient="records"),
        }


def _steps(values: pd.Series) -> pd.Series:
    """How far each value is above the least, in steps within which two values are a tie."""
    return values.sub(values.min()).div(_SAME).round()


def _only(pairs: list[tuple[str, str]]) -> tuple[str, str] | None:
    return pairs[0] if len(pairs) == 1 else None


def repair_suggestion(
    matrix: pd.DataFrame, *, limit: float = 0.1, table: str = "saaty1980", largest: int = 9
) -> Repair:
    """For every judgement: the value that would make the matrix most consistent, and the least change that is enough.

    With right and left eigenvectors w and v, λmax is smallest in a_ij where
    ``a_ij² = (w_i v_j) / (w_j v_i)`` [harker1987derivatives]_.

    Parameters
    ----------
    matrix
        Shape (n, n), n ≥ 3, from `judgement_matrix`.
    limit
        CR to reach.
    table
        Key of `RANDOM_INDEX`.
    largest
        End of the scale 1/largest, …, 1/2, 1, 2, …, largest for ``scale_value``.

    Raises
    ------
    InputError
        If there are fewer than three criteria, which cannot contradict each other, or the matrix has gaps.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> names = ["price", "service", "brand", "advice"]
    >>> repair = repair_suggestion(judgement_matrix([[2, "1/4", 8], [2, 4], [2]], names))
    >>> repair.worst_pair
    ('price', 'brand')
    >>> repair.candidates.loc[repair.worst_pair, ["best_value", "best_consistency_ratio"]].round(4).tolist()
    [4.0, 0.0]

    Among three criteria no pair stands out:

    >>> repair = repair_suggestion(judgement_matrix([[2, "1/4"], [2]], names[:3]))
    >>> repair.worst_pair, repair.smallest_change, len(repair.smallest_changes)
    (None, None, 3)
    """
    entries = complete_judgements(matrix)
    now = consistency(matrix, table)
    n = len(entries)
    if n < 3:
        raise InputError(
            "The judgement matrix", [Problem("its size", f"{n} criteria", "Only three or more contradict")]
        )
    rows, columns = np.triu_indices(n, 1)
    given = np.log(entries[rows, columns])
    best = _best(entries, rows, columns)
    scale = np.log([*(1 / k for k in range(largest, 1, -1)), *range(1, largest + 1)])
    on_scale = scale[np.abs(best[:, None] - scale).argmin(axis=1)]
    enough = _enough(entries, rows, columns, best, limit, table)

    def ratio(values: np.ndarray) -> np.ndarray:
        return consistency_ratio(_changed(entries, rows, columns, values), table)

    candidates = pd.DataFrame(
        {
            "judgement": np.exp(given),
            "best_value": np.exp(best),
            "best_consistency_ratio": ratio(best),
            "scale_value": np.exp(on_scale),
            "scale_consistency_ratio": ratio(on_scale),
            "enough_value": np.exp(enough),
            "enough_change": np.abs(enough - given),
            "enough_consistency_ratio": np.where(np.isnan(enough), np.nan, ratio(np.nan_to_num(enough))),
        },
        index=pd.MultiIndex.from_arrays([matrix.index[rows], matrix.index[columns]], names=["criterion", "against"]),
    )
    return Repair(
        table=table,
        limit=limit,
        consistency_ratio=now.consistency_ratio,
        candidates=candidates.sort_values("best_consistency_ratio", key=_steps, kind="stable"),
    )


def _changed(entries: np.ndarray, rows: np.ndarray, columns: np.ndarray, values: np.ndarray) -> np.ndarray:
    """One copy of the matrix for each pair, with that judgement replaced by exp(value)."""
    copies = np.repeat(entries[None], len(rows), axis=0)
    pair = np.arange(len(rows))
    copies[pair, rows, columns], copies[pair, columns, rows] = np.exp(values), np.exp(-values)
    return copies


def _best(entries: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Logarithm of the judgement of every pair that minimises λmax."""
    # The minimum lies between the smallest and the largest of the indirect judgements a_ik a_kj.
    logs = np.log(entries)
    indirect = logs[rows] + logs[:, columns].T
    pair = np.arange(len(rows))
    indirect[pair, rows] = indirect[pair, columns] = np.nan
    low, high = np.nanmin(indirect, axis=1), np.nanmax(indirect, axis=1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        changed = _changed(entries, rows, columns, middle)
        vectors = np.log(perron(np.stack([changed, changed.swapaxes(1, 2)]))[0])
        right, left = vectors[0], vectors[1]
        stationary = (right[pair, rows] - right[pair, columns] + left[pair, columns] - left[pair, rows]) / 2
        below = stationary > middle  # λmax still falls towards larger judgements
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def _enough(
    entries: np.ndarray, rows: np.ndarray, columns: np.ndarray, best: np.ndarray, limit: float, table: str
) -> np.ndarray:
    """Logarithm of the judgement of every pair that is nearest to the given one with CR ≤ limit, else NaN."""

    def passes(values: np.ndarray) -> np.ndarray:
        return np.asarray(consistency_ratio(_changed(entries, rows, columns, values), table) <= limit)

    far = given = np.log(entries[rows, columns])
    near = best
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        enough = passes(middle)
        near, far = np.where(enough, middle, near), np.where(enough, far, middle)
    return np.where(passes(given), given, np.where(passes(best), near, np.nan))
