import json
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import (
    METHODS,
    Criterion,
    Segments,
    judgement_matrix,
    simulate_judgements,
    tree_scores,
    tree_weights,
)
from crmlib.ahp.simulation import _matrices
from crmlib.cases import load_case
from crmlib.errors import InputError
from crmlib.matrix import value_matrix
from crmlib.scaling import scale

NODES = ("current_value", "potential_value")


def lubricant(method="eigenvector"):
    case = load_case("lubricant")
    return case, tree_weights(case.tree, method), scale(case.customers, costs=case.costs)


def pair(judgement, largest=9):
    judgements = judgement_matrix([[judgement]], ["x", "y"], largest=largest)
    tree = Criterion("top", (Criterion("x"), Criterion("y")), judgements)
    return tree, tree_weights(tree), pd.DataFrame({"x": [1.0, 0.0], "y": [0.0, 1.0]}, index=["A", "B"])


def with_judgements(node: Criterion, drawn: dict) -> Criterion:
    children = tuple(with_judgements(child, drawn) for child in node.children)
    return Criterion(node.name, children, drawn.get(node.name))


@pytest.mark.parametrize("method", METHODS)
def test_every_draw_is_the_tree_with_the_drawn_judgements(method):
    case, weights, scaled = lubricant(method)
    draws, limit = 25, 0.08
    drawn = [{} for _ in range(draws)]
    for nodes, matrices in _matrices(case.tree, draws, 2.5, np.random.default_rng(7)):
        for position, node in enumerate(nodes):
            for draw in range(draws):
                names = list(node.judgements)
                drawn[draw][node.name] = pd.DataFrame(matrices[draw, position], index=names, columns=names)
    places, quadrants, leaves = [], [], []
    for judgements in drawn:
        tree = with_judgements(case.tree, judgements)
        now = tree_weights(tree, method)
        if now.consistency["consistency_ratio"].max() <= limit:
            scores = tree_scores(tree, now, scaled)
            places.append(scores["customer_value"].rank(ascending=False))
            quadrants.append(value_matrix(scores[list(NODES)], case.quadrants).table["quadrant"])
            leaves.append(now.leaf_weights)
    found = simulate_judgements(
        case.tree, weights, scaled, seed=7, draws=draws, spread=2.5, largest_cr=limit, coverage=0.8,
        segments=Segments(NODES, case.quadrants),
    )  # fmt: skip
    assert 0 < len(places) < draws
    assert found.kept_share == len(places) / draws
    for place, shares in found.rank_probabilities.items():
        expected = (pd.DataFrame(places) == place).mean()
        assert shares.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-12)
    for name, shares in found.segment_probabilities.items():
        expected = (pd.DataFrame(quadrants) == name).mean()
        assert shares.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-12)
    weighed = pd.DataFrame(leaves)
    intervals = found.weight_intervals
    assert intervals["weight"].to_dict() == weights.leaf_weights.to_dict()
    assert intervals["mean"].to_numpy() == pytest.approx(weighed.mean().to_numpy(), abs=1e-12)
    assert intervals["lower"].to_numpy() == pytest.approx(weighed.quantile(0.1).to_numpy(), abs=1e-12)
    assert intervals["upper"].to_numpy() == pytest.approx(weighed.quantile(0.9).to_numpy(), abs=1e-12)


def test_judgements_are_drawn_from_the_triangle_and_stay_reciprocal():
    tree, _, _ = pair("1/2")
    (_, matrices), *others = _matrices(tree, 100_000, 2.0, np.random.default_rng(3))
    assert not others
    drawn = matrices[:, 0, 0, 1]
    assert (matrices[:, 0, 1, 0] * drawn) == pytest.approx(1, abs=1e-15)
    steps = np.where(drawn >= 1, drawn - 1, 1 - 1 / drawn)  # 1/2 is one step below 1
    assert (steps.min(), steps.max()) == pytest.approx((-3, 1), abs=0.02)
    assert steps.mean() == pytest.approx(-1, abs=0.01)
    assert steps.std() == pytest.approx(2 / 6**0.5, abs=0.01)


@pytest.mark.parametrize(("judgement", "largest", "end"), [("9", 9, 9), ("1/9", 9, 1 / 9), ("20", None, 20)])
def test_judgements_stop_at_the_end_of_the_scale_or_where_they_are(judgement, largest, end):
    tree, _, _ = pair(judgement, largest)
    [(_, matrices)] = _matrices(tree, 1000, 3.0, np.random.default_rng(1))
    extreme = matrices[:, 0, 0, 1].max() if end > 1 else matrices[:, 0, 0, 1].min()
    assert extreme == pytest.approx(end, abs=1e-12)


def test_probability_and_interval_of_a_single_judgement_are_those_of_the_triangle():
    tree, weights, scaled = pair(2)
    found = simulate_judgements(tree, weights, scaled, seed=11, spread=2.0, draws=40_000)
    # B leads if the judgement, one step above 1, falls by more than one step: a corner of 1/8 of the triangle.
    assert found.rank_probabilities.loc["B", 1] == pytest.approx(1 / 8, abs=4 * (7 / 64 / 40_000) ** 0.5)
    # 2.5 % of the triangle lie beyond 2 − √0.2 steps on each side.
    far = 2 - 0.2**0.5
    ends = [1 / far, 2 + far]
    expected = [judgement / (1 + judgement) for judgement in ends]
    assert found.weight_intervals.loc["x", ["lower", "upper"]].to_list() == pytest.approx(expected, abs=0.005)


