import itertools
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import (
    Criterion,
    Segments,
    TreeWeights,
    judgement_matrix,
    segment_sensitivity,
    tornado,
    tree_scores,
    tree_weights,
    weight_sensitivity,
)
from crmlib.cases import load_case
from crmlib.errors import InputError
from crmlib.matrix import value_matrix
from crmlib.scaling import scale

NAMES = {("high", "high"): "HH", ("high", "low"): "HL", ("low", "high"): "LH", ("low", "low"): "LL"}
LEAVES = ["a1", "a2", "a3", "b1", "c1", "c2"]
STEP = 1e-7  # how far beside an exact weight the scores are recomputed

judgement = st.sampled_from([1 / 9, 1 / 4, 1 / 2, 1.0, 3.0, 5.0, 9.0])
value = st.integers(-20, 20).map(lambda k: k / 10)


@st.composite
def trees(draw):
    """Three criteria with three, one and two leaves; the middle one has an only child."""
    j = [draw(judgement) for _ in range(7)]
    a = Criterion("a", tuple(map(Criterion, LEAVES[:3])), judgement_matrix([j[:2], [j[2]]], LEAVES[:3]))
    b = Criterion("b", (Criterion("b1"),))
    c = Criterion("c", tuple(map(Criterion, LEAVES[4:])), judgement_matrix([[j[3]]], LEAVES[4:]))
    return Criterion("top", (a, b, c), judgement_matrix([j[4:6], [j[6]]], ["a", "b", "c"]))


@st.composite
def customers(draw, largest=5):
    size = draw(st.integers(2, largest))
    rows = draw(st.lists(st.tuples(*[value] * 6), min_size=size, max_size=size))
    return pd.DataFrame(rows, columns=LEAVES, index=[f"k{position}" for position in range(size)])


def scores_with(tree: Criterion, weights: TreeWeights, name: str, weight: float, scaled: pd.DataFrame) -> dict:
    """Scores on every node when one node has another local weight, worked out up the tree; arrays over customers."""
    local = weights.local_weights.to_dict()
    parent = next(node for node in tree.walk() if name in [child.name for child in node.children])
    rest = (1 - weight) / (1 - local[name])
    local |= {child.name: local[child.name] * rest for child in parent.children} | {name: weight}
    found = {}

    def score(node):
        below = [local[child.name] * score(child) for child in node.children]
        found[node.name] = sum(below) if below else scaled[node.name].to_numpy()
        return found[node.name]

    score(tree)
    return found


def with_weight(weights: TreeWeights, tree: Criterion, name: str, weight: float) -> TreeWeights:
    """The weights of the tree when one node directly below the root has another local weight."""
    children = [child.name for child in tree.children]
    factor = pd.Series((1 - weight) / (1 - weights.local_weights[name]), index=children)
    factor[name] = weight / weights.local_weights[name]
    total = weights.global_weights.copy()
    for child in tree.children:
        total[[node.name for node in child.walk()]] *= factor[child.name]
    return replace(weights, global_weights=total, leaf_weights=total[list(tree.leaves)])


def lubricant():
    case = load_case("lubricant")
    return case, tree_weights(case.tree), scale(case.customers, costs=case.costs)


@settings(max_examples=10)
@given(trees(), customers(), st.sampled_from(["top", "a", "c"]), st.floats(0, 1))
def test_scores_are_those_of_the_tree_with_the_changed_weight(tree, scaled, score, weight):
    weights = tree_weights(tree)
    found = weight_sensitivity(tree, weights, scaled, score)
    assert list(found.intervals.index) == ["a", "a1", "a2", "a3", "b", "c", "c1", "c2"]
    for node in found.intervals.index:
        expected = scores_with(tree, weights, node, weight, scaled)[score]
        assert found.scores_at(node, [weight])[weight].to_numpy() == pytest.approx(expected, abs=1e-9)


@settings(max_examples=10)
@given(trees(), customers())
def test_customers_swap_exactly_at_the_crossings_and_nowhere_else(tree, scaled):
    weights = tree_weights(tree)
    found = weight_sensitivity(tree, weights, scaled)

    def lead(node, weight, leader, follower):
        scores = pd.Series(scores_with(tree, weights, node, weight, scaled)["top"], scaled.index)
        return scores[leader] - scores[follower]

    for node in found.intervals.index:
        crossings = found.crossings[found.crossings["node"] == node]
        swapped = set()
        for row in crossings.itertuples():
            swapped.add(frozenset([row.leader, row.follower]))
            if STEP < row.weight < 1 - STEP:
                before, after = (lead(node, row.weight + way, row.leader, row.follower) for way in (-STEP, STEP))
                assert before * after < 0
        for pair in itertools.combinations(scaled.index, 2):
            ends = [lead(node, weight, *pair) for weight in (0.0, 1.0)]
            if min(map(abs, ends)) > 1e-9:
                assert (frozenset(pair) in swapped) == (ends[0] * ends[1] < 0)


