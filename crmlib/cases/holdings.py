"""Things of a case by path, with their value and their origin: what badges, tables and facts are bound to.

=====================================  =========================================================================
path                                   what it names
=====================================  =========================================================================
``customers``, ``files.orders``        a data file; its value is the number of rows
``files.shares.A.share``               a cell, its row found by its key
``indicators``                         the leaves of the tree
``criteria.loyalty``                   a criterion; also ``.label``, ``.chinese``, ``.children``, ``.leaves``
``judgements``, ``judgements.loyalty`` all judgements, or those below a criterion; ``.first.second`` is one of them
``cuts``                               the cuts between the grades
``quadrants``, ``quadrants.high``      the quadrants of the value matrix, or those of a segment; also ``.chinese``
``lists.stages``                       a list of case.yml, or ``lists.stages.decline``; also ``.label``, ``.chinese``
``grids.costs.high.low``               a quadrant of one of the library's grids; also ``.name``, ``.chinese``
``parameters.years``                   a parameter, published if an input fact holds it, own if set; ``.2`` of a list
``random_index.saaty1980.3``           a random index that the library holds, published if facts hold its table
``facts.weight``                       a fact of published.yml
=====================================  =========================================================================
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from crmlib.ahp import RANDOM_INDEX, random_index
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
_ABSENT = (KeyError, IndexError, TypeError, ValueError)


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
    """The thing at a path.

    Raises
    ------
    InputError
        If the path names nothing in the case, or something without an origin.
    """
    root, *rest = path.split(".")
    if root not in _FINDERS or len(rest) > _LONGEST.get(root, len(rest)):
        raise _nothing(case, path, f"A path starts with {', '.join(_FINDERS)}; see crmlib.cases.holdings")
    try:
        found = _FINDERS[root](case, rest, parameters or {})
    except _ABSENT:
        raise _nothing(case, path, "See crmlib.cases.holdings for the paths, case.yml for the names") from None
    if not found.origins:
        raise _nothing(case, path, "Give it in case.yml, with its origin")
    return found


def value(case: Case, path: str, parameters: Mapping[str, object]) -> Value:
    """The value at a path; ``* 100`` behind it turns a share into per cent.

    Raises
    ------
    InputError
        If the path names nothing in the case, or a text where a share is wanted.
    """
    plain = path.removesuffix(" * 100")
    holding = find(case, plain, parameters)
    try:
        return holding.read() if plain == path else 100 * float(holding.read())
    except _ABSENT:
        raise _nothing(case, path, "Its file, row or column is not there, or it is no number") from None


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
    return _one(Origin.OWN if name in case.replaced else declared, lambda: _cell(case, name, cell))


def _cell(case: Case, name: str, cell: list[str]) -> Value:
    table = case.customers if name == "customers" else case.tables[name]
    if not cell:
        return len(table)
    found = table.loc[table.index.astype(str) == cell[0], cell[1]].iloc[0]
    return str(found) if isinstance(found, str) else float(found)


def _criteria(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    nodes = {entry.name: entry for entry in case.entry.walk()}
    if not rest:
        return _group(nodes.values())
    entry, attribute = nodes[rest[0]], (rest[1:] or ["label"])[0]
    if attribute == "children":
        return _group(entry.children)
    if attribute == "leaves":
        return _group([below for below in entry.walk() if not below.children])
    return _one(entry.origin, {"label": entry.label, "chinese": entry.chinese}[attribute])


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
        judgement = float(table["judgement"].iloc[0])
        fraction = Fraction(judgement).limit_denominator(9)  # as it is judged, such as 1/3; a mean of experts is none
        return _one(str(table["origin"].iloc[0]), str(fraction) if math.isclose(fraction, judgement) else judgement)
    return _several(table["origin"], len(table))


def _cuts(case: Case, _: list[str], __: Mapping[str, object]) -> Holding:
    return _one(case.entry.cuts_origin, len(case.cuts))


def _quadrants(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    chosen = [entry for entry in case.entry.quadrants if not rest or entry.segment == rest[0]]
    if rest[1:]:
        told = dict.fromkeys({"label": entry.label, "chinese": entry.chinese}[rest[1]] for entry in chosen)
        return Holding(frozenset(entry.origin for entry in chosen), lambda: "、".join(told))
    return _several([entry.origin for entry in chosen], len(chosen))


def _lists(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    table, inside = case.lists[rest[0]], rest[1:]
    if not inside:
        return _several(table["origin"], len(table))
    if inside[0] in table and len(inside) == 1:
        return Holding(frozenset(map(Origin, table["origin"])), lambda: "、".join(table[inside[0]]))
    item = table.loc[inside[0]]
    return _one(str(item["origin"]), str(item[(inside[1:] or ["label"])[0]]))


def _grids(_: Case, rest: list[str], __: Mapping[str, object]) -> Holding:
    name, levels, attribute = rest[0], tuple(rest[1:3]), (rest[3:] or ["name"])[0]
    cell = {cell.levels: cell for cell in GRIDS[name].cells}[levels[0], levels[1]]
    return _one(cell.origin, {"name": cell.name, "chinese": cell.chinese}[attribute])


def _parameters(case: Case, rest: list[str], parameters: Mapping[str, object]) -> Holding:
    path = f"parameters.{rest[0]}"
    taken_over = any(re.match(rf"{re.escape(path)}\b", fact.held or "") for fact in case.facts.values())
    origin = Origin.OWN if rest[0] in case.changed else Origin.PUBLISHED if taken_over else Origin.ASSUMED
    return _one(origin, lambda: _given(parameters[rest[0]], rest[1:]))


def _random_index(case: Case, rest: list[str], _: Mapping[str, object]) -> Holding:
    table, *size = rest
    taken_over = any((fact.held or "").startswith(f"random_index.{table}.") for fact in case.facts.values())
    sizes = len(RANDOM_INDEX[table])
    return _one(
        Origin.PUBLISHED if taken_over else Origin.ASSUMED,
        lambda: random_index(int(size[0]), table) if size else sizes,
    )


def _given(given: object, position: list[str]) -> Value:
    """A parameter, or the item of a list, counted from one."""
    if position:
        items = dict(enumerate(given, start=1)) if isinstance(given, list) else {}
        return _given(items[int(position[0])], [])
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
    "random_index": _random_index,
    "facts": _facts,
}

#: How many names may follow the root of a path; the id of a fact has any number.
_LONGEST = {
    "customers": 2,
    "files": 3,
    "indicators": 0,
    "criteria": 2,
    "judgements": 3,
    "cuts": 0,
    "quadrants": 2,
    "lists": 3,
    "grids": 4,
    "parameters": 2,
    "random_index": 2,
}
