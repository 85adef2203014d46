"""Weights from incomplete judgements: acceptance cases, properties, errors."""

import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from crmlib.ahp import INCOMPLETE_METHODS, incomplete, incomplete_weights, priority_weights, random_index
from crmlib.errors import InputError

CASES = {
    case["name"]: case
    for case in json.loads((Path(__file__).parents[1] / "reference" / "ahp_cases.json").read_text("utf-8"))
    if case["kind"] == "incomplete"
}
OUR_NAME = {
    "lambda_max_optimal_completion": "complete_lambda_max",
    "incomplete_log_least_squares": "incomplete_log_least_squares",
    "harker_eigenvector": "harker",
}


def frame(matrix):
    labels = list("abcdefgh"[: len(matrix)])
    return pd.DataFrame(matrix, labels, labels)


@st.composite
def incomplete_matrices(draw, consistent=False):
    """Reciprocal matrices of 3 to 6 criteria whose known judgements connect all of them."""
    n = draw(st.integers(3, 6))
    rows, columns = np.triu_indices(n, 1)
    if consistent:
        scale = np.array(draw(st.lists(st.floats(0.2, 5), min_size=n, max_size=n)))
        values = scale[rows] / scale[columns]
    else:
        steps = np.array(draw(st.lists(st.integers(-8, 8), min_size=len(rows), max_size=len(rows))))
        values = (1.0 + np.abs(steps)) ** np.where(steps < 0, -1, 1)
    gaps = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    matrix = np.eye(n)
    matrix[rows, columns] = np.where(gaps, np.nan, values)
    matrix[columns, rows] = 1 / matrix[rows, columns]
    assume(connected_components(~np.isnan(matrix))[0] == 1)
    return frame(matrix)


@pytest.mark.parametrize("name", [name for name in CASES if name != "disconnected_4x4"])
def test_acceptance_cases(name):
    case = CASES[name]
    result = incomplete_weights(frame(case["matrix"]), OUR_NAME[case["method"]], case["ri_table"])
    tolerance = case["tolerance"]
    np.testing.assert_allclose(result.weights, case["expected_weights"], rtol=0, atol=tolerance)
    if case["expected_cr"] is not None:
        assert result.consistency.consistency_ratio == pytest.approx(case["expected_cr"], abs=tolerance)
        assert result.consistency.lambda_max == pytest.approx(case["expected_lambda_max"], abs=tolerance)
    for place, value in case.get("expected_missing", {}).items():
        i, j = map(int, place.split(","))
        assert result.completed.iloc[i, j] == pytest.approx(value, rel=tolerance)


@pytest.mark.parametrize("method", INCOMPLETE_METHODS)
def test_disconnected_comparisons_name_their_components(method):
    with pytest.raises(InputError) as error:
        incomplete_weights(frame(CASES["disconnected_4x4"]["matrix"]), method)
    assert [problem.where for problem in error.value.problems] == ["component 1: a, b", "component 2: c, d"]


@given(incomplete_matrices(consistent=True), st.sampled_from(list(INCOMPLETE_METHODS)))
@settings(max_examples=10)
def test_gaps_of_a_consistent_matrix_are_recovered(matrix, method):
    result = incomplete_weights(matrix, method)
    ratios = result.weights.to_numpy()[:, None] / result.weights.to_numpy()
    np.testing.assert_allclose(result.completed, ratios, rtol=1e-8)
    assert result.consistency.consistency_ratio == pytest.approx(0, abs=1e-9)


