"""Arguments checked by what the signature says of them, before a function begins.

A public function states what it takes, once, in its annotations::

    @checked("The allocation")
    def allocate(budget: Positive, ceiling: Annotated[pd.Series, Each("customer", NOT_NEGATIVE)], halfway: Positive):

and every argument of another kind, number or label is refused with its place and the remedy, all of them at once. What
depends on several arguments stays in the function. A list, tuple, array or dictionary is taken for a series, and rows
of numbers for a table, their positions for the labels; numbers in columns of objects become floats.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from numbers import Number
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from crmlib.checks import (
    FINITE,
    LEVEL,
    NOT_NEGATIVE,
    POSITIVE,
    WHOLE,
    Rule,
    check_choice,
    check_columns,
    check_labels,
    check_not_empty,
    check_numbers,
    floats,
    is_number,
    refuse,
    shown,
    whole_from,
)
from crmlib.errors import Problem

__all__ = ["Count", "Each", "Finite", "Level", "NotNegative", "Positive", "Seed", "Table", "checked"]

Finite = Annotated[float, FINITE]
Positive = Annotated[float, POSITIVE]
NotNegative = Annotated[float, NOT_NEGATIVE]
Level = Annotated[float, LEVEL]
Count = Annotated[int, whole_from(1)]
Seed = Annotated[int, whole_from(0)]

Read = tuple[Any, list[Problem]]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Each:
    """Numbers in a series, a table or an array: what `rule` each keeps, and what a `label` or a `column` names.

    No label is empty or given twice. `missing` and `empty` say that a missing number, or none at all, has a meaning.
    """

    label: str = ""
    rule: Rule = FINITE
    column: str = "column"
    missing: bool = False
    empty: bool = False

    def read(self, place: str, values: Any) -> Read:
        """The numbers as floats where they were objects, and what is wrong with them."""
        name = self.label or (f"{place} of" if isinstance(values, pd.Series) else place)
        problems = [] if self.empty else check_not_empty(place, values)
        if isinstance(values, pd.Series | pd.DataFrame):
            problems += check_labels(name, values)
        if isinstance(values, pd.DataFrame):
            problems += check_columns(values, [], self.column)
        problems += check_numbers(name, values, self.rule, missing=self.missing, column=self.column)
        return (values if problems else _as_floats(values)), problems


@dataclass(frozen=True)
class Table:
    """A table with some `columns`, each once; no `label` of a row is empty or given twice."""

    label: str = "row"
    columns: tuple[str, ...] = ()

    def read(self, place: str, table: pd.DataFrame) -> Read:
        """The table, and what is wrong with it."""
        problems = [*check_not_empty(place, table), *check_labels(self.label, table)]
        return table, problems + check_columns(table, self.columns)


def checked(subject: str) -> Callable[[F], F]:
    """Check the arguments of a function, a method or a class, see above; `subject` opens the error.

    Examples
    --------
    >>> @checked("The example")
    ... def half(of: Positive) -> float:
    ...     return of / 2
    >>> half(3)
    1.5
    >>> half("3")
    Traceback (most recent call last):
    ...
    crmlib.errors.InputError: The example cannot be used:
      - of: found '3'. Give a positive number.
    """

    def decorate(function: Any) -> Any:
        if isinstance(function, type):
            function.__init__ = decorate(function.__init__)  # type: ignore[misc]
            return function
        signature = inspect.signature(function)
        hints = cache(lambda: get_type_hints(function, include_extras=True))

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError:
                return function(*args, **kwargs)  # Python's own words name the argument
            read = {name: _read(hints().get(name, Any), name, value) for name, value in bound.arguments.items()}
            refuse(subject, *(problems for _, problems in read.values()))
            bound.arguments.update({name: value for name, (value, _) in read.items()})
            return function(*bound.args, **bound.kwargs)

        return call

    return decorate


def _read(hint: Any, place: str, value: Any) -> Read:
    """The value as the function takes it, and what is wrong with it."""
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind is Annotated:
        return _by_rule(parts[0], parts[1], place, value)
    if kind in (Union, UnionType):
        return _by_the_first_that_fits(parts, place, value)
    if kind in (float, int):
        return _by_rule(kind, FINITE if kind is float else WHOLE, place, value)
    if kind is Literal:
        return value, check_choice(place, value, parts)
    if not _fits(kind, value):
        return value, [Problem(place, _found(value), f"Give {_words(kind)}")]
    if kind is pd.Series:
        return _series(value), []
    if kind is pd.DataFrame:
        return (value if isinstance(value, pd.DataFrame) else pd.DataFrame(value)), []
    if kind is np.ndarray:
        return (value if isinstance(value, np.ndarray) else _array(value)), []
    if kind in _DICTIONARIES:
        read = {key: _read(parts[1] if parts else Any, f"{place}, {shown(key)}", each) for key, each in value.items()}
        return {key: each for key, (each, _) in read.items()}, [
            bad for _, problems in read.values() for bad in problems
        ]
    return _members(kind, parts, place, list(value)) if kind in _LISTS else (value, [])


def _by_rule(kind: Any, rule: Any, place: str, value: Any) -> Read:
    if kind not in (float, int):
        value, problems = _read(kind, place, value)
        return (value, problems) if problems else rule.read(place, value)
    problems = check_numbers(place, value, rule) if is_number(value) else [Problem(place, _found(value), rule.remedy)]
    return (value if problems or kind is float else int(value)), problems


def _by_the_first_that_fits(kinds: tuple[Any, ...], place: str, value: Any) -> Read:
    for kind in kinds:
        if _fits(_plain(kind), value):
            return _read(kind, place, value)
    return value, [Problem(place, _found(value), f"Give {' or '.join(_words(_plain(kind)) for kind in kinds)}")]


def _members(kind: Any, kinds: tuple[Any, ...], place: str, values: list[Any]) -> Read:
    """The members of a list; of a tuple of fixed length also how many there are."""
    fixed = kind is tuple and kinds and kinds[-1] is not Ellipsis
    if fixed and len(values) != len(kinds):
        return values, [Problem(place, f"found {len(values)}", f"Give {len(kinds)}")]
    hints = kinds if fixed else [kinds[0] if kinds else Any] * len(values)
    read = [_read(hint, f"{place} {k}", value) for k, (hint, value) in enumerate(zip(hints, values, strict=True), 1)]
    members = [value for value, _ in read]
    return (tuple(members) if kind is tuple else members), [bad for _, problems in read for bad in problems]


_LISTS = (list, tuple, Sequence, Collection, Iterable)
_DICTIONARIES = (dict, Mapping)
_NO_LIST = (str, bytes, Mapping, pd.DataFrame)
_NUMBERS = (list, tuple, range, pd.Series, pd.Index)


def _fits(kind: Any, value: Any) -> bool:
    """Whether the value is of the kind, or of one that stands for it."""
    if kind in (Any, object) or isinstance(kind, TypeVar):
        return True
    if kind in (float, int):
        return is_number(value)
    if kind is bool:
        return isinstance(value, bool | np.bool_)
    if kind is pd.Series:
        column = (isinstance(value, np.ndarray) and value.ndim == 1) or _one_column(value)
        return column or isinstance(value, (*_NUMBERS, Mapping))
    if kind is pd.DataFrame:
        return isinstance(value, pd.DataFrame) or _are_rows(value)
    if kind is np.ndarray:
        return isinstance(value, (*_NUMBERS, np.ndarray))
    if kind in _LISTS:
        return isinstance(value, Iterable) and not isinstance(value, _NO_LIST)
    return callable(value) if kind is Callable else isinstance(value, kind)


def _are_rows(value: Any) -> bool:
    """Whether the value is a table by position: an array of two dimensions, or rows of equal length."""
    if isinstance(value, np.ndarray):
        return value.ndim == 2
    rows = isinstance(value, list | tuple) and len(value) > 0 and all(isinstance(row, list | tuple) for row in value)
    return rows and len({len(row) for row in value}) == 1


def _plain(hint: Any) -> Any:
    """A kind without its members and rules."""
    kind = get_origin(hint) or hint
    return _plain(get_args(hint)[0]) if kind is Annotated else str if kind is Literal else kind


_WORDS: dict[Any, str] = {
    pd.DataFrame: "a table (a DataFrame), or rows of equal length",
    pd.Series: "a series, or a list",
    np.ndarray: "an array, or a list",
    str: "text",
    bool: "True or False",
    float: "a number",
    int: "a whole number",
    NoneType: "None",
    date: "a day, as 2019-12-31",
    Callable: "a function",
    **dict.fromkeys(_LISTS, "a list"),
    **dict.fromkeys(_DICTIONARIES, "a dictionary"),
}


def _words(kind: Any) -> str:
    return _WORDS.get(kind, f"a value of the class {kind.__name__}")


def _found(value: object) -> str:
    plain = value is None or isinstance(value, str | bool | np.generic | Number | date)
    return f"found {shown(value)}" if plain else f"found a {type(value).__name__}"


def _one_column(value: Any) -> bool:
    return isinstance(value, pd.DataFrame) and value.shape[1] == 1


def _series(values: Any) -> pd.Series:
    """A list, a dictionary, or a table of one column as a series."""
    if isinstance(values, pd.DataFrame):
        return values.iloc[:, 0]
    return values if isinstance(values, pd.Series) else pd.Series(values, dtype=None if len(values) else float)


def _array(values: Any) -> np.ndarray:
    """A list as an array; what is no number stays what it is."""
    if isinstance(values, pd.Series | pd.Index):
        return values.to_numpy()
    entries = list(values)
    array = np.array(entries) if all(map(is_number, entries)) else np.empty(len(entries), dtype=object)
    if array.dtype == object:
        array[:] = entries
    return array


def _as_floats(values: Any) -> Any:
    """Numbers that pandas holds as objects or with its own mark for missing ones as floats; others as they are."""
    if isinstance(values, pd.DataFrame):
        same = all(isinstance(kind, np.dtype) and kind.kind in "iuf" for kind in values.dtypes)
        return values if same else pd.DataFrame(floats(values), index=values.index, columns=values.columns)
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf":
        return values
    return pd.Series(floats(values), index=values.index) if isinstance(values, pd.Series) else floats(values)
