"""From printed weights back to the matrices: exactness against brute force, round trips, limits."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import METHODS, consistency_ratio, identify
from crmlib.errors import InputError

KNOWN = ["0.6095", "0.1842", "0.1231", "0.0832"]


def matrices(size, largest):
    """All matrices on the scale, and the entries above their diagonals."""
    scale = [*(1 / k for k in range(largest, 1, -1)), *map(float, range(1, largest + 1))]
    upper = np.array(list(itertools.product(scale, repeat=size * (size - 1) // 2)))
    every = np.ones((len(upper), size, size))
    rows, columns = np.triu_indices(size, 1)
    every[:, rows, columns], every[:, columns, rows] = upper, 1 / upper
    return every, upper


def print_weights(weights, decimals):
    return [f"{weight:.{decimals}f}" for weight in weights]


def entries(identification):
    """The candidates' judgements as a set, comparable whatever the order."""
    return {tuple(row) for row in identification.candidates.drop(columns="consistency_ratio").to_numpy().round(9)}


@st.composite
def scale_matrices(draw, smallest=3, greatest=4):
    """Scale matrices near enough to consistent to be plausible, with every method's weights printable."""
    size = draw(st.integers(smallest, greatest))
    rank = np.array(draw(st.lists(st.floats(0, 2), min_size=size, max_size=size)))
    scale = np.array([*(1 / k for k in range(9, 1, -1)), *map(float, range(1, 10))])
    matrix = np.ones((size, size))
    for i, j in zip(*np.triu_indices(size, 1), strict=True):
        step = int(np.abs(np.log(scale) - rank[i] + rank[j]).argmin()) + draw(st.integers(-2, 2))
        matrix[i, j] = scale[np.clip(step, 0, 16)]
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


def test_lubricant_weights_were_not_made_by_the_eigenvector():
    found = identify(KNOWN)
    assert found.verdict == "none"
    assert found.candidates.empty


def test_lubricant_weights_have_23_geometric_mean_matrices_4_of_them_consistent():
    assert len(identify(KNOWN, "geometric_mean").candidates) == 23
    consistent = identify(KNOWN, "geometric_mean", max_consistency_ratio=0.1)
    assert consistent.verdict == "several"
    assert consistent.candidates.iloc[:, :6].round(9).to_numpy().tolist() == [
        [4, 5, 6, 2, 2, 2],
        [3, 5, 8, 1, 3, 1],
        [4, 5, 6, 1, 4, 1],
        [6, 5, 4, 2, 3, 2],
    ]


@pytest.mark.parametrize("method", ["column_sum", "row_sum"])
def test_lubricant_weights_were_not_made_by_the_sums(method):
    assert identify(KNOWN, method).verdict == "none"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("size", "largest", "decimals"), [(2, 9, 3), (3, 4, 3), (3, 9, 2), (4, 3, 2), (4, 3, 4)])
def test_exactly_the_matrices_that_brute_force_finds(method, size, largest, decimals):
    every, upper = matrices(size, largest)
    weights = METHODS[method](every)
    for target in np.random.default_rng(1).choice(len(every), 12, replace=False):
        printed = print_weights(weights[target], decimals)
        fits = (np.abs(weights - np.array(printed, dtype=float)) <= 0.5 * 10.0**-decimals + 1e-12).all(axis=1)
        found = identify(printed, method, largest=largest)
        assert len(found.candidates) == fits.sum() >= 1
        assert entries(found) == {tuple(row) for row in upper[fits].round(9)}


@pytest.mark.parametrize("method", METHODS)
def test_a_bound_on_the_cr_cuts_only_what_exceeds_it(method):
    every, _ = matrices(4, 3)
    weights = METHODS[method](every)
    for target in np.random.default_rng(2).choice(len(every), 6, replace=False):
        printed = print_weights(weights[target], 2)
        everything = identify(printed, method, largest=3)
        bound = float(consistency_ratio(every[target])) + 1e-9
        bounded = identify(printed, method, largest=3, max_consistency_ratio=bound)
        expected = everything.candidates[everything.candidates["consistency_ratio"] < bound]
        assert len(bounded.candidates) == len(expected) >= 1
        assert (bounded.candidates["consistency_ratio"] < bound).all()


@settings(max_examples=25)
@given(scale_matrices(), st.sampled_from(list(METHODS)))
def test_round_trip(matrix, method):
    printed = print_weights(METHODS[method](matrix), 4)
    found = identify(printed, method)
    assert tuple(matrix[np.triu_indices(len(matrix), 1)].round(9)) in entries(found)
    assert found.verdict == ("unique" if len(found.candidates) == 1 else "several")


@settings(max_examples=15)
@given(scale_matrices(3, 3), st.sampled_from(list(METHODS)), st.permutations(range(3)))
def test_relabelling_permutes_the_candidates(matrix, method, order):
    printed = print_weights(METHODS[method](matrix), 3)
    rows, columns = np.triu_indices(3, 1)

    def relabelled(upper):
        full = np.ones((3, 3))
        full[rows, columns], full[columns, rows] = upper, 1 / np.array(upper)
        return tuple(full[np.ix_(order, order)][rows, columns].round(6))

    expected = {relabelled(upper) for upper in entries(identify(printed, method))}
    found = identify([printed[k] for k in order], method)
    assert {tuple(np.round(upper, 6)) for upper in entries(found)} == expected


def test_five_criteria_are_found_again():
    matrix = np.ones((5, 5))
    rows, columns = np.triu_indices(5, 1)
    matrix[rows, columns] = [2, 5, 7, 9, 3, 4, 7, 2, 3, 2]
    matrix[columns, rows] = 1 / matrix[rows, columns]
    for method in ("eigenvector", "geometric_mean", "row_sum"):
        found = identify(print_weights(METHODS[method](matrix), 4), method, max_consistency_ratio=0.1)
        assert tuple(matrix[rows, columns]) in entries(found)


def test_a_limit_is_an_error_that_counts_and_never_a_shorter_answer():
    with pytest.raises(InputError, match="at least 4913 partial matrices to look at, the limit is 100"):
        identify(KNOWN, "geometric_mean", limit=100)
    with pytest.raises(InputError, match="the limit is 5000"):
        identify(KNOWN, "column_sum", limit=5000)
    with pytest.raises(InputError, match="at least 24137569 partial matrices to look at, the limit is 2000000"):
        identify(["0.1428", "0.1429", "0.1429", "0.1428", "0.1429", "0.1429", "0.1428"])


@pytest.mark.parametrize(
    ("printed", "method", "expected"),
    [
        (["0.5", "half"], "eigenvector", "weight 2: found 'half'"),
        (["0.5", "1.5"], "eigenvector", "weight 2"),
        ([0.1634, "0.297", 1], "eigenvector", r"weight 1: found 0.1634(.|\n)*weight 3: found 1\. Give it as printed"),
        (["0.5", "0.2"], "eigenvector", "sum to 0.7"),
        (["0.5"], "eigenvector", "at least two"),
        (KNOWN, "magic", "column_sum"),
    ],
)
def test_unusable_prints(printed, method, expected):
    with pytest.raises(InputError, match=expected):
        identify(printed, method)
