import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import (
    Compared,
    Criterion,
    Measured,
    Rated,
    judgement_matrix,
    rank_reversal,
    synthesise,
    tree_weights,
)
from crmlib.errors import InputError

CASES = [
    case
    for case in json.loads((Path(__file__).parents[1] / "reference" / "ahp_cases.json").read_text(encoding="utf-8"))
    if case["kind"] == "hierarchy"
]
MODES = ["distributive", "ideal"]


def build(case: dict, name: str) -> Criterion:
    names = case["tree"].get(name, [])
    judgements = judgement_matrix(case["matrices"][name], names) if names else None
    return Criterion(name, tuple(build(case, child) for child in names), judgements)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_reference_hierarchies(case):
    tree = build(case, next(iter(case["tree"])))
    weights = tree_weights(tree, case["method"])
    evaluations = {
        leaf: Compared(judgement_matrix(case["matrices"][leaf], case["alternatives"])) for leaf in tree.leaves
    }
    found = synthesise(tree, weights, evaluations, case["synthesis"])
    tolerance = case["tolerance"]
    assert weights.global_weights.to_dict() == pytest.approx(case["expected_global_weights_of_nodes"], abs=tolerance)
    for name, expected in case["expected_local_weights"].items():
        local = (
            weights.local_weights[case["tree"][name]] if name in case["tree"] else found.leaf_priorities[name]
        ).to_numpy()
        assert local == pytest.approx(expected, abs=tolerance), name
    assert list(found.scores.index) == case["alternatives"]
    assert found.scores.to_numpy() == pytest.approx(case["expected_weights"], abs=tolerance)


def test_all_reference_hierarchies_are_here():
    assert len(CASES) == 3


def equal_criteria() -> tuple[Criterion, pd.DataFrame]:
    """Three equally important criteria; A, B and C, and D as a copy of B (Belton and Gear 1983)."""
    tree = Criterion("goal", tuple(map(Criterion, "abc")), judgement_matrix([[1, 1], [1]], list("abc")))
    return tree, pd.DataFrame({"a": [1, 9, 1, 9], "b": [9, 1, 1, 1], "c": [8, 9, 1, 9]}, index=list("ABCD"))


def compared(measured: pd.DataFrame) -> dict[str, Compared]:
    return {
        leaf: Compared(judgement_matrix(np.divide.outer(values.to_numpy(), values.to_numpy()), list(measured.index)))
        for leaf, values in measured.items()
    }


def test_belton_and_gear_1983_a_copy_of_b_puts_a_before_b():
    tree, measured = equal_criteria()
    weights, evaluations = tree_weights(tree), compared(measured)
    without = synthesise(tree, weights, compared(measured.loc[list("ABC")])).scores
    assert without.round(2).to_dict() == {"A": 0.45, "B": 0.47, "C": 0.08}
    assert synthesise(tree, weights, evaluations).scores.round(2).to_dict() == {
        "A": 0.37,
        "B": 0.29,
        "C": 0.06,
        "D": 0.29,
    }
    found = rank_reversal(tree, weights, evaluations, "D")
    assert found.reversed_pairs == {"distributive": [("B", "A")], "ideal": []}
    assert found.to_frame()["distributive_without"].dropna().to_dict() == {"A": 2, "B": 1, "C": 3}
    assert found.to_frame()["distributive_with"].to_dict() == {"A": 1, "B": 2, "C": 4, "D": 2}
    assert found.to_frame()["ideal_with"].to_dict() == {"A": 3, "B": 1, "C": 4, "D": 1}
    assert json.loads(json.dumps(found.to_dict()))["ranks"]["D"]["ideal_without"] is None


def test_ideal_mode_reverses_ranks_when_the_newcomer_becomes_the_best_somewhere():
    tree, measured = equal_criteria()
    measured.loc["D"] = [90, 1, 1]  # beside it B, so far the best on a, is worth a tenth as much there
    found = rank_reversal(tree, tree_weights(tree), {leaf: Measured(measured[leaf]) for leaf in measured}, "D")
    assert found.reversed_pairs["ideal"] == [("B", "A")]


