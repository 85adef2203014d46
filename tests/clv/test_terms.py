import numpy as np
import pandas as pd
import pytest

from crmlib.clv.terms import BOUNDS, align
from crmlib.errors import InputError

BOTH = pd.Series({"A": 1.0, "B": 2.0})


def test_numbers_are_for_everybody_and_series_are_matched_by_label():
    terms = align("x", {"m": "money", "r": "rate", "n": "periods"}, m=BOTH, r=BOTH[::-1] / 10, n=np.inf)
    assert terms.table["r"].to_dict() == {"A": 0.1, "B": 0.2}
    assert terms.table["n"].tolist() == [np.inf, np.inf]
    assert not terms.single
    assert terms.answer(terms["m"]).equals(BOTH)


def test_a_question_about_one_gets_a_plain_number():
    terms = align("x", {"m": "money"}, m=3)
    assert terms.single
    assert terms.answer(terms["m"]) == 3.0
    assert type(terms.answer(terms["m"])) is float


@pytest.mark.parametrize("bad", [np.nan, np.inf, None, pd.NA, "5", True, np.True_, [1.0]])
@pytest.mark.parametrize("kind", BOUNDS)
def test_what_is_no_number_is_refused_for_every_kind(kind, bad):
    if kind == "periods" and bad is np.inf:
        assert align("x", {"n": kind}, n=bad)["n"][0] == np.inf
        return
    with pytest.raises(InputError, match="n: found "):
        align("x", {"n": kind}, n=bad)
    series = pd.Series([0.5, bad], index=["A", "B"], dtype=object)
    with pytest.raises(InputError, match=r"n of customer 'B': (found |is missing)"):
        align("x", {"n": kind}, n=series)


def test_missing_values_of_pandas_own_integers_are_refused():
    with pytest.raises(InputError, match="n of customer 1: is missing"):
        align("x", {"n": "money"}, n=pd.Series([1, None], dtype="Int64"))


@pytest.mark.parametrize(
    ("kind", "value", "remedy"),
    [
        ("rate", -1, "Give a number above -1 and at most 5"),
        ("growth", -1.01, "Give a number from -1"),
        ("probability", 1.2, "Give a number from 0 to 1"),
        ("probability", -0.2, "Give a number from 0 to 1"),
        ("periods", 2.5, "Give a whole number from 0, or infinity"),
        ("periods", -np.inf, "Give a whole number from 0, or infinity"),
        ("cost", -1, "Give a number from 0"),
        ("positive", 0, "Give a number above 0"),
        ("count", 1.5, "Give a whole number from 0"),
    ],
)
def test_bounds_are_kept_and_named(kind, value, remedy):
    with pytest.raises(InputError) as error:
        align("x", {"n": kind}, n=value)
    assert f"n: found {value!r}. {remedy}." in str(error.value)


def test_all_bad_places_are_listed_at_once():
    with pytest.raises(InputError) as error:
        align("x", {"m": "money", "r": "rate"}, m=pd.Series({"A": np.nan, "B": np.inf}), r=-2)
    assert len(error.value.problems) == 3


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (pd.Series({"A": 1.0, "C": 2.0}), "r: customers ['B', 'C'] are not in every series"),
        (pd.Series([1.0, 2.0, 3.0], index=["A", "B", "B"]), "r of customer 'B': given more than once"),
        (pd.Series([1.0, 2.0, 3.0], index=["A", "B", "C"]), "r: customers ['C'] are not in every series"),
    ],
)
def test_labels_must_match_and_be_unique(other, message):
    with pytest.raises(InputError) as error:
        align("x", {"m": "money", "r": "money"}, m=BOTH, r=other)
    assert message in str(error.value)


def test_nobody_is_refused():
    with pytest.raises(InputError, match="there are none"):
        align("x", {"m": "money"}, m=pd.Series(dtype=float))


def test_the_callers_customers_come_in_the_callers_order():
    terms = align("x", {"m": "money", "r": "rate"}, pd.Index(["B", "A"]), m=BOTH, r=0.1)
    assert terms.table["m"].to_dict() == {"B": 2.0, "A": 1.0}
    assert list(terms.table.index) == ["B", "A"]
    with pytest.raises(InputError, match="customer 'B': given more than once"):
        align("x", {"r": "rate"}, pd.Index(["B", "B"]), r=0.1)