@settings(max_examples=8)
@given(st.integers(0, 2**32), st.floats(0.1, 4), st.permutations(range(7)), st.floats(0.01, 100))
def test_probabilities_sum_to_one_and_follow_their_customers(seed, spread, order, factor):
    case, weights, scaled = lubricant()
    arguments = {"seed": seed, "draws": 200, "spread": spread, "segments": Segments(NODES, case.quadrants)}
    found = simulate_judgements(case.tree, weights, scaled, **arguments)
    for table in (found.rank_probabilities, found.segment_probabilities):
        assert table.sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12)
    assert found.rank_probabilities.sum(axis=0).to_numpy() == pytest.approx(1, abs=1e-12)
    assert (found.weight_intervals["lower"] <= found.weight_intervals["upper"]).all()
    assert found.weight_intervals["mean"].sum() == pytest.approx(1, abs=1e-12)
    other = simulate_judgements(case.tree, weights, factor * scaled.iloc[order], **arguments)
    # Rounding may turn one of the 200 draws.
    pd.testing.assert_frame_equal(other.to_frame().loc[scaled.index], found.to_frame(), atol=0.006)


def test_the_seed_decides_the_draws():
    case, weights, scaled = lubricant()
    first, again, other = (
        simulate_judgements(case.tree, weights, scaled, seed=seed, draws=500, spread=2) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first.weight_intervals, again.weight_intervals, check_exact=True)
    assert not first.weight_intervals.equals(other.weight_intervals)


@pytest.mark.parametrize("threshold", ["mean", "median", {"current_value": 0.3, "potential_value": -0.2}])
def test_with_hardly_any_spread_the_base_case_is_certain(threshold):
    case, weights, scaled = lubricant()
    segments = Segments(NODES, case.quadrants, threshold)
    found = simulate_judgements(case.tree, weights, scaled, seed=1, draws=50, spread=1e-6, segments=segments)
    scores = tree_scores(case.tree, weights, scaled)
    expected = value_matrix(scores[list(NODES)], case.quadrants, threshold).table["quadrant"]
    assert found.segment_probabilities.idxmax(axis=1).to_list() == expected.to_list()
    places = scores["customer_value"].rank(ascending=False).astype(int)
    assert found.rank_probabilities.idxmax(axis=1).to_list() == places.to_list()
    for table in (found.rank_probabilities, found.segment_probabilities):
        assert (table.max(axis=1) == 1).all()


def test_equal_customers_share_the_better_rank():
    tree, weights, scaled = pair(3)
    scaled.loc["copy of A"] = scaled.loc["A"]
    found = simulate_judgements(tree, weights, scaled, seed=1, draws=100)
    assert found.rank_probabilities[1].to_dict() == {"A": 1, "B": 0, "copy of A": 1}
    assert found.rank_probabilities[3].to_dict() == {"A": 0, "B": 1, "copy of A": 0}
    assert found.segment_probabilities.shape == (3, 0)
    assert found.to_frame().columns.to_list() == [("rank", 1), ("rank", 2), ("rank", 3)]


def test_the_result_is_labelled_and_plain():
    case, weights, scaled = lubricant()
    segments = Segments(NODES, case.quadrants)
    found = simulate_judgements(case.tree, weights, scaled, seed=5, draws=100, largest_cr=0.1, segments=segments)
    plain = found.to_dict()
    assert list(plain) == list(asdict(found))
    json.dumps(plain)
    assert list(found.to_frame()["segment"]) == list(case.quadrants.values())
    assert list(found.weight_intervals.index) == list(case.tree.leaves)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"draws": 0}, "draws"),
        ({"spread": 0}, "spread"),
        ({"spread": float("inf")}, "spread"),
        ({"coverage": 1}, "coverage"),
        ({"largest_cr": 1e-9}, "largest_cr"),
        ({"segments": Segments(("a", "b"), dict.fromkeys(load_case("lubricant").quadrants, "x"))}, "node: found 'a'"),
    ],
)
def test_what_cannot_be_simulated_is_refused(arguments, where):
    case, weights, scaled = lubricant()
    with pytest.raises(InputError, match=where):
        simulate_judgements(case.tree, weights, scaled, **({"seed": 1, "draws": 50} | arguments))


def test_a_tree_without_judgements_is_refused():
    tree = Criterion("top", (Criterion("x"),))
    with pytest.raises(InputError, match="no node has judgements"):
        simulate_judgements(tree, tree_weights(tree), pd.DataFrame({"x": [1.0, 2.0]}), seed=1)


def test_an_unknown_method_is_refused():
    tree, weights, scaled = pair(2)
    with pytest.raises(InputError, match="method"):
        simulate_judgements(tree, replace(weights, method="guess"), scaled, seed=1)
