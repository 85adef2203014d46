import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import (
    METHODS,
    RANDOM_INDEX,
    consistency,
    consistency_ratio,
    geometric_consistency_index,
    geometric_consistency_limit,
    hierarchy_consistency_ratio,
    judgement_matrix,
    priorities,
    priority_weights,
    weights_and_consistency_ratio,
)
from crmlib.errors import InputError

UNTIMED = settings(deadline=None)

CASES = json.loads(Path(__file__).parents[1].joinpath("reference", "ahp_cases.json").read_text(encoding="utf-8"))
each_matrix_case = pytest.mark.parametrize(
    "matrix_case", [pytest.param(case, id=case["name"]) for case in CASES if case["kind"] == "matrix"]
)
SCALE = [*(1 / k for k in range(9, 1, -1)), *map(float, range(1, 10))]


@st.composite
def judgement_arrays(draw, min_size=3, max_size=7):
    n = draw(st.integers(min_size, max_size))
    matrix = np.eye(n)
    rows, columns = np.triu_indices(n, 1)
    matrix[rows, columns] = draw(st.lists(st.sampled_from(SCALE), min_size=len(rows), max_size=len(rows)))
    matrix[columns, rows] = 1 / matrix[rows, columns]
    return matrix


@each_matrix_case
@pytest.mark.parametrize("table", RANDOM_INDEX)
def test_reference_consistency_ratio_by_table(matrix_case, table):
    found = consistency(judgement_matrix(matrix_case["matrix"], largest=None), table)
    expected = matrix_case["expected_cr_by_table"][table]
    assert found.consistency_ratio == pytest.approx(expected, abs=1e-9, rel=0)
    assert found.table == table


@each_matrix_case
def test_reference_consistency_index(matrix_case):
    found = consistency(judgement_matrix(matrix_case["matrix"], largest=None))
    tolerance = matrix_case["tolerance"]
    assert found.size == matrix_case["n"]
    assert found.lambda_max == pytest.approx(matrix_case["expected_lambda_max"], abs=tolerance, rel=0)
    assert found.consistency_index == pytest.approx(matrix_case["expected_ci"], abs=tolerance, rel=0)


def test_reference_geometric_consistency_index():
    cases = [case for case in CASES if "expected_gci" in case]
    assert cases
    for case in cases:
        matrix = judgement_matrix(case["matrix"]).to_numpy()
        assert geometric_consistency_index(matrix) == pytest.approx(case["expected_gci"], abs=1e-9, rel=0)


@UNTIMED
@given(judgement_arrays())
def test_batch_and_single_agree(matrix):
    labelled = judgement_matrix(matrix)
    for method in METHODS:
        weights, ratios = weights_and_consistency_ratio(np.stack([matrix, matrix.T]), method)
        np.testing.assert_allclose(weights[0], priority_weights(labelled, method), rtol=1e-12)
        assert ratios[0] == pytest.approx(consistency(labelled).consistency_ratio, abs=1e-12)
        assert ratios[1] == pytest.approx(ratios[0], abs=1e-12)  # the transpose contradicts itself as much


@UNTIMED
@given(judgement_arrays())
def test_priorities_are_weights_and_consistency_in_one(matrix):
    labelled = judgement_matrix(matrix)
    for method in METHODS:
        found = priorities(labelled, method, "saaty2005")
        pd.testing.assert_series_equal(found.weights, priority_weights(labelled, method))
        assert found.consistency == consistency(labelled, "saaty2005")
        assert found.method == method


@UNTIMED
@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8))
def test_a_consistent_matrix_has_no_inconsistency(values):
    weights = np.array(values)
    matrix = weights[:, None] / weights
    assert consistency_ratio(matrix) == pytest.approx(0, abs=1e-12)
    assert geometric_consistency_index(matrix) == pytest.approx(0, abs=1e-12)


@UNTIMED
@given(judgement_arrays())
def test_consistency_is_never_negative(matrix):
    assert consistency_ratio(matrix) >= 0
    assert geometric_consistency_index(matrix) >= 0


@UNTIMED
@given(judgement_arrays(min_size=3, max_size=3))
def test_three_criteria_in_closed_form(matrix):
    """Size 3: λmax = 1 + q + 1/q and GCI = 3 log² q, with q³ = a12 a23 / a13."""
    q = np.cbrt(matrix[0, 1] * matrix[1, 2] / matrix[0, 2])
    assert consistency(judgement_matrix(matrix)).lambda_max == pytest.approx(1 + q + 1 / q, rel=1e-12)
    assert geometric_consistency_index(matrix) == pytest.approx(3 * np.log(q) ** 2, rel=1e-9, abs=1e-12)


