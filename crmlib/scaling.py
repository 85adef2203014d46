"""Indicators in different units, brought to one scale on which more is better."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from crmlib.checks import NumberTable, as_table
from crmlib.errors import InputError, Problem

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


def scale(
    frame: NumberTable,
    method: str = "z_score",
    *,
    costs: Collection[str] = (),
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
        Lists every column that is constant or holds something that is not a finite number; also an
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
    frame = as_table(frame, "indicators")
    if problems := _problems(frame, method, costs, ddof, cuts):
        raise InputError("The indicator table", problems)
    if method == "grades" and cuts is not None:
        return _grades(frame, cuts, costs)
    function, turn_round = SCALINGS[method]
    scaled = pd.DataFrame(function(frame.to_numpy(dtype=float), ddof), index=frame.index, columns=frame.columns)
    for column in costs:
        scaled[column] = turn_round(scaled[column].to_numpy())
    return scaled


def _grades(frame: pd.DataFrame, cuts: Mapping[str, Sequence[float]], costs: Collection[str]) -> pd.DataFrame:
    values = frame.astype(float)
    reached = {name: np.searchsorted(cuts[str(name)], column, side="right") for name, column in values.items()}
    graded = pd.DataFrame(reached, index=frame.index) + 1
    for column in costs:
        graded[column] = len(cuts[column]) + 2 - graded[column]
    return graded


def _cut_problems(frame: pd.DataFrame, cuts: Mapping[str, Sequence[float]]) -> list[Problem]:
    problems = [
        Problem(f"cuts of {name!r}", f"found {list(cuts.get(name, []))}", "Give finite values, each above the last")
        for name in map(str, frame)
        if not len(cuts.get(name, [])) or not np.isfinite(cuts[name]).all() or not (np.diff(cuts[name]) > 0).all()
    ]
    counts = sorted({len(cuts[name]) for name in map(str, frame) if len(cuts.get(name, []))})
    if len(counts) > 1:
        problems.append(Problem("cuts", f"found {counts} cuts", "Give every indicator equally many grades"))
    return problems


def _problems(
    frame: pd.DataFrame,
    method: str,
    costs: Collection[str],
    ddof: int,
    cuts: Mapping[str, Sequence[float]] | None,
) -> list[Problem]:
    problems = []
    known = [*SCALINGS, *([] if cuts is None else ["grades"])]
    if method not in known:
        problems.append(Problem("scaling", f"found {method!r}", f"Use {', '.join(known)}"))
    if method == "grades" and cuts is not None:
        problems += _cut_problems(frame, cuts)
    if ddof not in (0, 1):
        problems.append(Problem("ddof", f"found {ddof!r}", "Use 1 (sample) or 0 (population)"))
    problems += [
        Problem(f"cost column {name!r}", "is not in the table", f"The columns are {', '.join(map(str, frame))}")
        for name in costs
        if name not in frame
    ]
    if len(frame) < 2:
        return [*problems, Problem("rows", f"found {len(frame)} customer(s)", "Comparing needs at least two customers")]
    for name, column in frame.items():
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
        bad = frame.index[~np.isfinite(numbers)]
        if len(bad):
            where = f"column {name!r}, customer {', '.join(map(str, bad))}"
            problems.append(Problem(where, "not a finite number", "Fill in a number, or leave the customer out"))
        elif np.ptp(numbers) <= 1e-12 * np.abs(numbers).max():
            problems.append(
                Problem(
                    f"column {name!r}",
                    "the same value for every customer",
                    "It tells nobody apart; leave this indicator out",
                )
            )
    return problems
