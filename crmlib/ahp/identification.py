"""From printed, rounded weights back to every judgement matrix that could be behind them.

Each weight is known within half a unit of its last printed digit. A search row by row leaves the matrices
that may have such weights; each of them is computed exactly and compared with the print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from crmlib.ahp._row_search import SearchLimitError, search
from crmlib.ahp.inconsistency import consistency_ratio
from crmlib.ahp.random_indices import random_index
from crmlib.ahp.weights import weighting_method
from crmlib.arguments import Count, NotNegative, checked
from crmlib.checks import shown
from crmlib.errors import InputError, Problem

__all__ = ["Identification", "identify"]


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


@checked("The identification")
def identify(
    printed: Sequence[object],
    method: str = "eigenvector",
    *,
    max_consistency_ratio: NotNegative | None = None,
    largest: Count = 9,
    table: str = "saaty1980",
    limit: Count = 200_000_000,
) -> Identification:
    """Find all matrices on the scale 1/largest … largest whose weights round to the printed ones.

    Parameters
    ----------
    printed
        The weights as printed, as text: ``"0.2970"`` is known ten times better than ``"0.297"``.
    method
        A key of `METHODS`: ``"eigenvector"``, ``"geometric_mean"``, ``"column_sum"`` or ``"row_sum"``.
    max_consistency_ratio
        Keep only matrices with a smaller CR (by `table`), and search fewer; None keeps all.
    limit
        Partial matrices to look at before giving up; the default takes up to a minute or so. Sizes 2 to 4
        need milliseconds and size 5 mostly less than a second, but column sums of nearly equal weights may
        exceed the default; size 6 is within reach when the CR is bounded. A row may have at most 2,000,000
        ways, which ends Saaty's scale at six criteria.

    Raises
    ------
    InputError
        If a weight is not a decimal fraction between 0 and 1, the method is unknown, or the limit is
        exceeded (the answer would be incomplete, so there is none).

    Examples
    --------
    >>> identify(["0.1634", "0.2970", "0.5396"], max_consistency_ratio=0.1).candidates.round(4).to_dict("records")
    [{'1:2': 0.5, '1:3': 0.3333, '2:3': 0.5, 'consistency_ratio': 0.0079}]
    """
    weights, half_unit = _read_printed(printed)
    weights_of = weighting_method(method)
    order = np.argsort(-weights, kind="stable")
    low, high = (weights - half_unit)[order], (weights + half_unit)[order]
    scale = np.array([*(1 / k for k in range(largest, 1, -1)), *map(float, range(1, largest + 1))])
    n = len(weights)
    back = np.argsort(order)
    found, ratios = [np.empty((0, n, n))], [np.empty(0)]
    try:
        for batch in search(method, low, high, scale, _largest_lambda(n, max_consistency_ratio, table), limit):
            matrices = batch[:, back][:, :, back]
            fits = (np.abs(weights_of(matrices) - weights) <= half_unit + 1e-12).all(axis=1)
            ratio = consistency_ratio(matrices[fits], table)
            consistent = ratio < (np.inf if max_consistency_ratio is None else max_consistency_ratio)
            found.append(matrices[fits][consistent])
            ratios.append(ratio[consistent])
    except SearchLimitError as error:
        raise InputError(
            "The identification",
            [
                Problem(
                    f"the search for {n} weights",
                    f"at least {error.needed} partial matrices to look at, the limit is {error.limit}",
                    "Raise the limit, give max_consistency_ratio or more digits, or make the scale shorter",
                )
            ],
        ) from error
    upper = np.triu_indices(n, 1)
    candidates = pd.DataFrame(
        np.concatenate(found)[:, *upper], columns=[f"{i + 1}:{j + 1}" for i, j in zip(*upper, strict=True)]
    )
    candidates["consistency_ratio"] = np.concatenate(ratios)
    return Identification(
        printed=tuple(map(str, printed)),
        method=method,
        candidates=candidates.sort_values(list(candidates.columns)[::-1], ignore_index=True),
    )


def _largest_lambda(size: int, max_consistency_ratio: float | None, table: str) -> float:
    if max_consistency_ratio is None:
        return np.inf
    return size + max_consistency_ratio * random_index(size, table) * (size - 1)


def _read_printed(printed: Sequence[object]) -> tuple[np.ndarray, np.ndarray]:
    problems, values, units = [], [], []
    for position, text in enumerate(printed, start=1):
        try:
            # A float has lost its last zeros, and with them how exactly the weight is known.
            number = Decimal(text if isinstance(text, str | Decimal) else "NaN")
            if not 0 < number < 1:
                raise InvalidOperation
        except InvalidOperation:
            problems.append(
                Problem(f"weight {position}", f"found {shown(text)}", "Give it as printed, as text like '0.2970'")
            )
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
