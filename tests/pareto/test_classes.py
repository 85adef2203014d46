from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import SHARES, abc_classes
from crmlib.pareto.histogram import ROUNDING

#: Amounts with many ties, returns and zeros, as a small shop has them.
amounts = st.lists(st.integers(-20, 200), min_size=1, max_size=40)
rules = st.sampled_from([(shares, by) for shares in SHARES.values() for by in ("value", "customers")])


def named(values):
    return pd.Series(values, index=[f"c{place}" for place in range(len(values))])


def begins(values, by):
    """Where each customer begins, by the definition and in fractions, so without any rounding."""
    exact = [Fraction(value) for value in values]
    if by == "customers":
        return [Fraction(sum(other > value for other in exact), len(exact)) for value in exact]
    total = sum(max(value, 0) for value in exact)
    return [sum(max(other, 0) for other in exact if other > value) / total for value in exact]


def by_definition(values, shares, by):
    cuts = [Fraction(cut) - Fraction(ROUNDING) for cut in np.cumsum(list(shares.values()))[:-1]]
    return [list(shares)[sum(begin >= cut for cut in cuts)] for begin in begins(values, by)]


@given(amounts, rules)
@settings(max_examples=10)
def test_the_classes_are_those_of_the_definition(values, rule):
    shares, by = rule
    if max(values) <= 0 and by == "value":
        with pytest.raises(InputError, match="none is positive"):
            abc_classes(named(values), shares, by)
        return
    assert list(abc_classes(named(values), shares, by).classes) == by_definition(values, shares, by)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40), rules)
def test_the_classes_of_floats_are_those_of_the_definition(values, rule):
    assert list(abc_classes(named(values), *rule).classes) == by_definition(values, *rule)


@given(amounts.filter(lambda values: max(values) > 0), rules, st.integers(1, 1000), st.randoms())
@settings(max_examples=10)
def test_relabelling_and_scaling_change_nothing(values, rule, factor, random):
    before = abc_classes(named(values), *rule)
    order = list(range(len(values)))
    random.shuffle(order)
    after = abc_classes(named(values).iloc[order] * factor, *rule)
    assert after.classes.sort_index().equals(before.classes.sort_index())


@given(amounts.filter(lambda values: max(values) > 0), rules)
@settings(max_examples=10)
def test_classes_partition_the_customers_and_their_value(values, rule):
    result = abc_classes(named(values), *rule)
    assert result.classes.notna().all()
    assert result.summary["customers"].sum() == len(values)
    assert result.summary["value"].sum() == sum(values)
    assert result.summary["value_share"].sum() == pytest.approx(1)
    assert result.limits.is_monotonic_decreasing
    worse = result.summary["lowest"].dropna().to_numpy()[:-1]
    assert (worse > result.summary["highest"].dropna().to_numpy()[1:]).all(), "a class lies wholly above the next"


@given(amounts.filter(lambda values: max(values) > 0), st.floats(0.05, 0.6), st.floats(0.05, 0.3))
@settings(max_examples=10)
def test_a_larger_first_class_loses_nobody(values, first, more):
    small = abc_classes(named(values), {"A": first, "B": 1 - first}).classes
    large = abc_classes(named(values), {"A": first + more, "B": 1 - first - more}).classes
    assert set(small.index[small == "A"]) <= set(large.index[large == "A"])


def test_a_customer_that_crosses_the_cut_alone_is_a():
    for shares in (SHARES["70/20/10"], SHARES["80/15/5"]):
        assert list(abc_classes(named([1000, 1, 1, 1, 1]), shares).classes) == ["A", "C", "C", "C", "C"]


def test_a_cut_reached_exactly_ends_the_class_whatever_the_rounding():
    assert list(abc_classes(named([0.7, 0.2, 0.1]), SHARES["70/20/10"]).classes) == ["A", "B", "C"]
    # 2.11 + 1.60 are 70 % of 5.30, but their floats are a little less.
    assert list(abc_classes(named([2.11, 1.60, 1.52, 0.07]), SHARES["70/20/10"]).classes) == ["A", "A", "B", "C"]


def test_equal_customers_share_a_class():
    assert set(abc_classes(named([5] * 7)).classes) == {"A"}
    assert list(abc_classes(named([9, 5, 5, 5]), {"few": 0.5, "many": 0.5}, "customers").classes) == ["few"] * 4