@settings(max_examples=10)
@given(trees(), customers())
def test_intervals_reach_to_the_nearest_crossings(tree, scaled):
    found = weight_sensitivity(tree, tree_weights(tree), scaled)
    for node, row in found.intervals.iterrows():
        at = found.crossings.loc[found.crossings["node"] == node, "weight"]
        assert row["lower"] == max([0.0, *at[at <= row["weight"]]])
        assert row["upper"] == min([1.0, *at[at >= row["weight"]]])
        assert (row["lower_change"] == "") == (not (at <= row["weight"]).any())
        assert (row["upper_change"] == "") == (not (at >= row["weight"]).any())


@settings(max_examples=10)
@given(trees(), customers(), st.randoms(use_true_random=False), st.floats(0.1, 10))
def test_relabelling_and_rescaling_customers_changes_nothing_else(tree, scaled, random, factor):
    weights = tree_weights(tree)
    segments = Segments(("a", "c"), NAMES)
    order = list(scaled.index)
    random.shuffle(order)
    ends = ["weight", "lower", "upper"]
    plain, other = (weight_sensitivity(tree, weights, frame) for frame in (scaled, factor * scaled.loc[order]))
    pd.testing.assert_frame_equal(plain.intervals[ends], other.intervals[ends], atol=1e-9)
    plain, other = (
        segment_sensitivity(tree, weights, frame, segments).intervals for frame in (scaled, factor * scaled.loc[order])
    )
    pd.testing.assert_frame_equal(plain, other.loc[plain.index], atol=1e-9)


@settings(max_examples=10)
@given(
    trees(),
    customers(),
    st.sampled_from([("a", "c"), ("top", "a"), ("c1", "top")]),
    st.sampled_from(["mean", "median", "given"]),
    st.booleans(),
)
def test_segments_hold_within_their_interval_and_change_beyond_it(tree, scaled, nodes, rule, line_is_high):
    weights = tree_weights(tree)
    threshold = dict(zip(nodes, (0.05, -0.15), strict=True)) if rule == "given" else rule
    segments = Segments(nodes, NAMES, threshold, line_is_high)

    def segments_at(node, weight):
        found = scores_with(tree, weights, node, weight, scaled)
        return dict(zip(scaled.index, segments.of(np.stack([found[name] for name in nodes], axis=-1)), strict=True))

    intervals = segment_sensitivity(tree, weights, scaled, segments).intervals
    present = value_matrix(
        tree_scores(tree, weights, scaled)[list(nodes)], NAMES, threshold, line_is_high=line_is_high
    ).table["quadrant"]
    for (node, customer), row in intervals.iterrows():
        assert row["segment"] == present[customer]
        assert row["lower"] <= row["weight"] <= row["upper"]
        for weight in np.linspace(row["lower"], row["upper"], 7)[1:-1]:
            if row["upper"] - row["lower"] > 10 * STEP:
                assert segments_at(node, weight)[customer] == row["segment"]
        for weight, beyond in (
            (row["lower"] - STEP, row["lower_segment"]),
            (row["upper"] + STEP, row["upper_segment"]),
        ):
            if beyond and 0 < weight < 1:
                assert segments_at(node, weight)[customer] == beyond != row["segment"]


def test_the_lubricant_ranking_and_its_narrowest_interval():
    case, weights, scaled = lubricant()
    found = weight_sensitivity(case.tree, weights, scaled)
    row = found.intervals.loc["current_value"]
    assert (row["lower_change"], row["upper_change"]) == ("6 overtakes 2", "2 overtakes 4")
    for end, pair in (("lower", ["6", "2"]), ("upper", ["2", "4"])):
        leads = []
        for weight in (row[end] - STEP, row[end], row[end] + STEP):
            scores = tree_scores(case.tree, with_weight(weights, case.tree, "current_value", weight), scaled)
            leads.append(scores.loc[pair[0], "customer_value"] - scores.loc[pair[1], "customer_value"])
        assert leads[0] < 0 < leads[2] or leads[2] < 0 < leads[0]
        assert leads[1] == pytest.approx(0, abs=1e-12)
    json.dumps(found.to_dict())


