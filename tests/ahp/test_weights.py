import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import METHODS, judgement_matrix, priority_weights
from crmlib.ahp.weights import perron
from crmlib.errors import InputError

UNTIMED = settings(deadline=None)

CASES = json.loads(Path(__file__).parents[1].joinpath("reference", "ahp_cases.json").read_text(encoding="utf-8"))
each_matrix_case = pytest.mark.parametrize(
    "matrix_case", [pytest.param(case, id=case["name"]) for case in CASES if case["kind"] == "matrix"]
)
SCALE = [Fraction(1, k) for k in range(9, 1, -1)] + [Fraction(k) for k in range(1, 10)]


scale_values = st.sampled_from([float(value) for value in SCALE])


@st.composite
def judgement_arrays(draw, min_size=2, max_size=7, values=scale_values):
    n = draw(st.integers(min_size, max_size))
    matrix = np.eye(n)
    rows, columns = np.triu_indices(n, 1)
    matrix[rows, columns] = draw(st.lists(values, min_size=len(rows), max_size=len(rows)))
    matrix[columns, rows] = 1 / matrix[rows, columns]
    return matrix


def random_matrices(size, count, seed, power=1):
    matrices = np.ones((count, size, size))
    rows, columns = np.triu_indices(size, 1)
    draws = np.random.default_rng(seed).choice([float(v) for v in SCALE], (count, len(rows))) ** power
    matrices[:, rows, columns], matrices[:, columns, rows] = draws, 1 / draws
    return matrices


def by_numpy_eig(matrices):
    values, vectors = np.linalg.eig(matrices)
    largest = values.real.argmax(axis=-1)
    weights = np.abs(np.take_along_axis(vectors, largest[:, None, None], axis=2)[:, :, 0])
    return weights / weights.sum(axis=1, keepdims=True), values.real.max(axis=-1)


def characteristic_polynomial(matrix):
    """Coefficients of det(x I − A), highest power first, in exact fractions (Faddeev and LeVerrier)."""
    n = len(matrix)
    coefficients, auxiliary = [Fraction(1)], [[Fraction(0)] * n for _ in range(n)]
    for k in range(1, n + 1):
        for i in range(n):
            auxiliary[i][i] += coefficients[-1]
        auxiliary = [
            [sum((matrix[i][m] * auxiliary[m][j] for m in range(n)), Fraction(0)) for j in range(n)] for i in range(n)
        ]
        coefficients.append(-sum((auxiliary[i][i] for i in range(n)), Fraction(0)) / k)
    return coefficients


def evaluate(coefficients, x):
    value = Fraction(0)
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


@each_matrix_case
def test_reference_weights(matrix_case):
    matrix = judgement_matrix(matrix_case["matrix"], largest=None)
    weights = priority_weights(matrix, matrix_case["method"])
    assert weights.to_numpy() == pytest.approx(matrix_case["expected_weights"], abs=matrix_case["tolerance"], rel=0)
    assert weights.name == matrix_case["method"]


@each_matrix_case
def test_reference_lambda_max(matrix_case):
    lambda_max = perron(judgement_matrix(matrix_case["matrix"], largest=None).to_numpy())[1]
    assert lambda_max == pytest.approx(matrix_case["expected_lambda_max"], abs=matrix_case["tolerance"], rel=0)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 7, 9, 15, 30])
def test_perron_agrees_with_numpy_eig(size):
    matrices = random_matrices(size, 200, seed=size)
    weights, lambda_max = perron(matrices)
    expected_weights, expected_lambda_max = by_numpy_eig(matrices)
    np.testing.assert_allclose(weights, expected_weights, rtol=0, atol=1e-12)
    np.testing.assert_allclose(lambda_max, expected_lambda_max, rtol=1e-12)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_perron_agrees_with_numpy_eig_on_matrices_that_converge_slowly(size):
    matrices = random_matrices(size, 300, seed=size, power=3)
    weights, lambda_max = perron(matrices)
    expected_weights, expected_lambda_max = by_numpy_eig(matrices)
    np.testing.assert_allclose(weights, expected_weights, rtol=0, atol=1e-11)
    np.testing.assert_allclose(lambda_max, expected_lambda_max, rtol=1e-12)


def test_perron_agrees_with_numpy_eig_on_a_hundred_criteria():
    matrices = random_matrices(100, 2, seed=100)
    np.testing.assert_allclose(perron(matrices)[0], by_numpy_eig(matrices)[0], rtol=0, atol=1e-12)


@UNTIMED
@given(judgement_arrays(min_size=3, max_size=5))
def test_lambda_max_is_enclosed_by_the_exact_characteristic_polynomial(matrix):
    exact = [[Fraction(value).limit_denominator(9) for value in row] for row in matrix.tolist()]
    coefficients = characteristic_polynomial(exact)
    lambda_max = Fraction(float(perron(matrix)[1]))
    margin = Fraction(1, 10**7)
    # Nothing above the largest root: there the polynomial and all its derivatives are positive.
    derivative = coefficients
    while derivative:
        assert evaluate(derivative, lambda_max + margin) > 0
        degree = len(derivative) - 1
        derivative = [c * (degree - k) for k, c in enumerate(derivative[:-1])]
    assert evaluate(coefficients, lambda_max - margin) < 0


