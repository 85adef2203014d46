import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.transactions import rfm_scores, rfm_segments


def summary(recencies, frequencies, amounts):
    """A summary at T = 100 whose last purchases are so long ago."""
    columns = {"frequency": np.array(frequencies) - 1, "recency": 100.0 - np.array(recencies), "T": 100.0}
    return pd.DataFrame(
        columns | {"amount": np.array(amounts, dtype=float)}, index=[f"c{n}" for n in range(len(amounts))]
    )


tables = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6), st.integers(0, 20)), min_size=1, max_size=30).map(
    lambda rows: summary(*map(list, zip(*rows, strict=True)))
)


def test_recent_frequent_and_high_spending_customers_have_high_scores():
    scores = rfm_scores(summary([50, 40, 30, 20, 10], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]))
    assert scores.to_frame()["rfm"].to_list() == ["1-1-1", "2-2-2", "3-3-3", "4-4-4", "5-5-5"]


def test_equal_values_have_the_score_of_the_worst_of_their_places():
    scores = rfm_scores(summary([1] * 10, [1, 1, 1, 1, 1, 1, 2, 2, 3, 9], range(10))).scores
    assert scores["frequency"].to_list() == [1, 1, 1, 1, 1, 1, 4, 4, 5, 5]
    assert set(scores["recency"]) == {1}
    assert scores["monetary"].to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@given(tables, st.integers(1, 6), st.booleans())
@settings(max_examples=10)
def test_properties_of_scores(table, bins, nested):
    found = rfm_scores(table, bins=bins, nested=nested)
    assert found.scores.min().min() >= 1
    assert found.scores.max().max() <= bins
    better = found.values.assign(recency=-found.values["recency"])
    groups = {"recency": [], "frequency": ["recency"] * nested, "monetary": ["recency", "frequency"] * nested}
    for name, within in groups.items():
        for _, part in found.scores.groupby(within) if within else [(None, found.scores)]:
            ordered = part[name].groupby(better.loc[part.index, name]).agg(["min", "max"])
            assert (ordered["min"] == ordered["max"]).all()
            assert ordered["min"].is_monotonic_increasing
    shuffled = rfm_scores(table.sample(frac=1, random_state=1), bins=bins, nested=nested).scores
    pd.testing.assert_frame_equal(shuffled.loc[table.index], found.scores)


def test_nested_scores_compare_with_customers_of_the_same_recency():
    table = summary([1, 1, 9, 9], [8, 9, 1, 2], [1, 1, 1, 1])
    assert rfm_scores(table, bins=2).scores["frequency"].to_list() == [2, 2, 1, 1]
    assert rfm_scores(table, bins=2, nested=True).scores["frequency"].to_list() == [1, 2, 1, 2]


def test_a_customer_at_a_cut_belongs_below_it():
    cuts = {"recency": [4, 12], "frequency": [1, 3], "monetary": [100]}
    scores = rfm_scores(summary([4, 5, 12, 13], [1, 2, 3, 4], [100, 100.01, 99, 101]), cuts=cuts)
    assert scores.scores["recency"].to_list() == [3, 2, 2, 1]
    assert scores.scores["frequency"].to_list() == [1, 2, 2, 3]
    assert scores.scores["monetary"].to_list() == [1, 2, 1, 2]
    assert scores.highest.to_dict() == {"recency": 3, "frequency": 3, "monetary": 2}
    assert (scores.method, scores.nested) == ("cuts", False)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"bins": 0}, "whole number"),
        ({"bins": 2.5}, "whole number"),
        ({"bins": True}, "whole number"),
        ({"cuts": {"recency": [1]}}, "'frequency': is missing"),
        ({"cuts": {"recency": [2, 1], "frequency": [1], "monetary": [1]}}, "rising"),
        ({"cuts": {"recency": [np.nan], "frequency": [1], "monetary": [1]}}, "'recency' 1: found nan"),
        ({"cuts": {"recency": [1], "frequency": [1], "monetary": [1], "tenure": [1]}}, "'tenure': is unknown"),
        ({"cuts": {"recency": [1], "frequency": [1], "monetary": [1]}, "nested": True}, "Nest quantiles only"),
    ],
)
def test_other_bins_and_cuts_are_refused(options, found):
    with pytest.raises(InputError, match=found):
        rfm_scores(summary([1], [1], [1]), **options)


def test_tables_without_numbers_are_refused():
    with pytest.raises(InputError, match="column 'amount': is missing"):
        rfm_scores(summary([1], [1], [1]).drop(columns="amount"))
    with pytest.raises(InputError, match="there are none"):
        rfm_scores(summary([], [], []))
    with pytest.raises(InputError) as error:
        rfm_scores(summary([1, np.nan], [1, 1], [np.inf, 1]))
    assert [problem.where for problem in error.value.problems] == [
        "customer 'c0', column 'amount'",
        "customer 'c1', column 'recency'",
    ]


SEGMENTS = {"Champions": {"recency": (2, 2), "frequency": (2, 2)}, "Recent": {"recency": (2, 2)}, "Others": {}}


def test_the_first_segment_that_holds_a_customer_gets_him():
    scores = rfm_scores(summary([1, 1, 9, 9], [2, 3, 3, 1], [1, 1, 1, 1]), bins=2)
    named = rfm_segments(scores, SEGMENTS)
    assert named.to_list() == ["Recent", "Champions", "Others", "Others"]
    assert list(named.index) == list(scores.values.index)


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        ({}, "there are none"),
        ({"Best": {"recency": (2, 2)}}, r"scores 1-1-1, 1-1-2, 1-2-1, 1-2-2: belong to none"),
        ({"Best": {"speed": (2, 2)}, "Others": {}}, "is no measure"),
        ({"Best": {"recency": (2, 3)}, "Others": {}}, "Give two scores from 1 to 2"),
        ({"Best": {"recency": (2, 1)}, "Others": {}}, "Give two scores from 1 to 2"),
        ({"Best": {"recency": (0, 1)}, "Others": {}}, "Give two scores from 1 to 2"),
    ],
)
def test_segments_that_are_incomplete_or_wrong_are_refused(segments, found):
    with pytest.raises(InputError, match=found):
        rfm_segments(rfm_scores(summary([1, 9], [1, 2], [1, 2]), bins=2), segments)


def test_results_speak_plain_python():
    found = rfm_scores(summary([1], [2], [3]), bins=2).to_dict()
    assert found["scores"] == {"c0": {"recency": 1, "frequency": 1, "monetary": 1}}
    assert found["values"] == {"c0": {"recency": 1.0, "frequency": 2.0, "monetary": 3.0}}
