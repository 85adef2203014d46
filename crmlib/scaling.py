"""Indicators in different units, brought to one scale on which more is better."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Each, checked
from crmlib.checks import check_choice, check_columns, refuse, shown
from crmlib.errors import Problem

__all__ = ["SCALINGS", "scale"]


def _z_score(values: np.ndarray, ddof: int) -> np.ndarray:
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0, ddof=ddof))


def _min_max(values: np.ndarray, ddof: int) -> np.ndarray:
    low, high = values.min(axis=0), values.max(axis=0)
    return np.asarray((values - low) / (high - low))


def _vector(values: np.ndarray, ddof: int) -> np.ndarray:
    return np.asarray(values / np.linalg.norm(values, axis=0))


#: For each scaling by formula: its function, and what a cost's scaled value x becomes, so that less is better.
SCALINGS: dict[str, tuple[Callable[[np.ndarray, int], np.ndarray], Callable[[np.ndarray], np.ndarray]]] = {
    "z_score": (_z_score, lambda x: -x),
    "min_max": (_min_max, lambda x: 1 - x),
    "vector": (_vector, lambda x: 1 - x),
}


@checked("The indicator table")
def scale(
    frame: Annotated[pd.DataFrame, Each("customer")],
    method: str = "z_score",
    *,
    costs: Collection[Hashable] = (),
    ddof: int = 1,
    cuts: Mapping[str, Sequence[float]] | None = None,
) -> pd.DataFrame:
    """Scale every indicator over the customers, cost indicators turned round.

    Parameters
    ----------
    frame
        Shape (customers, indicators); each column in its own unit.
    method
        ``"z_score"``: (x − mean)/s; ``"min_max"``: (x − min)/(max − min); ``"vector"``: x/‖x‖;
        ``"grades"``: 1 plus the number of cuts that x reaches.
    costs
        Columns in which less is better: −z for z-scores, 1 − x for the next two [hwang1981]_; with k cuts,
        the grade k + 2 − x.
    ddof
        s divides by n − ddof: 1 for the sample deviation, which SPSS uses, 0 for the population.
    cuts
        For grades: the values that part the grades of each column, ascending, in its unit, equally many for all.

    Returns
    -------
    pandas.DataFrame
        Same shape; no unit; more is better.

    Raises
    ------
    InputError
        Lists every cell that is no finite number, then every column that is constant; also a customer named twice, an
        unknown method or cost column, unusable cuts, and a single customer.

    Examples
    --------
    >>> frame = pd.DataFrame({"profit": [10.0, 20.0, 30.0], "complaints": [0.0, 1.0, 2.0]})
    >>> scale(frame, costs=["complaints"])
       profit  complaints
    0    -1.0         1.0
    1     0.0        -0.0
    2     1.0        -1.0
    >>> scale(frame, "grades", cuts={"profit": [15, 30], "complaints": [1, 2]}, costs=["complaints"])
       profit  complaints
    0       1           3
    1       2           2
    2       3           1
    """
    known = [*SCALINGS, *([] if cuts is None else ["grades"])]
    refuse(
        "The indicator table",
        check_choice("method", method, known),
        _cut_problems(frame, cuts) if method == "grades" and cuts is not None else [],
        [] if ddof in (0, 1) else [Problem("ddof", f"found {ddof}", "Use 1 (sample) or 0 (population)")],
        check_columns(frame, costs, "cost column"),
        _constant(frame),
    )
    if method == "grades" and cuts is not None:
        return _grades(frame, cuts, costs)
    function, turn_round = SCALINGS[method]
    scaled = pd.DataFrame(function(frame.to_numpy(dtype=float), ddof), index=frame.index, columns=frame.columns)
    for column in costs:
        scaled[column] = turn_round(scaled[column].to_numpy())
    return scaled


def _grades(frame: pd.DataFrame, cuts: Mapping[str, Sequence[float]], costs: Collection[Hashable]) -> pd.DataFrame:
    values = frame.astype(float)
    reached = {name: np.searchsorted(cuts[str(name)], column, side="right") for name, column in values.items()}
    graded = pd.DataFrame(reached, index=frame.index) + 1
    for column in costs:
        graded[column] = len(cuts[str(column)]) + 2 - graded[column]
    return graded


def _cut_problems(frame: pd.DataFrame, cuts: Mapping[str, Sequence[float]]) -> list[Problem]:
    given = {name: list(cuts.get(name, [])) for name in map(str, frame)}
    problems = [
        Problem(f"cuts of {name!r}", f"found {values}", "Give values, each above the last")
        for name, values in given.items()
        if not values or not (np.diff(values) > 0).all()
    ]
    counts = sorted({len(values) for values in given.values() if values})
    if len(counts) > 1:
        problems.append(Problem("cuts", f"found {counts} cuts", "Give every indicator equally many grades"))
    return problems


def _constant(frame: pd.DataFrame) -> list[Problem]:
    if len(frame) < 2:
        return [Problem("rows", f"found {len(frame)} customer", "Comparing needs at least two customers")]
    values = frame.to_numpy(dtype=float)
    same = np.ptp(values, axis=0) <= 1e-12 * np.abs(values).max(axis=0)
    remedy = "It tells nobody apart; leave this indicator out"
    return [Problem(f"column {shown(name)}", "the same for every customer", remedy) for name in frame.columns[same]]