def test_aguaron_moreno_jimenez_2003_limits_belong_to_the_ratio_of_a_tenth():
    """At size 3, CR = 0.1 means q + 1/q − 2 = 0.2 RI, and GCI = 3 log² q is the published limit."""
    half = 1 + 0.1 * RANDOM_INDEX["alonso_lamata2006"][2]
    assert 3 * np.arccosh(half) ** 2 == pytest.approx(geometric_consistency_limit(3), abs=0.005)


@pytest.mark.parametrize("size", [16, 101])
def test_more_criteria_than_the_table_has(size):
    matrix = judgement_matrix(np.ones((size, size)))
    with pytest.raises(InputError, match="reaches from 1 to 15"):
        consistency(matrix)
    with pytest.raises(InputError, match="reaches from 1 to 15"):
        consistency_ratio(matrix.to_numpy())
    assert consistency(matrix, "alonso_lamata2006").consistency_ratio == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("rows", [[[1]], [[1, 9], ["1/9", 1]]])
def test_one_and_two_criteria_cannot_contradict_each_other(rows):
    found = consistency(judgement_matrix(rows))
    assert (found.lambda_max, found.consistency_index, found.consistency_ratio) == (len(rows), 0, 0)
    assert geometric_consistency_index(judgement_matrix(rows).to_numpy()) == 0


def test_the_table_changes_the_verdict():
    """Of the 4,913 scale matrices of size 3, 1,087 pass by Saaty 1980 and 985 by Donegan and Dodd."""
    a12, a13, a23 = (values.ravel() for values in np.meshgrid(SCALE, SCALE, SCALE))
    one = np.ones_like(a12)
    matrices = np.array([[one, a12, a13], [1 / a12, one, a23], [1 / a13, 1 / a23, one]]).transpose(2, 0, 1)
    assert (consistency_ratio(matrices, "saaty1980") < 0.1).sum() == 1087
    assert (consistency_ratio(matrices, "donegan_dodd1991") < 0.1).sum() == 985


def test_gaps_are_refused():
    with pytest.raises(InputError, match="the judgement is missing"):
        consistency(judgement_matrix([[2, None], [3]], incomplete=True))


def test_to_dict_is_plain():
    found = priorities(judgement_matrix([[4]], ["profit", "volume"])).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["consistency"]["table"] == "saaty1980"


def test_to_frame_has_one_row_a_criterion():
    frame = priorities(judgement_matrix([[4]], ["profit", "volume"]), "row_sum").to_frame()
    assert frame.columns.tolist() == ["row_sum"]
    assert frame.index.tolist() == ["profit", "volume"]


def test_hierarchy_ratio_of_one_node_is_its_own():
    checks = pd.DataFrame({"consistency_index": [0.05], "random_index": [0.58]}, index=["goal"])
    assert hierarchy_consistency_ratio(checks, pd.Series({"goal": 1.0, "leaf": 0.4})) == pytest.approx(0.05 / 0.58)


def test_hierarchy_ratio_weighs_the_nodes():
    checks = pd.DataFrame({"consistency_index": [0.0, 0.2, 0.1], "random_index": [0.9, 0.58, 0.58]}, list("gab"))
    weights = pd.Series({"b": 0.25, "a": 0.75, "g": 1.0})
    expected = (0.75 * 0.2 + 0.25 * 0.1) / (0.9 + 0.58)
    assert hierarchy_consistency_ratio(checks, weights) == pytest.approx(expected, rel=1e-12)


def test_hierarchy_of_pairs_is_consistent():
    checks = pd.DataFrame({"consistency_index": [0.0], "random_index": [0.0]}, index=["goal"])
    assert hierarchy_consistency_ratio(checks, pd.Series({"goal": 1.0})) == 0


def test_hierarchy_ratio_names_nodes_without_weight():
    checks = pd.DataFrame({"consistency_index": [0.0], "random_index": [0.0]}, index=["goal"])
    with pytest.raises(InputError, match="goal: has no weight"):
        hierarchy_consistency_ratio(checks, pd.Series({"other": 1.0}))
