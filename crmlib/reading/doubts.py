"""What is read and yet in doubt: values out of range, columns in another unit, names that are nearly the same."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from crmlib.reading.declarations import Column
from crmlib.reading.problems import Problems
from crmlib.reading.words import folded_each

__all__ = ["check_names", "check_ranges"]

_FACTORS = (100, 0.01, 10_000, 0.0001, 1000, 0.001, 100_000_000)


def check_ranges(
    columns: Mapping[str, Column], positions: np.ndarray, values: dict[str, np.ndarray], problems: Problems
) -> None:
    """Question values outside their range, and columns that are of another order than is usual."""
    for name, column in columns.items():
        if not column.numeric or not len(values[name]):
            continue
        cells = values[name].astype(float)
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        if column.typical:  # no unit is so far from another
            low, high = max(low, -1e6 * column.typical[1]), min(high, 1e6 * column.typical[1])
        if column.kind == "share":
            low, high = max(low, 0), min(high, 1)
        factor = _other_unit(cells, column, low, high)
        if factor:
            least, most = np.nanmin(cells), np.nanmax(cells)
            found = f"all values lie from {least:g} to {most:g}, {1 / factor:g} times what is usual"
            unit = f" ({column.unit})" if column.unit else ""
            remedy = f"Write them in the unit of the column{unit}: if it is another, times {factor:g}"
            problems.add("unit", f"column {name!r}", found, remedy)
            continue
        for at in np.flatnonzero((cells < low) | (cells > high)):
            limit = f"at least {low:g}" if cells[at] < low else f"at most {high:g}"
            unit = f" {column.unit}" if column.unit else ""
            place = problems.place(int(positions[at]), name, values, int(at))
            problems.add(f"range {name}", place, f"found {cells[at]:g}", f"Write {limit}{unit}")


def check_names(
    columns: Mapping[str, Column],
    key: list[str],
    positions: np.ndarray,
    values: dict[str, np.ndarray],
    problems: Problems,
) -> None:
    """A key names one row; spellings of a name that differ by case, width or blanks are a question."""
    if len(key) == 1 and columns[key[0]].kind in ("name", "text"):
        _check_key(positions, values[key[0]], key[0], problems)
    elif key:
        _check_rows(positions, {name: values[name] for name in key}, problems)
    for name, column in columns.items():
        if column.kind == "name" and key != [name]:
            _check_spellings(positions, values[name], name, problems)


def _check_rows(positions: np.ndarray, key: dict[str, np.ndarray], problems: Problems) -> None:
    numbers = pd.DataFrame(key).groupby(list(key), sort=False, dropna=False).ngroup()
    firsts = numbers.drop_duplicates().index  # the first row of each group; groups are counted as they come
    for at in np.flatnonzero(numbers.duplicated()):
        found = f"names the same as row {int(positions[firsts[numbers[at]]]) + problems.sheet.first_row}"
        problems.add("twice", problems.sheet.row(int(positions[at])), found, "Keep one of them")


def _check_key(positions: np.ndarray, names: np.ndarray, key: str, problems: Problems) -> None:
    for at, first in _again(names):
        place = problems.cell(int(positions[at]), key)
        before = int(positions[first]) + problems.sheet.first_row
        if names[at] == names[first]:
            problems.add("twice", place, f"{names[at]!r} is in row {before} too", f"Name each {key} once")
        else:
            found = f"{names[at]!r} differs from {names[first]!r} in row {before} only by case, width or blanks"
            problems.add("spelling", place, found, f"Keep one row if it is one {key}; if not, tell the names apart")


def _check_spellings(positions: np.ndarray, names: np.ndarray, column: str, problems: Problems) -> None:
    places = pd.Series(names).dropna().drop_duplicates().index.to_numpy()
    for other, first in _again(names[places]):
        place = problems.cell(int(positions[places[other]]), column)
        found = f"{names[places[other]]!r} and {names[places[first]]!r} differ only by case, width or blanks"
        problems.add("spelling", place, found, "Write it in one way if it is one; if not, tell the names apart")


def _again(names: np.ndarray) -> Iterator[tuple[int, int]]:
    """The places of names that are there before, but for case, width and blanks; and where they are first."""
    folds = folded_each(names.tolist())
    if len(set(folds)) == len(folds):
        return
    firsts: dict[str, int] = {}
    for at, fold in enumerate(folds):
        if (first := firsts.setdefault(fold, at)) != at:
            yield at, first


def _other_unit(cells: np.ndarray, column: Column, low: float, high: float) -> float | None:
    """The factor by which all values of a column are off, if its values are of another order than is usual."""
    sizes = np.abs(cells[np.isfinite(cells) & (cells != 0)])
    usual = column.typical
    if column.kind == "share" and usual is None and len(sizes) and (cells > 1).mean() > 0.5 and np.nanmax(cells) <= 100:
        return 0.01
    if usual is None or not len(sizes):
        return None
    middle = float(np.median(sizes))
    if usual[0] <= middle <= usual[1]:
        return None
    fit = [factor for factor in _FACTORS if usual[0] <= middle * factor <= usual[1]
           and low <= np.nanmin(cells * factor) and np.nanmax(cells * factor) <= high]  # fmt: skip
    centre = np.sqrt(max(usual[0], usual[1] / 1e6) * usual[1])
    return min(fit, key=lambda factor: abs(np.log(middle * factor / centre)), default=None)