@given(incomplete_matrices(), st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_no_other_completion_has_a_smaller_lambda_max(matrix, seed):
    result = incomplete_weights(matrix)
    np.testing.assert_allclose(result.completed * result.completed.T, 1, rtol=1e-12)
    known = matrix.notna().to_numpy()
    np.testing.assert_array_equal(result.completed.to_numpy()[known], matrix.to_numpy()[known])
    other = result.completed.to_numpy().copy()
    nudge = np.triu(np.exp(np.random.default_rng(seed).normal(0, 0.05, other.shape)), 1)
    nudge = nudge + np.divide(1, nudge.T, where=nudge.T > 0, out=np.zeros_like(nudge)) + np.eye(len(other))
    other[~known] *= nudge[~known]
    smallest = max(np.linalg.eigvals(result.completed.to_numpy()).real)
    assert max(np.linalg.eigvals(other).real) >= smallest - 1e-10
    assert result.consistency.lambda_max == pytest.approx(smallest, abs=1e-9)


@given(incomplete_matrices(), st.sampled_from(list(INCOMPLETE_METHODS)), st.randoms())
@settings(max_examples=10)
def test_relabelling_permutes_the_weights(matrix, method, random):
    order = random.sample(list(matrix.index), len(matrix))
    expected = incomplete_weights(matrix, method).weights
    result = incomplete_weights(matrix.loc[order, order], method).weights
    assert result.sum() == pytest.approx(1)
    np.testing.assert_allclose(result[matrix.index], expected, rtol=1e-7)


@given(incomplete_matrices())
def test_harker_weights_are_the_eigenvector_of_the_completed_matrix(matrix):
    result = incomplete_weights(matrix, "harker")
    np.testing.assert_allclose(priority_weights(result.completed), result.weights, rtol=1e-9)


@pytest.mark.parametrize(
    ("method", "complete_method"),
    [
        ("complete_lambda_max", "eigenvector"),
        ("harker", "eigenvector"),
        ("incomplete_log_least_squares", "geometric_mean"),
    ],
)
def test_without_gaps_the_methods_are_the_usual_ones(method, complete_method):
    matrix = frame([[1, 3, 5], [1 / 3, 1, 1 / 2], [1 / 5, 2, 1]])
    result = incomplete_weights(matrix, method)
    np.testing.assert_allclose(result.weights, priority_weights(matrix, complete_method), atol=1e-12)
    assert result.filled.empty


@pytest.mark.parametrize(
    ("matrix", "where", "found"),
    [
        ([[1, 2, None], [0.6, 1, 3], [None, 1 / 3, 1]], "a against b", "2 and 0.6 are not reciprocal"),
        ([[1, 2, None], [0.5, 3, 3], [None, 1 / 3, 1]], "b against itself", "found 3"),
        ([[1, 0], [0, 1]], "a against b", "0 is not a positive"),
        ([[1, "len([])"], ["1/2", 1]], "a against b", "is not a number"),
        ([[1, np.inf], [0, 1]], "a against b", "inf is not"),
    ],
)
def test_unusable_judgements_are_named(matrix, where, found):
    with pytest.raises(InputError) as error:
        incomplete_weights(frame(matrix))
    assert error.value.problems[0].where.startswith(where)
    assert found in error.value.problems[0].found


@pytest.mark.parametrize(
    "matrix",
    [
        pd.DataFrame(),
        pd.DataFrame([[1, 2, 3], [1, 1, 1]]),
        pd.DataFrame(np.ones((2, 2)), list("ab"), list("ba")),
        pd.DataFrame(np.ones((2, 2)), list("aa"), list("aa")),
    ],
)
def test_unusable_shapes(matrix):
    with pytest.raises(InputError, match="its shape"):
        incomplete_weights(matrix)


@given(incomplete_matrices())
def test_bozoki_fulop_ronyai_2010_the_search_converges_quadratically(matrix):
    """A step of the wrong length or direction ends at the same minimum, later."""
    with patch.object(incomplete, "_newton_step", wraps=incomplete._newton_step) as step:
        incomplete_weights(matrix)
    assert step.call_count <= 8


def test_a_step_is_newtons_by_differences_of_lambda_max():
    """Gradient and Hessian of λmax in the logarithms of the gaps, from its values alone, away from the minimum."""
    matrix = np.array([[1, 2, 5, 4], [1 / 2, 1, 3, 1 / 7], [1 / 5, 1 / 3, 1, 6], [1 / 4, 7, 1 / 6, 1]])
    gaps = np.array([0, 0]), np.array([2, 3])

    def lambda_max(*logs):
        return np.linalg.eigvals(incomplete._scale_gaps(matrix, np.exp(logs), gaps)).real.max()

    h = 1e-3
    one, two = np.array([h, 0]), np.array([0, h])
    gradient = [(lambda_max(*by) - lambda_max(*-by)) / (2 * h) for by in (one, two)]
    hessian = [
        [
            (lambda_max(*by + other) - lambda_max(*by - other) - lambda_max(*other - by) + lambda_max(*-by - other))
            / (4 * h * h)
            for other in (one, two)
        ]
        for by in (one, two)
    ]
    step = incomplete._newton_step(matrix, *incomplete._principal(matrix), gaps)
    assert step == pytest.approx(-np.linalg.solve(hessian, gradient), rel=1e-4)


def test_unknown_method():
    with pytest.raises(InputError, match="complete_lambda_max"):
        incomplete_weights(frame([[1, 2], [0.5, 1]]), "guess")


def test_result_in_plain_types():
    result = incomplete_weights(frame([[1, 2, None], ["1/2", 1, 3], ["", "1/3", 1]])).to_dict()
    assert json.loads(json.dumps(result))["filled"] == [
        {"criterion": "a", "against": "c", "judgement": pytest.approx(6)}
    ]
    assert list(result) == ["method", "weights", "filled", "consistency"]
    assert result["method"] == "complete_lambda_max"


@pytest.mark.parametrize("table", ["saaty1980", "saaty2005"])
def test_method_and_table_of_random_indices_are_those_asked_for(table):
    found = incomplete_weights(frame([[1, 2, None], [0.5, 1, 3], [None, 1 / 3, 1]]), "harker", table)
    assert found.method == found.weights.name == "harker"
    assert found.consistency.random_index == random_index(3, table)


def test_a_judgement_given_in_one_direction_counts_in_both():
    labels = list("abc")
    half = pd.DataFrame([[None, 2, None], [None, 1, 3], [None, None, 1]], labels, labels)
    whole = pd.DataFrame([[1, 2, None], [1 / 2, 1, 3], [None, 1 / 3, 1]], labels, labels)
    assert incomplete_weights(half).weights.to_numpy() == pytest.approx(incomplete_weights(whole).weights.to_numpy())


def test_the_smallest_lambda_max_is_reached_in_every_gap_and_not_only_in_the_first_to_settle():
    """At the minimum λmax rises whichever gap is moved, also where the gaps settle at different speeds."""
    gaps = pd.DataFrame(
        [[1, 9, np.nan, 7, np.nan], [1 / 9, 1, 1 / 9, np.nan, 1], [np.nan, 9, 1, 9, 1 / 9],
         [1 / 7, np.nan, 1 / 9, 1, 9], [np.nan, 1, 9, 1 / 9, 1]],
        index=list("abcde"), columns=list("abcde"),
    )  # fmt: skip
    completed = incomplete_weights(gaps).completed.to_numpy()

    def lambda_max(matrix):
        return np.linalg.eigvals(matrix).real.max()

    least = lambda_max(completed)
    for row, column in np.argwhere(np.triu(gaps.isna().to_numpy())):
        for factor in (1 + 1e-4, 1 - 1e-4):
            moved = completed.copy()
            moved[row, column] *= factor
            moved[column, row] /= factor
            assert lambda_max(moved) > least
