"""What a signature says of an argument is checked before the function begins."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import pytest

from crmlib.arguments import Count, Each, Finite, Level, Positive, Table, checked
from crmlib.checks import NOT_NEGATIVE
from crmlib.errors import InputError


@checked("The point")
@dataclass(frozen=True)
class Point:
    x: Finite
    others: tuple["Point", ...] = ()


def reader(hint: Any) -> Callable[[Any], Any]:
    def read(n):
        return n

    read.__annotations__ = {"n": hint}
    return checked("The test")(read)


def problems(hint, value):
    with pytest.raises(InputError) as error:
        reader(hint)(value)
    assert str(error.value).startswith("The test cannot be used:")
    return [(problem.where, problem.found, problem.remedy) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("hint", "good", "taken"),
    [
        (Positive, 2, 2),
        (float, np.float64(2), 2),
        (int, 3.0, 3),
        (Count, np.int8(3), 3),
        (float | None, None, None),
        (str | Mapping[str, float], {"a": 1}, {"a": 1}),
        (str | Mapping[str, float], "a", "a"),
        (Literal["a", "b"], "b", "b"),
        (Sequence[str], ("a", "b"), ["a", "b"]),
        (Iterable[Point], iter([Point(1)]), [Point(1)]),
        (tuple[float, ...], [1, 2, 3], (1, 2, 3)),
        (tuple[float, str], [1, "a"], (1, "a")),
        (bool, np.True_, True),
        (object, "x", "x"),
        (Callable[[float], float], abs, abs),
    ],
)
def test_what_fits_is_taken(hint, good, taken):
    found = reader(hint)(good)
    assert found == taken
    if hint in (int, Count):
        assert type(found) is int


@pytest.mark.parametrize(
    ("hint", "bad", "expected"),
    [
        (Positive, "2", ("n", "found '2'", "Give a positive number")),
        (Positive, [1], ("n", "found a list", "Give a positive number")),
        (float, np.nan, ("n", "found nan", "Give a finite number")),
        (int, 2.5, ("n", "found 2.5", "Give a whole number")),
        (int, True, ("n", "found True", "Give a whole number")),
        (float | None, "x", ("n", "found 'x'", "Give a number or None")),
        (Level | None, 95, ("n", "found 95", "Give a number between 0 and 1, such as 0.95")),
        (str, 5, ("n", "found 5", "Give text")),
        (bool, 1, ("n", "found 1", "Give True or False")),
        (Literal["a", "b"], "c", ("n", "found 'c'", "Use a, b")),
        (Sequence[str], "ab", ("n", "found 'ab'", "Give a list")),
        (Sequence[str], ["a", 5], ("n 2", "found 5", "Give text")),
        (tuple[float, float], [1], ("n", "found 1", "Give 2")),
        (Mapping[str, float], {"a": "x"}, ("n, 'a'", "found 'x'", "Give a finite number")),
        (Mapping[str, float], ["a"], ("n", "found a list", "Give a dictionary")),
        (pd.DataFrame, [1], ("n", "found a list", "Give a table (a DataFrame), or rows of equal length")),
        (pd.Series, pd.DataFrame({"a": [1], "b": [1]}), ("n", "found a DataFrame", "Give a series, or a list")),
        (pd.Series, np.ones((2, 2)), ("n", "found a ndarray", "Give a series, or a list")),
        (np.ndarray, 5, ("n", "found 5", "Give an array, or a list")),
        (Point, None, ("n", "found None", "Give a value of the class Point")),
        (Callable[[float], float], 5, ("n", "found 5", "Give a function")),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(hint, bad, expected):
    assert problems(hint, bad) == [expected]


def test_all_arguments_are_looked_at_before_the_function_begins():
    @checked("The sum")
    def add(first: Finite, second: Finite) -> float:
        raise AssertionError

    with pytest.raises(InputError) as error:
        add(None, "x")
    assert [problem.where for problem in error.value.problems] == ["first", "second"]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'second'"):
        add(1)


@pytest.mark.parametrize("values", [[1, 2], (1, 2), np.array([1, 2]), {0: 1, 1: 2}, pd.Index([1, 2]), range(1, 3)])
def test_lists_are_series_with_positions_for_labels(values):
    assert reader(Annotated[pd.Series, Each()])(values).to_dict() == {0: 1, 1: 2}


def test_each_number_is_named_by_its_label():
    customers = Annotated[pd.Series, Each("customer", NOT_NEGATIVE)]
    assert [place for place, _, _ in problems(customers, pd.Series([1, -1, None], index=["A", "B", "A"]))] == [
        "customer 'A'",
        "customer 'B'",
        "customer 'A'",
    ]
    assert problems(Annotated[pd.Series, Each()], pd.Series(["x"], index=["A"]))[0][0] == "n of 'A'"
    volumes = Annotated[pd.DataFrame, Each("customer", column="period")]
    assert problems(volumes, pd.DataFrame({1: [1, None]}, index=["A", "B"])) == [
        ("customer 'B', period 1", "is missing", "Fill it in, or leave it out")
    ]
    assert problems(volumes, pd.DataFrame([[1, 2]], columns=[1, 1]))[0][0] == "period 1"
    assert problems(Annotated[np.ndarray, Each()], [1, "x"])[0][0] == "n 2"


@pytest.mark.parametrize("empty", [[], pd.Series(dtype=float), {}])
def test_none_at_all_is_refused_unless_it_has_a_meaning(empty):
    assert problems(Annotated[pd.Series, Each()], empty) == [("n", "there are none", "Give at least one")]
    assert reader(Annotated[pd.Series, Each(empty=True)])(empty).empty


def test_numbers_become_floats_and_missing_ones_may_have_a_meaning():
    answers = Annotated[pd.Series, Each(missing=True)]
    assert reader(answers)([1, None, 3.0]).isna().tolist() == [False, True, False]
    for values in (pd.Series([1, pd.NA], dtype=object), pd.Series([1, None], dtype="Int64")):
        found = reader(answers)(values)
        assert found.dtype == float
        assert found.isna().tolist() == [False, True]
    table = pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=["x", "y"], dtype=object)
    assert reader(Annotated[pd.DataFrame, Each()])(table).dtypes.eq(float).all()


def test_a_table_has_the_columns_needed():
    needed = Annotated[pd.DataFrame, Table("channel", ("customers",))]
    found = problems(needed, pd.DataFrame({"prospects": [1, 2]}, index=["fair", "fair"]))
    assert [place for place, _, _ in found] == ["channel 'fair'", "column 'customers'"]


def test_a_class_checks_what_it_is_made_of():
    assert Point(1, [Point(2)]).others == (Point(2),)
    with pytest.raises(InputError) as error:
        Point("x", [5])
    assert [problem.where for problem in error.value.problems] == ["x", "others 1"]
