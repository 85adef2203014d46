"""From printed, rounded weights back to every judgement matrix that could be behind them.

Rows of a matrix are chosen one after the other, most precisely known weight first. Each weight is known
only within half a unit of its last printed digit, and that leaves an interval for a quantity that every row
must meet: the row's product (geometric mean) or its eigenvalue ratio (eigenvector). Rows outside are cut
before the next is tried; what survives is computed exactly and compared with the print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product

import numpy as np
import pandas as pd

from crmlib.ahp.consistency import consistency_ratio
from crmlib.ahp.weights import weighting_method
from crmlib.errors import InputError, Problem

__all__ = ["Identification", "identify"]

_SLACK = 1e-9  # keeps rounding noise from cutting a candidate that lies exactly on an interval's end


@dataclass(frozen=True)
class Identification:
    """Every scale matrix whose weights round to the printed ones, the most consistent first.

    `candidates`: one row each, the judgements above the diagonal (columns ``"i:j"``, criteria counted
    from 1) and ``consistency_ratio``.
    """

    printed: tuple[str, ...]
    method: str
    candidates: pd.DataFrame

    @property
    def verdict(self) -> str:
        """``"none"``, ``"unique"`` or ``"several"``."""
        return {0: "none", 1: "unique"}.get(len(self.candidates), "several")

    def to_frame(self) -> pd.DataFrame:
        """The candidates."""
        return self.candidates

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "printed": list(self.printed),
            "method": self.method,
            "verdict": self.verdict,
            "candidates": self.candidates.to_dict(orient="records"),
        }


def identify(
    printed: Sequence[str],
    method: str = "eigenvector",
    *,
    max_consistency_ratio: float | None = None,
    largest: int = 9,
    table: str = "saaty1980",
) -> Identification:
    """Find all matrices on the scale 1/largest … largest whose weights round to the printed ones.

    Parameters
    ----------
    printed
        The weights as printed, as text: ``"0.2970"`` is known four times better than ``"0.297"``.
    method
        ``"eigenvector"`` or ``"geometric_mean"``.
    max_consistency_ratio
        Keep only matrices with a smaller CR (by `table`); None keeps all.

    Raises
    ------
    InputError
        If a weight is not a decimal fraction between 0 and 1, or the method has no search.

    Examples
    --------
    >>> identify(["0.1634", "0.2970", "0.5396"], max_consistency_ratio=0.1).candidates.round(4).to_dict("records")
    [{'1:2': 0.5, '1:3': 0.3333, '2:3': 0.5, 'consistency_ratio': 0.0079}]
    """
    weights, half_unit = _read_printed(printed)
    if method not in _SEARCHES:
        raise InputError("The identification", [Problem("method", f"found {method!r}", f"Use {', '.join(_SEARCHES)}")])
    order = np.argsort(-weights, kind="stable")
    low, high = (weights - half_unit)[order], (weights + half_unit)[order]
    scale = np.array([*(1 / k for k in range(largest, 1, -1)), *map(float, range(1, largest + 1))])
    found = _SEARCHES[method](np.maximum(low, 1e-12), high, scale)

    back = np.argsort(order)
    matrices = found[:, back][:, :, back]
    exact = weighting_method(method)(matrices)
    fits = (np.abs(exact - weights) <= half_unit + 1e-12).all(axis=1)
    matrices = matrices[fits]
    ratios = consistency_ratio(matrices, table)
    if max_consistency_ratio is not None:
        matrices, ratios = matrices[ratios < max_consistency_ratio], ratios[ratios < max_consistency_ratio]
    upper = np.triu_indices(len(weights), 1)
    candidates = pd.DataFrame(matrices[:, *upper], columns=[f"{i + 1}:{j + 1}" for i, j in zip(*upper, strict=True)])
    candidates["consistency_ratio"] = ratios
    return Identification(
        printed=tuple(printed),
        method=method,
        candidates=candidates.sort_values(list(candidates.columns)[::-1], ignore_index=True),
    )


def _read_printed(printed: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    problems, values, units = [], [], []
    for position, text in enumerate(printed, start=1):
        try:
            number = Decimal(text)
            if not 0 < number < 1:
                raise InvalidOperation
        except (InvalidOperation, TypeError):
            problems.append(Problem(f"weight {position}", f"found {text!r}", "Give it as printed, like '0.2970'"))
            continue
        values.append(float(number))
        units.append(float(Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2))
    if len(printed) < 2:
        problems.append(Problem("weights", f"found {len(printed)}", "Give at least two"))
    if not problems and abs(sum(values) - 1) > sum(units) + 1e-12:
        problems.append(Problem("weights", f"they sum to {sum(values):g}, not 1", "Give all weights of one comparison"))
    if problems:
        raise InputError("The printed weights", problems)
    return np.array(values), np.array(units)


def _extend(matrices: np.ndarray, row: int, chosen: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """Copies of the partial matrices named by `chosen`, each with its row's remaining entries filled in."""
    extended: np.ndarray = matrices[chosen]
    extended[:, row, row + 1 :] = entries
    extended[:, row + 1 :, row] = 1 / entries
    return extended