def test_the_lubricant_segments_are_those_of_the_value_matrix():
    case, weights, scaled = lubricant()
    nodes = ("current_value", "potential_value")
    found = segment_sensitivity(case.tree, weights, scaled, Segments(nodes, case.quadrants))
    expected = value_matrix(tree_scores(case.tree, weights, scaled)[list(nodes)], case.quadrants).table["quadrant"]
    for _, rows in found.to_frame().groupby("node"):
        assert rows["segment"].to_list() == expected.to_list()
    # How current and potential value weigh against each other decides no segment.
    assert (found.intervals.loc[list(nodes), ["lower", "upper"]] == [0.0, 1.0]).all(axis=None)
    json.dumps(found.to_dict())


def test_lines_that_only_touch_at_an_end_change_nothing():
    tree = Criterion("top", (Criterion("x"), Criterion("y")), judgement_matrix([[3]], ["x", "y"]))
    scaled = pd.DataFrame({"x": [0.3, 0.1 + 0.2], "y": [0.0, 1.0]}, index=["A", "B"])
    found = weight_sensitivity(tree, tree_weights(tree), scaled)
    assert found.crossings.empty
    assert (found.intervals[["lower", "upper"]] == [0.0, 1.0]).all(axis=None)


def test_customers_who_stand_equal_swap_at_the_present_weight():
    tree = Criterion("top", (Criterion("x"), Criterion("y")), judgement_matrix([[1]], ["x", "y"]))
    scaled = pd.DataFrame({"x": [1.0, 0.0, 1.0], "y": [0.0, 1.0, 0.0]}, index=["A", "B", "copy of A"])
    found = weight_sensitivity(tree, tree_weights(tree), scaled)
    assert found.intervals.loc["x", ["lower", "upper"]].to_list() == [0.5, 0.5]
    assert set(zip(found.crossings["leader"], found.crossings["follower"], strict=True)) == {
        ("A", "B"),
        ("B", "copy of A"),
    }


@settings(max_examples=10)
@given(trees(), customers(), st.floats(0.01, 0.9), st.booleans())
def test_the_tornado_is_the_score_with_the_changed_weights(tree, scaled, change, relative):
    weights = tree_weights(tree)
    found = tornado(tree, weights, scaled, "k0", "k1", change=change, relative=relative)
    assert found.bars["swing"].is_monotonic_decreasing
    base = tree_scores(tree, weights, scaled)["top"]
    assert found.base == pytest.approx(base["k0"] - base["k1"], abs=1e-12)
    for node, row in found.bars.iterrows():
        step = change * row["weight"] if relative else change
        for end, weight in (("low", max(row["weight"] - step, 0)), ("high", min(row["weight"] + step, 1))):
            scores = scores_with(tree, weights, node, weight, scaled)["top"]
            assert row[f"{end}_weight"] == pytest.approx(weight, abs=1e-12)
            assert row[end] == pytest.approx(scores[0] - scores[1], abs=1e-9)


def test_the_tornado_says_whose_it_is():
    case, weights, scaled = lubricant()
    assert tornado(case.tree, weights, scaled, "4").subject == "4"
    found = tornado(case.tree, weights, scaled, "4", "2", score="current_value")
    assert (found.subject, found.score) == ("4 minus 2", "current_value")
    assert found.bars.loc["loyalty", "swing"] == 0
    json.dumps(found.to_dict())


@pytest.mark.parametrize(
    ("arguments", "where"),
    [({"customer": "nobody"}, "nobody"), ({"versus": "none"}, "none"), ({"change": 0}, "change")],
)
def test_a_tornado_of_nothing_is_refused(arguments, where):
    case, weights, scaled = lubricant()
    with pytest.raises(InputError, match=where):
        tornado(case.tree, weights, scaled, **({"customer": "1"} | arguments))


def test_bad_customers_are_named():
    case, weights, scaled = lubricant()
    scaled = scaled.astype(object)
    scaled.iloc[1, 2] = None
    scaled.iloc[3, 0] = "many"
    scaled.index = ["1", "2", "3", "4", "5", "5", "7"]
    with pytest.raises(InputError) as caught:
        weight_sensitivity(case.tree, weights, scaled, "value")
    assert [problem.where for problem in caught.value.problems] == [
        "customer '5'",
        "customer '2', column 'service_cost'",
        "customer '4', column 'gross_profit'",
    ]
    with pytest.raises(InputError, match=r"leaf .*: is missing"):
        segment_sensitivity(
            case.tree, weights, scaled.iloc[[0], 1:], Segments(("current_value", "potential_value"), NAMES)
        )