@UNTIMED
@given(judgement_arrays(min_size=1, max_size=8))
def test_weights_and_lambda_max_satisfy_the_eigenvalue_equation(matrix):
    weights, lambda_max = perron(matrix)
    np.testing.assert_allclose(matrix @ weights, lambda_max * weights, rtol=2e-12)


def test_perron_works_over_leading_axes_and_beyond_one_block():
    matrices = random_matrices(3, 2500, seed=3).reshape(5, 500, 3, 3)
    weights, lambda_max = perron(matrices)
    assert weights.shape == (5, 500, 3)
    assert lambda_max.shape == (5, 500)
    for place in [(0, 0), (2, 250), (4, 499)]:  # one matrix goes another way, up to the last bits
        one, its_lambda = perron(matrices[place])
        np.testing.assert_allclose(weights[place], one, rtol=1e-14)
        assert lambda_max[place] == pytest.approx(its_lambda, rel=1e-14)


def test_perron_of_a_cycle_of_extreme_judgements():
    weights, lambda_max = perron(np.array([[1, 1e9, 1e-9], [1e-9, 1, 1e9], [1e9, 1e-9, 1]]))
    np.testing.assert_allclose(weights, 1 / 3, rtol=1e-12)
    assert lambda_max == pytest.approx(1 + 1e9 + 1e-9, rel=1e-12)


def test_perron_of_consistent_matrices_of_any_magnitude():
    weights = np.array([1e9, 1.0, 1e-9, 1e-30])
    found, lambda_max = perron(weights[:, None] / weights)
    np.testing.assert_allclose(found, weights / weights.sum(), rtol=1e-12)
    assert lambda_max == pytest.approx(4, abs=1e-12)


def test_perron_of_an_empty_batch():
    weights, lambda_max = perron(np.empty((0, 3, 3)))
    assert weights.shape == (0, 3)
    assert lambda_max.shape == (0,)


def test_perron_refuses_what_has_no_positive_eigenvector():
    with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match="1 matrix"):
        perron(np.array([[1.0, np.nan], [np.nan, 1.0]]))
    with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match="1 matrices"):
        perron(np.array([[[1.0, np.nan], [np.nan, 1.0]], np.ones((2, 2))]))


@pytest.mark.parametrize("method", METHODS)
@UNTIMED
@given(matrix=judgement_arrays())
def test_weights_are_positive_and_sum_to_one(method, matrix):
    weights = METHODS[method](matrix)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
@UNTIMED
@given(matrix=judgement_arrays(), data=st.data())
def test_relabelling_permutes_the_weights(method, matrix, data):
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    np.testing.assert_allclose(
        METHODS[method](matrix[np.ix_(order, order)]), METHODS[method](matrix)[order], rtol=1e-11
    )


@pytest.mark.parametrize("method", METHODS)
@UNTIMED
@given(values=st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8))
def test_a_consistent_matrix_has_its_own_weights_under_every_method(method, values):
    weights = np.array(values)
    np.testing.assert_allclose(METHODS[method](weights[:, None] / weights), weights / weights.sum(), rtol=1e-11)


@UNTIMED
@given(judgement_arrays(min_size=3, max_size=3, values=st.floats(1e-3, 1e3)))
def test_eigenvector_is_the_geometric_mean_for_three_criteria(matrix):
    np.testing.assert_allclose(METHODS["eigenvector"](matrix), METHODS["geometric_mean"](matrix), rtol=1e-10)


@pytest.mark.parametrize("method", ["eigenvector", "geometric_mean"])
@UNTIMED
@given(matrix=judgement_arrays(), data=st.data())
def test_scaling_invariance(method, matrix, data):
    """Multiplying every judgement of a criterion by d multiplies its weight by d."""
    factors = data.draw(st.lists(st.floats(0.01, 100), min_size=len(matrix), max_size=len(matrix)))
    d = np.array(factors)
    expected = METHODS[method](matrix) * d
    np.testing.assert_allclose(METHODS[method](matrix * (d[:, None] / d)), expected / expected.sum(), rtol=1e-10)


def test_priority_weights_keep_the_names():
    weights = priority_weights(judgement_matrix([[4]], ["profit", "volume"]), "row_sum")
    assert weights.index.tolist() == ["profit", "volume"]


def test_unknown_method_is_refused():
    with pytest.raises(InputError, match="eigenvector, geometric_mean, column_sum, row_sum"):
        priority_weights(judgement_matrix([[4]], ["profit", "volume"]), "eigen")


def test_gaps_are_refused_by_name():
    matrix = judgement_matrix([[2, None], [3]], ["a", "b", "c"], incomplete=True)
    with pytest.raises(InputError) as error:
        priority_weights(matrix)
    assert [problem.where for problem in error.value.problems] == [
        "a against c (row 1, column 3)",
        "c against a (row 3, column 1)",
    ]


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_entries_that_are_not_positive_are_refused(value):
    with pytest.raises(InputError, match=f"found {value:g}"):
        priority_weights(pd.DataFrame([[1.0, value], [1.0, 1.0]]))


def test_no_criteria_are_refused():
    with pytest.raises(InputError, match="at least one criterion"):
        priority_weights(pd.DataFrame())