def _tails(scale: np.ndarray, length: int) -> np.ndarray:
    """Every way to fill the entries right of the diagonal; shape (ways, length)."""
    return np.array(list(product(scale, repeat=length))).reshape(len(scale) ** length, length)


def _between(keys: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs (interval, position) with low ≤ keys[position] ≤ high, for sorted keys."""
    first, last = np.searchsorted(keys, low, "left"), np.searchsorted(keys, high, "right")
    counts = np.maximum(last - first, 0)
    interval = np.repeat(np.arange(len(low)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return interval, first[interval] + offset


def _search_geometric_mean(low: np.ndarray, high: np.ndarray, scale: np.ndarray) -> np.ndarray:
    # All row products together are 1, so row i's mean log entry is log w_i − mean(log w): known within an interval.
    n = len(low)
    log_low, log_high = np.log(low), np.log(high)
    others_low, others_high = log_low.sum() - log_low, log_high.sum() - log_high
    row_low = (n - 1) * log_low - others_high - _SLACK
    row_high = (n - 1) * log_high - others_low + _SLACK
    partial = np.ones((1, n, n))
    for row in range(n):
        tails = _tails(scale, n - 1 - row)
        sums = np.log(tails).sum(axis=1)
        order = np.argsort(sums, kind="stable")
        done = np.log(partial[:, row, :row]).sum(axis=1)
        chosen, position = _between(sums[order], row_low[row] - done, row_high[row] - done)
        partial = _extend(partial, row, chosen, tails[order][position])
    return partial


def _search_eigenvector(low: np.ndarray, high: np.ndarray, scale: np.ndarray) -> np.ndarray:
    # Every row must give the same λ = Σ_j a_ij w_j / w_i; each row narrows the interval in which it lies.
    n = len(low)
    partial = np.ones((1, n, n))
    lambda_low, lambda_high = np.array([n - _SLACK]), np.array([np.inf])
    for row in range(n):
        smallest, largest = low / high[row], high / low[row]
        smallest[row] = largest[row] = 1
        tails = _tails(scale, n - 1 - row)
        tail_low, tail_high = tails @ smallest[row + 1 :], tails @ largest[row + 1 :]
        order = np.argsort(tail_low, kind="stable")
        tails, tail_low, tail_high = tails[order], tail_low[order], tail_high[order]
        done_low = partial[:, row, : row + 1] @ smallest[: row + 1]
        done_high = partial[:, row, : row + 1] @ largest[: row + 1]
        widest = (largest[row + 1 :] / smallest[row + 1 :]).max(initial=1)
        chosen, position = _between(
            tail_low, (lambda_low - done_high) / widest - _SLACK, lambda_high - done_low + _SLACK
        )
        new_low = np.maximum(lambda_low[chosen], done_low[chosen] + tail_low[position] - _SLACK)
        new_high = np.minimum(lambda_high[chosen], done_high[chosen] + tail_high[position] + _SLACK)
        alive = new_low <= new_high
        lambda_low, lambda_high = new_low[alive], new_high[alive]
        partial = _extend(partial, row, chosen[alive], tails[position[alive]])
    return partial


_SEARCHES = {"eigenvector": _search_eigenvector, "geometric_mean": _search_geometric_mean}
