"""What counts as a number, how what is none is shown, and which customers have no name."""

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from crmlib.checks import floats, is_number, shown
from crmlib.errors import InputError, Problem

__all__ = [
    "check_kind",
    "check_parameters",
    "check_series",
    "check_tables",
    "checked_counts",
    "checked_times",
    "generator",
    "listed",
    "plain_horizon",
]


def plain_horizon(horizon: float) -> float | str:
    """A horizon as strict JSON can hold it: a number, or the words for infinity."""
    return "for ever" if horizon == np.inf else horizon


def check_parameters(subject: str, parameters: Mapping[str, object]) -> None:
    """Refuse parameters of a model that are not finite numbers above 0."""
    if problems := [
        Problem(name, f"found {shown(value)}", "Give a positive number")
        for name, value in parameters.items()
        if not (is_number(value) and 0 < value < np.inf)
    ]:
        raise InputError(subject, problems)


def checked_times(t: np.ndarray | float, name: str = "t", what: str = "time") -> np.ndarray:
    """Times, or amounts, that are finite numbers, none negative; an error that names each other value once."""
    array = t if isinstance(t, np.ndarray) else np.asarray(t, dtype=object)  # a list may mix numbers and others
    given = pd.Series(array.ravel())
    times = floats(given)
    if bad := dict.fromkeys(shown(value) for value in given[~((times >= 0) & (times < np.inf))]):
        problems = [Problem(name, f"found {value}", f"Give {what}s from 0") for value in bad]
        raise InputError(f"The {what}", problems)
    return times.reshape(array.shape)


def check_kind(subject: str, kind: type | tuple[type, ...], remedy: str, **values: object) -> None:
    """Refuse what is no table, series, model or result of the kind that is needed."""
    if problems := [
        Problem(name, f"found {shown(value)}" if value is None else f"found a {type(value).__name__}", remedy)
        for name, value in values.items()
        if not isinstance(value, kind)
    ]:
        raise InputError(subject, problems)


def listed(subject: str, **values: Iterable[Any]) -> list[Any]:
    """The members of the one sequence that is given; text is none."""
    remedy = "Give a list"
    check_kind(subject, (list, tuple, range, np.ndarray, pd.Series, pd.Index), remedy, **values)
    return list(next(iter(values.values())))


def check_tables(subject: str, **values: object) -> None:
    """Refuse what is no table."""
    check_kind(subject, pd.DataFrame, "Give a table (a DataFrame)", **values)


def check_series(subject: str, **values: object) -> None:
    """Refuse what is no series."""
    check_kind(subject, pd.Series, "Give a series with a name for each value", **values)


def checked_counts(most: int) -> np.ndarray:
    """The counts 0, 1, …, `most`."""
    if not isinstance(most, Integral) or isinstance(most, bool) or most < 0:
        raise InputError("The counts", [Problem("most", f"found {shown(most)}", "Give a whole number from 0")])
    return np.arange(most + 1)


def generator(seed: int) -> np.random.Generator:
    """The generator of random numbers with this seed."""
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise InputError("The random numbers", [Problem("seed", f"found {shown(seed)}", "Give a whole number from 0")])
    return np.random.default_rng(int(seed))
