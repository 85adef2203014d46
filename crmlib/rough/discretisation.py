"""Numbers cut into few levels, for rough sets compare values and do not order them."""

from collections.abc import Callable, Sequence
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, checked
from crmlib.checks import check_choice, refuse, whole_from
from crmlib.errors import Problem

__all__ = ["DISCRETISATIONS", "discretise"]


def _equal_width(column: np.ndarray, levels: int, _: np.ndarray) -> np.ndarray:
    return np.linspace(column.min(), column.max(), levels + 1)[1:-1]


def _equal_frequency(column: np.ndarray, levels: int, _: np.ndarray) -> np.ndarray:
    return np.unique(np.quantile(column, np.arange(1, levels) / levels, method="averaged_inverted_cdf"))


def _entropy_bits(counts: np.ndarray) -> np.ndarray:
    """Entropy of the last axis, in bits."""
    shares = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    return np.asarray(-(shares * np.log2(shares, out=np.zeros_like(shares), where=shares > 0)).sum(axis=-1))


def _entropy(column: np.ndarray, _: int, classes: np.ndarray) -> np.ndarray:
    """Cuts by least entropy, as long as they shorten the description."""
    order = np.argsort(column, kind="stable")
    values, classes = column[order], classes[order]
    below = np.cumsum(classes[:, None] == np.arange(classes.max() + 1), axis=0)
    gaps = np.flatnonzero(np.diff(values) > 0)
    if not len(gaps):
        return np.empty(0)
    total, size = below[-1], len(values)
    left, right = below[gaps], total - below[gaps]
    parts = (gaps + 1) / size
    after = parts * _entropy_bits(left) + (1 - parts) * _entropy_bits(right)
    best = int(after.argmin())
    before = float(_entropy_bits(total))
    kinds = [(counts > 0).sum() for counts in (total, left[best], right[best])]
    bits = [before, float(_entropy_bits(left[best])), float(_entropy_bits(right[best]))]
    told = np.log2(3.0 ** kinds[0] - 2) - kinds[0] * bits[0] + kinds[1] * bits[1] + kinds[2] * bits[2]
    if before - after[best] <= (np.log2(size - 1) + told) / size:
        return np.empty(0)
    edge = gaps[best] + 1
    cut = (values[edge - 1] + values[edge]) / 2
    sides = (_entropy(values[part], 0, classes[part]) for part in (slice(edge), slice(edge, None)))
    return np.sort(np.concatenate([[cut], *sides]))


#: How to choose cuts: from the numbers of a column, the number of levels, and the decisions' codes.
DISCRETISATIONS: dict[str, Callable[[np.ndarray, int, np.ndarray], np.ndarray]] = {
    "equal_width": _equal_width,
    "equal_frequency": _equal_frequency,
    "entropy": _entropy,
}


@checked("The numbers to discretise")
def discretise(
    frame: Annotated[pd.DataFrame, Each("row")],
    method: str,
    levels: Annotated[int, whole_from(2)] = 2,
    decisions: Sequence[object] | pd.Series | None = None,
) -> pd.DataFrame:
    """Replace numbers by levels from 0 up; a number that lies on a cut counts above it.

    Parameters
    ----------
    frame
        Shape (rows, attributes), finite numbers.
    method
        ``"equal_width"``: levels of the same width; ``"equal_frequency"``: about as many rows in each;
        ``"entropy"``: cuts that part the decisions best, as long as they shorten the description
        [fayyad1993]_, so that a column may keep one level only.
    levels
        Number of levels; the entropy finds its own.
    decisions
        One a row, for the entropy.

    Raises
    ------
    InputError
        Lists every cell that is not a finite number; an unknown method, fewer than two levels, missing decisions.

    Examples
    --------
    >>> frame = pd.DataFrame({"orders": [1.0, 2.0, 3.0, 10.0]})
    >>> {method: discretise(frame, method)["orders"].to_list() for method in ("equal_width", "equal_frequency")}
    {'equal_width': [0, 0, 0, 1], 'equal_frequency': [0, 0, 1, 1]}
    """
    refuse(
        "The numbers to discretise",
        check_choice("method", method, DISCRETISATIONS),
        [] if method != "entropy" and decisions is None else _decision_problems(frame, decisions),
    )
    classes = np.zeros(len(frame), int) if decisions is None else pd.factorize(np.asarray(decisions, dtype=object))[0]
    cut = DISCRETISATIONS[method]
    found = {
        name: np.searchsorted(cut(numbers, levels, classes), numbers, side="right")
        for name, numbers in ((name, column.to_numpy(dtype=float)) for name, column in frame.items())
    }
    return pd.DataFrame(found, index=frame.index)


def _decision_problems(frame: pd.DataFrame, decisions: object) -> list[Problem]:
    known = np.asarray([] if decisions is None else decisions, dtype=object)
    complete = len(known) == len(frame) and not pd.isna(known).any()
    return [] if complete else [Problem("decisions", f"found {len(known)}, or a missing one", "Give one for each row")]