def test_kinds_may_be_mixed():
    names = ["price", "style", "comfort"]
    tree = Criterion("car", tuple(map(Criterion, names)), judgement_matrix([[2, 4], [2]], names))
    scale = judgement_matrix([[2, 4], [2]], ["high", "medium", "low"])
    evaluations = {
        "price": Measured(pd.Series({"A": 10.0, "B": 20.0}), cost=True),
        "style": Compared(judgement_matrix([["1/3"]], ["A", "B"])),
        "comfort": Rated(pd.Series({"B": "low", "A": "medium"}), scale),
    }
    weights = tree_weights(tree)
    distributive = synthesise(tree, weights, evaluations)
    expected = pd.DataFrame(
        {"price": [2 / 3, 1 / 3], "style": [1 / 4, 3 / 4], "comfort": [2 / 3, 1 / 3]}, index=["A", "B"]
    )
    pd.testing.assert_frame_equal(distributive.leaf_priorities, expected)
    ideal = synthesise(tree, weights, evaluations, "ideal")
    expected = pd.DataFrame({"price": [1, 1 / 2], "style": [1 / 3, 1], "comfort": [1 / 2, 1 / 4]}, index=["A", "B"])
    pd.testing.assert_frame_equal(ideal.leaf_priorities, expected)
    total = expected.to_numpy() @ np.array([4, 2, 1]) / 7
    assert ideal.scores.to_numpy() == pytest.approx(total / total.sum(), abs=1e-12)
    assert list(ideal.consistency.index) == ["style", "comfort"]
    assert ideal.consistency.loc["comfort", "consistency_ratio"] == pytest.approx(0, abs=1e-9)
    assert json.loads(json.dumps(ideal.to_dict()))["mode"] == "ideal"


positive = st.floats(0.1, 100)


@settings(max_examples=15)
@given(st.lists(st.tuples(positive, positive, positive), min_size=2, max_size=5), st.sampled_from(MODES), positive)
def test_scores_sum_to_one_follow_their_labels_and_ignore_units(rows, mode, unit):
    tree, _ = equal_criteria()
    weights = tree_weights(tree)
    table = pd.DataFrame(rows, columns=list("abc"), index=[f"x{k}" for k in range(len(rows))])
    found = synthesise(tree, weights, {leaf: Measured(table[leaf]) for leaf in table}, mode)
    assert found.scores.sum() == pytest.approx(1, abs=1e-12)
    turned = synthesise(tree, weights, {leaf: Measured(unit * table[leaf][::-1]) for leaf in table}, mode)
    pd.testing.assert_series_equal(turned.scores[found.scores.index], found.scores, atol=1e-12)


@settings(max_examples=15)
@given(st.lists(st.tuples(*[st.sampled_from(["good", "fair", "poor"])] * 3), min_size=3, max_size=6))
def test_ratings_in_ideal_mode_never_reverse_ranks(rows):
    tree, _ = equal_criteria()
    scale = {"good": 1.0, "fair": 0.4, "poor": 0.1}
    table = pd.DataFrame(rows, columns=list("abc"), index=[f"x{k}" for k in range(len(rows))])
    found = rank_reversal(tree, tree_weights(tree), {leaf: Rated(table[leaf], scale) for leaf in table}, "x0")
    assert found.reversed_pairs["ideal"] == []


def test_every_bad_place_is_named():
    tree, measured = equal_criteria()
    evaluations = {
        "a": Measured(pd.Series({"A": 0.0, "B": "many", "C": 3.0}), cost=True),
        "b": Rated(pd.Series({"A": "good", "B": "odd"}), {"good": 1.0, "bad": -1.0}),
        "z": Measured(measured["a"]),
    }
    with pytest.raises(InputError) as caught:
        synthesise(tree, tree_weights(tree), evaluations, "idael")
    assert [problem.where for problem in caught.value.problems] == [
        "mode",
        "evaluation 'z'",
        "leaf 'a'",
        "leaf 'a', alternative 'A'",
        "leaf 'a', alternative 'B'",
        "leaf 'b'",
        "leaf 'b'",
        "leaf 'b', alternative 'B'",
        "leaf 'b', word 'bad'",
        "leaf 'c'",
    ]


@pytest.mark.parametrize(
    "evaluation",
    [
        Measured(pd.Series({"A": 0.0, "B": 0.0})),
        Measured(pd.Series({"A": np.inf, "B": 1.0})),
        Measured(pd.Series([1.0, 2.0, 3.0], index=["A", "A", "B"])),
        Measured(pd.Series({"A": 1.0, "B": np.nan})),
        Rated(pd.Series({"A": "none", "B": "none"}), {"none": 0.0, "some": 1.0}),
        Rated(pd.Series({"A": "some", "B": None}), {"none": 0.0, "some": 1.0}),
    ],
)
def test_an_evaluation_without_meaning_is_refused(evaluation):
    tree = Criterion("goal", (Criterion("a"),))
    with pytest.raises(InputError, match="leaf 'a'"):
        synthesise(tree, tree_weights(tree), {"a": evaluation})


@pytest.mark.parametrize("alternative", ["nobody", "A"])
def test_rank_reversal_needs_a_known_alternative_and_two_others(alternative):
    tree = Criterion("goal", (Criterion("a"),))
    with pytest.raises(InputError, match="one of at least three"):
        rank_reversal(tree, tree_weights(tree), {"a": Measured(pd.Series({"A": 1.0, "B": 2.0}))}, alternative)