def test_one_customer_is_in_the_first_class():
    assert list(abc_classes(named([3])).classes) == ["A"]
    assert list(abc_classes(named([0]), SHARES["pyramid"], "customers").classes) == ["top"]


def test_returns_and_zeros_are_in_the_last_class_and_take_no_share_from_others():
    result = abc_classes(named([80, 15, 5, 0, -0.0, -50]))
    assert list(result.classes) == ["A", "B", "C", "C", "C", "C"]
    assert result.summary["value"].to_dict() == {"A": 80, "B": 15, "C": -45}
    assert result.summary["value_share"].to_dict() == {"A": 0.8, "B": 0.15, "C": 0.05}


@pytest.mark.parametrize(
    ("customers", "sizes"), [(1000, [10, 40, 150, 800]), (150, [2, 6, 22, 120]), (50, [1, 2, 7, 40])]
)
def test_shares_of_heads_are_rounded_up_at_every_cut(customers, sizes):
    result = abc_classes(named(np.arange(customers)), SHARES["pyramid"], "customers")
    assert result.summary["customers"].tolist() == sizes
    assert np.cumsum(sizes).tolist() == [-(-customers * cut // 100) for cut in (1, 5, 20, 100)]


def test_zero_and_minus_zero_are_the_same_value():
    result = abc_classes(named([3.0, 0.0, -0.0, -1.0]), {"few": 0.75, "many": 0.25}, "customers")
    assert list(result.classes) == ["few", "few", "few", "many"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (
            pd.Series([1.0, np.nan, np.inf], index=["p", "q", "r"]),
            "customer 'q': is missing(.|\n)*customer 'r': found inf",
        ),
        (
            pd.Series([1, None, "2", True, "many"], index=list("pqrst"), dtype=object),
            "'q': is missing(.|\n)*'r': found '2'(.|\n)*'s': found True(.|\n)*'t': found 'many'",
        ),
        (pd.Series([1, pd.NA, 2], index=list("pqr"), dtype="Int64"), "customer 'q': is missing"),
        (pd.Series([True, False], index=list("pq")), "customer 'p': found True(.|\n)*customer 'q': found False"),
        (pd.Series([1, 2, 3], index=["p", "q", "p"]), "customer 'p': given more than once"),
        (pd.Series([], dtype=float), "values: there are none"),
        (pd.Series([1, 2], index=["p", ""]), "customer in row 2: found the label ''"),
        (pd.Series([1, 2], index=[None, "p"]), "customer in row 1: found the label"),
        (pd.Series([0, 0.0, -3]), "none is positive"),
        (pd.Series([1e308, 1e308]), "too large"),
    ],
)
def test_bad_values_are_refused_with_the_customers(values, found):
    with pytest.raises(InputError, match=found):
        abc_classes(values)


@pytest.mark.parametrize("shares", [{}, {"A": 1.0}, {"A": 0.7, "B": 0.2}, {"A": 1.2, "B": -0.2}])
def test_unusable_shares_are_refused(shares):
    with pytest.raises(InputError, match="sum to 1"):
        abc_classes(named([1, 2]), shares)


def test_an_unknown_rule_is_refused():
    with pytest.raises(InputError, match="Use value, customers"):
        abc_classes(named([1]), by="heads")


def test_the_result_is_plain_in_a_dictionary():
    found = abc_classes(named([7, 2, 1]), SHARES["70/20/10"]).to_dict()
    assert found["classes"] == {"c0": "A", "c1": "B", "c2": "C"}
    assert found["limits"] == {"A": 7.0, "B": 2.0}
    assert found["summary"]["A"]["value"] == 7
    assert found["shares"] == SHARES["70/20/10"]
    assert found["by"] == "value"


def test_the_summary_counts_customers_and_their_shares():
    summary = abc_classes(named([70, 12, 8, 6, 4]), SHARES["80/15/5"]).summary
    assert summary["customers"].tolist() == [2, 2, 1]
    assert summary["customer_share"].tolist() == [0.4, 0.4, 0.2]
    assert summary["value_share"].tolist() == [0.82, 0.14, 0.04]
    assert summary["lowest"].tolist() == [12, 6, 4]
