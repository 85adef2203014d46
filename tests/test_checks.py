"""One wording of every check, the same for a number, a list, an array, a series and a table."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from crmlib.checks import (
    FINITE,
    LEVEL,
    NOT_NEGATIVE,
    POSITIVE,
    check_choice,
    check_columns,
    check_labels,
    check_not_empty,
    check_numbers,
    floats,
    refuse,
    whole_from,
)
from crmlib.errors import InputError, Problem

NO_NUMBERS = ["5", "x", True, np.True_, None, np.nan, np.inf, -np.inf, pd.NA, pd.NaT, Decimal("NaN"), 10**400, [1], {}]


@pytest.mark.parametrize("bad", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize("rule", [FINITE, POSITIVE, NOT_NEGATIVE, LEVEL, whole_from(0)], ids=lambda rule: rule.remedy)
def test_what_is_no_number_is_named_wherever_it_stands(bad, rule):
    cell = np.empty((1, 2), dtype=object)
    cell[0, 0], cell[0, 1] = 0.5 if rule is LEVEL else 1, bad
    places = {
        "n 'B'": pd.Series(cell[0], index=["A", "B"]),
        "n 'A', column 'y'": pd.DataFrame(cell, index=["A"], columns=["x", "y"]),
        "n 2": list(cell[0]),
        "n 1, 2": cell,
    }
    if not isinstance(bad, list):
        places["n"] = bad
    missing = not isinstance(bad, list | dict) and pd.isna(bad)
    for place, values in places.items():
        remedy = "Fill it in, or leave it out" if missing and place != "n" else rule.remedy
        assert [(p.where, p.remedy) for p in check_numbers("n", values, rule)] == [(place, remedy)]


@pytest.mark.parametrize("good", [1, 1.0, np.int8(1), np.float32(1), Fraction(1)], ids=repr)
def test_every_kind_of_number_is_one(good):
    assert not check_numbers("n", good)
    assert not check_numbers("n", [good])
    assert floats(good) == 1
    assert floats(pd.Series([good], dtype=object)).tolist() == [1]


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (POSITIVE, [1e-300, 5], [0, -1]),
        (NOT_NEGATIVE, [0, 5], [-1e-300]),
        (LEVEL, [0.01, 0.99], [0, 1, 95]),
        (whole_from(2), [2, 3.0], [1, 2.5, -2]),
    ],
)
def test_a_rule_draws_its_line(rule, good, bad):
    assert not check_numbers("n", good, rule)
    assert len(check_numbers("n", bad, rule)) == len(bad)


def test_missing_values_may_have_a_meaning():
    answers = pd.Series([1, None, np.nan, pd.NA, "x", True], index=list("abcdef"), dtype=object)
    assert [p.where for p in check_numbers("customer", answers, missing=True)] == ["customer 'e'", "customer 'f'"]


def test_columns_are_there_and_given_once():
    table = pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"])
    assert [p.where for p in check_columns(table, ["b", "c"], "period")] == ["period 'c'", "period 'a'"]
    assert not check_columns(table[["b"]], ["b"])


def test_labels_are_given_once_and_not_empty():
    series = pd.Series(range(5), index=["a", "", None, "b", "a"])
    assert [p.where for p in check_labels("customer", series)] == [
        "customer in row 2",
        "customer in row 3",
        "customer 'a'",
    ]
    pairs = pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("a", ""), ("b", "c")]))
    assert [p.where for p in check_labels("pair", pairs)] == ["pair in row 1"]
    assert not check_labels("customer", pd.Series([1, 2]))


def test_a_choice_is_text_from_the_list():
    for value in ("c", 1, None, ["a"], {}):
        assert check_choice("by", value, ["a", "b"])[0].remedy == "Use a, b"
    assert not check_choice("by", "a", ["a", "b"])


def test_there_is_at_least_one():
    assert check_not_empty("customers", pd.Series(dtype=float))
    assert not check_not_empty("customers", [0])


def test_the_problems_of_all_checks_come_at_once():
    with pytest.raises(InputError) as error:
        refuse("The test", check_numbers("a", None), [], check_numbers("b", 1), check_numbers("c", "1"))
    assert [p.where for p in error.value.problems] == ["a", "c"]
    refuse("The test", [], check_numbers("b", 1))


def test_a_message_of_many_problems_is_short_and_counts_the_rest():
    problems = [Problem(f"row {k}", "found x", "Give a number") for k in range(100_000)]
    error = InputError("The table", [*problems, Problem("rows", "too many", "Give fewer")])
    assert len(error.problems) == 100_001
    assert len(str(error)) < 1000
    assert "row 9:" in str(error)
    assert "row 10:" not in str(error)
    assert "and 99,990 more places. Give a number." in str(error)
    assert "rows: too many. Give fewer." in str(error)


def test_a_message_of_many_kinds_counts_them_too():
    error = InputError("The table", [Problem(f"row {k}", "found x", f"Use {k}") for k in range(500)])
    assert len(str(error).splitlines()) == 12
    assert "and 490 more places of other kinds." in str(error)


def test_a_message_of_up_to_a_hundred_problems_shows_all():
    error = InputError("The table", [Problem(f"row {k}", "found x", "Give a number") for k in range(100)])
    assert len(str(error).splitlines()) == 101
