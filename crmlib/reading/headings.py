"""The row of headings, and which column is which."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from crmlib.errors import Problem
from crmlib.reading.declarations import Column, Table
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import folded, plain

__all__ = ["Headings", "find_headings"]

_DEEPEST = 40  # rows in which headings are looked for
_UNIT = re.compile(r"[(\[{【]([^)\]}】]*)[)\]}】]\s*$|(%)$|/([^/]+)$")
_UNITS = {"万元": "10,000 yuan", "元": "yuan", "yuan": "yuan", "10000yuan": "10,000 yuan", "%": "%", "天": "days",
          "days": "days", "千元": "1,000 yuan", "亿元": "100 million yuan"}  # fmt: skip


@dataclass(frozen=True)
class Headings:
    """Where the headings are: the position of their row, that of each column by id, the titles as they stand.

    `left_out` names the columns that are not read; `problems` what is missing, twice there or in another unit.
    """

    row: int
    columns: dict[str, int]
    titles: list[str]
    left_out: list[str]
    problems: list[Problem]


def find_headings(sheet: Sheet, table: Table, mapping: Mapping[str, str]) -> Headings:
    """Find the row that has most of the declared columns.

    Parameters
    ----------
    mapping
        The heading of a column, by id, where somebody said it.
    """
    rows = [[plain(cell) for cell in row] for row in sheet.cells[:_DEEPEST]]
    found = [_matched(titles, table, mapping) for titles in rows]
    row = max(range(len(rows)), key=lambda at: (len(found[at]), -at), default=0)
    columns, titles = found[row], rows[row]
    used = set(columns.values())
    others = {at: title for at, title in enumerate(titles) if at not in used and title}
    if table.further:
        columns |= {title: at for at, title in others.items()}
        others = {}
    problems = _missing(sheet, table, mapping, columns, others, rows)
    problems += _twice(sheet, row, table, titles, mapping) + _other_units(sheet, row, table, columns, titles)
    problems += _several(table, mapping, columns, titles)
    return Headings(row, columns, titles, list(others.values()), problems)


def _key(title: str) -> str:
    return re.sub(r"[\s_\-:.*#]+", "", folded(title))


def _without_unit(title: str) -> str:
    return _key(_UNIT.sub("", plain(title)).strip() or title)


def _matched(titles: list[str], table: Table, mapping: Mapping[str, str]) -> dict[str, int]:
    """The position of each column: that with the most exact of its names, with or without a unit behind it."""
    exact: dict[str, int] = {}
    bare: dict[str, int] = {}
    for at, title in enumerate(titles):
        if title:
            exact.setdefault(_key(title), at)
            bare.setdefault(_without_unit(title), at)
    found: dict[str, int] = {}
    for column in table.columns:
        names = [mapping[column.id]] if column.id in mapping else column.names
        places = [where[_key(name)] for name in names for where in (exact, bare) if _key(name) in where]
        free = [place for place in places if place not in found.values()]
        if free:
            found[column.id] = free[0]
    return found


def _missing(
    sheet: Sheet, table: Table, mapping: Mapping[str, str], columns: dict[str, int], others: dict[int, str],
    rows: list[list[str]],
) -> list[Problem]:  # fmt: skip
    absent = [column for column in table.columns if column.required and column.id not in columns]
    unknown = [name for name in mapping if name not in {column.id for column in table.columns}]
    problems = [Problem(f"column {name!r}", "is none of this table", f"Map one of {_ids(table)}") for name in unknown]
    place = (sheet.name and f"sheet {sheet.name!r}") or "the table"
    if absent and _lies_sideways(table, rows):
        return [*problems, Problem(place, "lies on its side", "Turn it: one row for each, one column a heading")]
    if len(absent) == sum(column.required for column in table.columns) and absent:
        wanted = "; ".join(str(column) for column in table.columns if column.required)
        found = f"has no heading that is known; row 1 has {_shown(rows)}"
        return [*problems, Problem(place, found, f"Give it the headings: {wanted}")]
    for column in absent:
        near = [title for title in others.values() if _near(title, column)]
        wanted = f" under the heading {mapping[column.id]!r}" if column.id in mapping else ""
        hint = f"Did you mean {near[0]!r}? Then rename it, or say {column.id}={near[0]}" if near else f"Add {column}"
        problems.append(Problem(f"column {column.id!r}", f"is missing{wanted}", hint))
    return problems


def _lies_sideways(table: Table, rows: list[list[str]]) -> bool:
    """Whether the headings stand below each other, in the first column."""
    first = {_key(row[0]) for row in rows if row}
    return sum(not first.isdisjoint(map(_key, column.names)) for column in table.columns) > len(table.columns) / 2


def _near(title: str, column: Column) -> bool:
    names = [_key(name) for name in column.names]
    key = _without_unit(title)
    return bool(get_close_matches(key, names, n=1, cutoff=0.75)) or any(
        len(key) >= 4 and (key in name or name in key) for name in names
    )


def _twice(sheet: Sheet, row: int, table: Table, titles: list[str], mapping: Mapping[str, str]) -> list[Problem]:
    problems = []
    keys = np.array([_key(title) for title in titles])
    for column in table.columns:
        for name in [mapping[column.id]] if column.id in mapping else column.names:
            places = np.flatnonzero(keys == _key(name))
            if len(places) > 1:
                where = " and ".join(sheet.place(row, int(at)) for at in places)
                problems.append(Problem(f"column {column.id!r}", f"is there twice, in {where}", "Keep one"))
                break
    return problems


def _several(table: Table, mapping: Mapping[str, str], columns: dict[str, int], titles: list[str]) -> list[Problem]:
    """Columns of which several headings may be meant, where it matters which."""
    problems = []
    for column in table.columns:
        if not column.asked or column.id in mapping or column.id not in columns:
            continue
        names = {_key(name) for name in column.names}
        free = set(range(len(titles))) - set(columns.values()) | {columns[column.id]}
        meant = {
            _key(titles[at]): titles[at] for at in sorted(free) if names & {_key(titles[at]), _without_unit(titles[at])}
        }
        if len(meant) > 1:
            found = f"may be {' or '.join(map(repr, meant.values()))}"
            problems.append(Problem(f"column {column.id!r}", found, f"Say which: --column {column.id}=HEADING"))
    return problems


def _other_units(
    sheet: Sheet, row: int, table: Table, columns: dict[str, int], titles: list[str]
) -> list[Problem]:  # fmt: skip
    problems = []
    for column in table.columns:
        if column.id in columns and column.unit and (found := _UNIT.search(titles[columns[column.id]])):
            written = _UNITS.get(folded(next(part for part in found.groups() if part is not None)).replace(",", ""))
            if written and not column.unit.startswith(written) and column.unit.startswith(tuple(_UNITS.values())):
                place = sheet.place(row, columns[column.id])
                remedy = f"Write the values in {column.unit}, and the heading without its unit"
                problems.append(Problem(place, f"the heading says {written}, the unit is {column.unit}", remedy))
    return problems


def _ids(table: Table) -> str:
    return ", ".join(column.id for column in table.columns)


def _shown(rows: list[list[str]]) -> str:
    return ", ".join(repr(title) for title in rows[0][:8] if title) if rows else "nothing"
