"""Judgement scales: what number a verbal judgement, 1 (equal) to 9 (extreme), stands for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, checked
from crmlib.checks import POSITIVE, check_choice, check_shape, refuse
from crmlib.errors import InputError, Problem

__all__ = ["SCALES", "Scale", "rescale"]


@dataclass(frozen=True)
class Scale:
    """A judgement scale: its formula as text and as a function of the verbal level x, and its source."""

    formula: str
    source: str
    value: Callable[[np.ndarray], np.ndarray]


def _balanced(level: np.ndarray) -> np.ndarray:
    share = 0.45 + 0.05 * level
    return share / (1 - share)


#: By name. Every scale takes level 1 to 1; `Scale.source` is a key of the bibliography.
SCALES: dict[str, Scale] = {
    "linear": Scale("x", "saaty1980", lambda level: level),
    "power": Scale("x^2", "harkervargas1987", np.square),
    "root": Scale("sqrt(x)", "harkervargas1987", np.sqrt),
    "geometric": Scale("2^(x-1)", "lootsma1993", lambda level: 2 ** (level - 1)),
    "logarithmic": Scale("log2(x+1)", "ishizaka2011", lambda level: np.log2(level + 1)),
    "inverse_linear": Scale("9/(10-x)", "ma1991", lambda level: 9 / (10 - level)),
    "balanced": Scale("w/(1-w), w = 0.45 + 0.05 x", "salo1997", _balanced),
    "asymptotical": Scale(
        "exp(artanh(sqrt(3) (x-1)/14))", "donegan1992", lambda level: np.exp(np.arctanh(np.sqrt(3) / 14 * (level - 1)))
    ),
}


@checked("The judgement matrix")
def rescale(matrix: Annotated[pd.DataFrame, Each("judgement", POSITIVE, missing=True)], scale: str) -> pd.DataFrame:
    """The same verbal judgements on another scale.

    An entry a ≥ 1 is read as the verbal level x = a of Saaty's linear scale and becomes c(x), with c from
    `SCALES`; an entry below 1 becomes the inverse of what its inverse becomes. Empty entries stay empty.

    Parameters
    ----------
    matrix
        Shape (n, n), judgements on the linear scale, from `judgement_matrix`.
    scale
        A key of `SCALES`: ``"linear"`` [saaty1980]_, ``"power"`` and ``"root"`` [harkervargas1987]_,
        ``"geometric"`` [lootsma1993]_, ``"logarithmic"`` [ishizaka2011]_, ``"inverse_linear"`` [ma1991]_,
        ``"balanced"`` [salo1997]_, ``"asymptotical"`` [donegan1992]_.

    Raises
    ------
    InputError
        If the scale is unknown, or lists the judgements beyond the verbal levels 1 to 9.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> rescale(judgement_matrix([[9, "1/2"], ["1/5"]], ["price", "service", "brand"]), "balanced").round(4)
              price  service   brand
    price    1.0000   9.0000  0.8182
    service  0.1111   1.0000  0.4286
    brand    1.2222   2.3333  1.0000
    """
    refuse(
        "The judgement matrix",
        check_choice("scale", scale, SCALES),
        check_shape("matrix", matrix.to_numpy(), (len(matrix), len(matrix))),
    )
    entries = matrix.to_numpy(dtype=float)
    levels = np.maximum(entries, 1 / entries)
    if problems := [
        Problem(
            f"{matrix.index[i]} against {matrix.columns[j]} (row {i + 1}, column {j + 1})",
            f"found {entries[i, j]:g}",
            "Verbal judgements run from 1/9 to 9",
        )
        for i, j in np.argwhere(levels > 9 * (1 + 1e-9))
    ]:
        raise InputError("The judgement matrix", problems)
    values = SCALES[scale].value(levels)
    return pd.DataFrame(np.where(entries < 1, 1 / values, values), index=matrix.index, columns=matrix.columns)
