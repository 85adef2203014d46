"""Things of a case by path, with their value and their origin: what badges, tables and facts are bound to.

=====================================  =========================================================================
path                                   what it names
=====================================  =========================================================================
``customers``, ``files.orders``        a data file; its value is the number of rows
``files.shares.A.share``               a cell, its row found by the first column
``indicators``                         the leaves of the tree
``criteria.loyalty``                   a criterion; also ``.label``, ``.chinese``, ``.children``, ``.leaves``
``judgements``, ``judgements.loyalty`` all judgements, or those below a criterion; ``.first.second`` is one of them
``cuts``                               the cuts between the grades
``quadrants``, ``quadrants.high``      the quadrants of the value matrix, or those of a segment; also ``.chinese``
``lists.stages``                       a list of case.yml, or ``lists.stages.decline``; also ``.label``, ``.chinese``
``grids.costs.high.low``               a quadrant of one of the library's grids; also ``.name``, ``.chinese``
``parameters.years``                   a parameter, published if an input fact holds it; ``.2`` of a list
``facts.weight``                       a fact of published.yml
=====================================  =========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.cases.entries import CriterionEntry
from crmlib.cases.origins import Origin
from crmlib.errors import InputError, Problem
from crmlib.grids import GRIDS

if TYPE_CHECKING:
    from crmlib.cases.case import Case

__all__ = ["Holding", "Value", "find", "value", "weakest"]

Value = int | float | str

#: From strongest to weakest: what is computed from several things is no better than the weakest of them.
_STRENGTH = (Origin.PUBLISHED, Origin.ERRATUM, Origin.RECOVERED, Origin.ASSUMED, Origin.OWN)

#: What a lookup of something that is not there raises.
_ABSENT = (KeyError, IndexError, StopIteration, TypeError, AttributeError)


@dataclass(frozen=True)
class Holding:
    """A thing of a case: the origins in it, and how to get its value, which for a group is its count."""

    origins: frozenset[Origin]
    read: Callable[[], Value]


def weakest(origins: Iterable[Origin]) -> Origin:
    """The weakest of some origins.

    Examples
    --------
    >>> weakest([Origin.RECOVERED, Origin.ASSUMED, Origin.PUBLISHED]).value
    'assumed'
    """
    return max(origins, key=_STRENGTH.index)


def find(case: Case, path: str, parameters: Mapping[str, object] | None = None) -> Holding:
    """The thing at a path; an InputError if there is none, or it has no origin."""
    root, *rest = path.split(".")
    if root not in _FINDERS:
        raise _nothing(case, path, f"A path starts with {', '.join(_FINDERS)}")
    try:
        found = _FINDERS[root](case, rest, parameters or {})
    except _ABSENT:
        raise _nothing(case, path, "See crmlib.cases.holdings for the paths, case.yml for the names") from None
    if not found.origins:
        raise _nothing(case, path, "Give it in case.yml, with its origin")
    return found


def value(case: Case, path: str, parameters: Mapping[str, object]) -> Value:
    """The value at a path; ``* 100`` behind it turns a share into per cent."""
    plain, factor, _ = path.partition(" * 100")
    try:
        found = find(case, plain, parameters).read()
    except _ABSENT:
        raise _nothing(case, path, "Its file, row or column is not there") from None
    return 100 * float(found) if factor else found


def _nothing(case: Case, path: str, remedy: str) -> InputError:
    return InputError(f"The case {case.name!r}", [Problem(f"path {path!r}", "names nothing in it", remedy)])


def _one(origin: Origin | str | None, held: Value | Callable[[], Value]) -> Holding:
    return Holding(frozenset([Origin(origin)] if origin else []), held if callable(held) else lambda: held)


def _several(origins: Iterable[Origin | str], count: int) -> Holding:
    return Holding(frozenset(map(Origin, origins)), lambda: count)


def _customers(case: Case, rest: list[str], parameters: Mapping[str, object]) -> Holding:
    return _file(case, ["customers", *rest], parameters)


def _file(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    name, cell = rest[0], rest[1:]
    declared = case.entry.customers_origin if name == "customers" else case.entry.files[name].origin
    return _one(Origin.OWN if name in case.replaced else declared, lambda: _cell(case.files[name], cell))


def _cell(path: Path, cell: list[str]) -> Value:
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if not cell:
        return len(table)
    found = table.loc[table.iloc[:, 0] == cell[0], cell[1]].iloc[0]
    try:
        return float(found)
    except ValueError:
        return str(found)


def _criteria(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    nodes = {entry.name: entry for entry in case.entry.walk()}
    if not rest:
        return _group(nodes.values())
    entry, attribute = nodes[rest[0]], (rest[1:] or ["label"])[0]
    if attribute == "children":
        return _group(entry.children)
    if attribute == "leaves":
        return _group([below for below in entry.walk() if not below.children])
    return _one(entry.origin, getattr(entry, attribute))


def _indicators(case: Case, _: list[str], __: Mapping[str, object]) -> Holding:
    return _group([entry for entry in case.entry.walk() if not entry.children])


def _group(entries: Collection[CriterionEntry]) -> Holding:
    return _several([entry.origin for entry in entries], len(entries))


def _judgements(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    table = case.judgements
    if rest:
        table = table[table["below"] == rest[0]]
    if rest[1:]:
        table = table[(table["first"] == rest[1]) & (table["second"] == rest[2])]
        return _one(str(table["origin"].iloc[0]), str(Fraction(table["judgement"].iloc[0]).limit_denominator(9)))
    return _several(table["origin"], len(table))


def _cuts(case: Case, _: list[str], __: Mapping[str, object]) -> Holding:
    return _one(case.entry.cuts_origin, len(case.cuts))


def _quadrants(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    chosen = [entry for entry in case.entry.quadrants if not rest or entry.segment == rest[0]]
    if rest[1:]:
        told = dict.fromkeys(getattr(entry, rest[1]) for entry in chosen)
        return Holding(frozenset(entry.origin for entry in chosen), lambda: "、".join(told))
    return _several([entry.origin for entry in chosen], len(chosen))


def _lists(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    table, inside = case.lists[rest[0]], rest[1:]
    if not inside:
        return _several(table["origin"], len(table))
    if inside[0] in table:
        return Holding(frozenset(map(Origin, table["origin"])), lambda: "、".join(table[inside[0]]))
    item = table.loc[inside[0]]
    return _one(str(item["origin"]), str(item[(inside[1:] or ["label"])[0]]))


def _grids(_: Case, rest: list[str], __: Mapping[str, object]) -> Holding:
    name, levels, attribute = rest[0], tuple(rest[1:3]), (rest[3:] or ["name"])[0]
    cell = {cell.levels: cell for cell in GRIDS[name].cells}[levels[0], levels[1]]
    return _one(cell.origin, getattr(cell, attribute))


def _parameters(case: Case, rest: list[str], parameters: Mapping[str, object]) -> Holding:
    path = f"parameters.{rest[0]}"
    taken_over = any(re.match(rf"{re.escape(path)}\b", fact.held or "") for fact in case.facts.values())
    return _one(Origin.PUBLISHED if taken_over else Origin.ASSUMED, lambda: _given(parameters[rest[0]], rest[1:]))


def _given(given: object, position: list[str]) -> Value:
    """A parameter, or the item of a list, counted from one."""
    if position and isinstance(given, list):
        return _given(given[int(position[0]) - 1], [])
    return given if isinstance(given, int | float) else str(given)


def _facts(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    fact = case.facts[".".join(rest)]
    return _one(fact.origin, fact.printed)


_FINDERS = {
    "customers": _customers,
    "files": _file,
    "indicators": _indicators,
    "criteria": _criteria,
    "judgements": _judgements,
    "cuts": _cuts,
    "quadrants": _quadrants,
    "lists": _lists,
    "grids": _grids,
    "parameters": _parameters,
    "facts": _facts,
}
