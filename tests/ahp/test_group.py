"""Groups of experts: acceptance cases, the consensus of AHP-OS, outlying experts, errors."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import AGGREGATIONS, aggregate_judgements, consensus, group_weights, judgement_matrix, priority_weights
from crmlib.errors import InputError

CASES = {
    case["name"]: case
    for case in json.loads((Path(__file__).parents[1] / "reference" / "ahp_cases.json").read_text("utf-8"))
    if case["kind"] == "group"
}
JUDGEMENTS = st.sampled_from([1 / 9, 1 / 5, 1 / 3, 1 / 2, 1, 2, 3, 4, 7, 9])


def experts_of(case):
    return {f"expert {k}": judgement_matrix(matrix) for k, matrix in enumerate(case["matrices"])}


def matrix(*upper, names=("a", "b", "c")):
    rows = iter(upper)
    return judgement_matrix([[next(rows) for _ in range(length)] for length in range(len(names) - 1, 0, -1)], names)


@st.composite
def groups(draw):
    """Two to five experts on four criteria, with shares."""
    names = [f"expert {k}" for k in range(draw(st.integers(2, 5)))]
    upper = st.lists(JUDGEMENTS, min_size=6, max_size=6)
    experts = {name: matrix(*draw(upper), names="abcd") for name in names}
    parts = [draw(st.integers(1, 9)) for _ in names]
    return experts, {name: part / sum(parts) for name, part in zip(names, parts, strict=True)}


def test_acceptance_case_aij():
    case = CASES["group_aij_3x3"]
    result = group_weights(experts_of(case), "judgements", "geometric_mean")
    np.testing.assert_allclose(result.judgements, case["aggregated_matrix"], rtol=1e-12)
    np.testing.assert_allclose(result.weights, case["expected_weights"], rtol=0, atol=case["tolerance"])


def test_acceptance_case_aip_arithmetic():
    case = CASES["group_aip_arith_3x3"]
    result = group_weights(experts_of(case), "priorities_arithmetic", "geometric_mean")
    np.testing.assert_allclose(result.weights, case["expected_weights"], rtol=0, atol=case["tolerance"])


@settings(max_examples=12)
@given(groups())
def test_aij_equals_aip_under_the_geometric_mean(group):
    experts, shares = group
    one = group_weights(experts, "judgements", "geometric_mean", shares=shares)
    other = group_weights(experts, "priorities_geometric", "geometric_mean", shares=shares)
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-12)
    assert one.weights.sum() == pytest.approx(1)


@settings(max_examples=12)
@given(groups())
def test_a_share_counts_like_as_many_experts(group):
    first, second, *_ = group[0].values()
    for aggregation in AGGREGATIONS:
        shared = group_weights({"x": first, "y": second}, aggregation, shares={"x": 2 / 3, "y": 1 / 3})
        repeated = group_weights({"x": first, "x again": first, "y": second}, aggregation)
        np.testing.assert_allclose(shared.weights, repeated.weights, rtol=1e-10)
        np.testing.assert_allclose(shared.judgements, repeated.judgements, rtol=1e-10)
        assert shared.consensus.indicator == pytest.approx(repeated.consensus.indicator)


@settings(max_examples=12)
@given(groups())
def test_the_order_of_experts_and_of_criteria_does_not_matter(group):
    experts, shares = group
    turned = {name: experts[name].iloc[::-1, ::-1] for name in reversed(experts)}
    one, other = group_weights(experts, shares=shares), group_weights(turned, shares=shares)
    np.testing.assert_allclose(other.weights[one.weights.index], one.weights, rtol=1e-9)
    np.testing.assert_allclose(other.experts.loc[one.experts.index, "distance"], one.experts["distance"], atol=1e-12)
    assert other.consensus.indicator == pytest.approx(one.consensus.indicator)


@settings(max_examples=12)
@given(groups())
def test_consensus_goepel2018_equation_by_equation(group):
    weights = group_weights(group[0]).expert_weights
    k, n, scale = len(weights), weights.shape[1], 9
    alpha = sum(-p * math.log(p) for row in weights.to_numpy() for p in row) / k
    mean = [sum(weights[name]) / k for name in weights]
    gamma = sum(-p * math.log(p) for p in mean)
    top, rest = scale / (n + scale - 1), 1 / (n + scale - 1)
    smallest_alpha = -top * math.log(top) - (n - 1) * rest * math.log(rest)
    correction = math.exp(math.log(n)) / math.exp(smallest_alpha)
    expected = (1 / math.exp(gamma - alpha) - 1 / correction) / (1 - 1 / correction)
    result = consensus(weights)
    assert result.indicator == pytest.approx(expected, abs=1e-12)
    assert (result.alpha, result.gamma) == (pytest.approx(alpha), pytest.approx(gamma))
    assert result.beta >= -1e-12


def test_consensus_is_1_for_equal_experts_and_0_for_extreme_ones():
    same = group_weights({"Ann": matrix(2, 4, 2), "Bo": matrix(2, 4, 2)})
    assert same.consensus.indicator == pytest.approx(1)
    extreme = np.full((3, 3), 1 / 11) + np.eye(3) * 8 / 11
    assert consensus(pd.DataFrame(extreme)).indicator == pytest.approx(0)


def test_an_outlying_expert_stands_apart():
    experts = {f"expert {k}": matrix(2, 4, v) for k, v in enumerate([2, 2, 3, 2])} | {"rebel": matrix("1/7", "1/9", 1)}
    result = group_weights(experts)
    assert list(result.experts.index[result.experts["outlying"]]) == ["rebel"]
    without = {name: m for name, m in experts.items() if name != "rebel"}
    others = aggregate_judgements(without)
    apart = [math.log(experts["rebel"].loc[i, j] / others.loc[i, j]) for i, j in ("ab", "ac", "bc")]
    assert result.experts.loc["rebel", "distance"] == pytest.approx(math.sqrt(sum(x * x for x in apart) / 3))
    spread = [math.log(m.loc[i, j] / others.loc[i, j]) ** 2 for m in without.values() for i, j in ("ab", "ac", "bc")]
    assert result.experts.loc["rebel", "spread_of_others"] == pytest.approx(math.sqrt(sum(spread) / 12))
    assert not group_weights(without).experts["outlying"].any()


def test_three_experts_have_no_outlier_and_one_no_distance():
    three = group_weights({"x": matrix(2, 4, 2), "y": matrix(2, 4, 2), "z": matrix("1/9", "1/9", 1)})
    assert not three.experts["outlying"].any()
    one = group_weights({"x": matrix(2, 4, 2)})
    assert one.experts["distance"].tolist() == [0]
    np.testing.assert_allclose(one.weights, priority_weights(matrix(2, 4, 2)))


def test_consistency_of_each_expert_and_of_the_group():
    result = group_weights({"x": matrix(2, 4, 2), "y": matrix(9, "1/9", 9)})
    assert result.experts.loc["x", "consistency_ratio"] == pytest.approx(0, abs=1e-9)
    assert result.experts.loc["y", "consistency_ratio"] > 1
    assert 0 < result.consistency_ratio < result.experts.loc["y", "consistency_ratio"]


@pytest.mark.parametrize(
    ("experts", "shares", "expected"),
    [
        ({}, None, "there are none"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2, names=("a", "b", "d"))}, None, "expert y"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2).replace(2, np.nan)}, None, "expert y, a against c"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2) * 2}, None, "expert y, a against itself"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2)}, {"x": 0.6, "y": 0.6}, "sum to 1.2"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2)}, {"x": 1.5, "y": -0.5}, "share of y: found -0.5"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2)}, {"x": math.nan, "y": 1}, "share of x: found nan"),
        ({"x": matrix(1, 2, 2), "y": matrix(1, 2, 2)}, {"x": 1}, "expert y: has no share"),
        ({"x": matrix(1, 2, 2)}, {"x": 0.5, "z": 0.5}, "share of z: there is no such expert"),
        ({"x": judgement_matrix([[1]], ["a"])}, None, "at least two"),
    ],
)
def test_unusable_groups(experts, shares, expected):
    with pytest.raises(InputError, match=expected):
        group_weights(experts, shares=shares)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (pd.DataFrame({"a": [0.5], "b": [0.6]}, index=["x"]), "expert x"),
        (pd.DataFrame({"a": [1.0], "b": [0.0]}, index=["x"]), "expert x"),
        (pd.DataFrame({"a": [1.0]}, index=["x"]), "at least two"),
        (pd.DataFrame({"a": [], "b": []}), "there are none"),
    ],
)
def test_unusable_weights_for_a_consensus(weights, expected):
    with pytest.raises(InputError, match=expected):
        consensus(weights)


def test_unknown_aggregation_and_method():
    with pytest.raises(InputError, match="priorities_geometric"):
        group_weights({"x": matrix(1, 2, 2)}, "mean")
    with pytest.raises(InputError, match="eigenvector"):
        group_weights({"x": matrix(1, 2, 2)}, method="mean")


def test_result_in_plain_types_and_as_a_table():
    result = group_weights({"x": matrix(1, 2, 2), "y": matrix(3, 2, 2)})
    assert json.loads(json.dumps(result.to_dict()))["experts"]["x"]["share"] == 0.5
    assert list(result.to_frame()) == [
        "a",
        "b",
        "c",
        "share",
        "consistency_ratio",
        "distance",
        "spread_of_others",
        "outlying",
    ]
