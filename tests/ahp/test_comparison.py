import numpy as np
import pytest

from crmlib.ahp import Disagreement, compare_methods, judgement_matrix


def test_compare_methods_on_a_consistent_matrix():
    comparison = compare_methods(judgement_matrix([[2, 6], [3]]))
    assert comparison.reason is Disagreement.CONSISTENT
    assert comparison.largest_difference == pytest.approx(0, abs=1e-12)
    assert not comparison.rankings_differ


def test_compare_methods_on_three_criteria():
    comparison = compare_methods(judgement_matrix([["1/2", "1/3"], ["1/2"]]))
    assert comparison.reason is Disagreement.THREE_CRITERIA
    np.testing.assert_allclose(comparison.weights["eigenvector"], comparison.weights["geometric_mean"], rtol=1e-12)
    assert comparison.largest_difference == pytest.approx(
        comparison.weights.max(axis=1).sub(comparison.weights.min(axis=1)).max(), rel=1e-12
    )


def test_compare_methods_sees_a_changed_ranking():
    comparison = compare_methods(judgement_matrix([[2, 1, 4], [1, 9], [5]], list("abcd")))
    assert comparison.weights["eigenvector"].sort_values().index.tolist() == ["d", "c", "b", "a"]
    assert comparison.weights["geometric_mean"].sort_values().index.tolist() == ["d", "b", "c", "a"]
    assert comparison.rankings_differ
    assert comparison.reason is Disagreement.INCONSISTENT


def test_compare_methods_sees_the_same_ranking():
    comparison = compare_methods(judgement_matrix([[4, 5, 6], [2, 2], [2]]))
    assert comparison.largest_difference > 0.01
    assert not comparison.rankings_differ


def test_compare_methods_to_dict_is_plain():
    found = compare_methods(judgement_matrix([[2, 6], [3]])).to_dict()
    assert type(found["largest_difference"]) is float
    assert type(found["rankings_differ"]) is bool
    assert type(found["reason"]) is str
    assert found["weights"]["row_sum"]["C1"] == pytest.approx(0.6)
