from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import judgement_matrix, parse_judgement
from crmlib.errors import InputError

UNTIMED = settings(deadline=None)

CODE = ["__import__('os')", "1+1", "2**3", "3*1", "(3)", "lambda: 3", "1/2/3", "0x3", "1_0", "3 4", "--3"]
NOT_NUMBERS = [*CODE, "abc", "1,5", "1e3", "nan", "inf", "1/x", "/3", True, np.True_, [3], {"a": 3}, 3 + 0j, b"3"]
OUT_OF_RANGE = [0, -3, "0", "0/5", "5/0", "-3", float("inf"), -float("inf"), 1e200, 1e-200, 10**400, "1" + "0" * 400]
EMPTY = [None, "", "  ", float("nan"), np.nan, pd.NA, pd.NaT]


def where(error):
    return [problem.where for problem in error.value.problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        ("3.5", 3.5),
        (" 1 / 3 ", 1 / 3),
        ("2.5/5", 0.5),
        (Fraction(1, 7), 1 / 7),
        (Decimal("0.25"), 0.25),
        (np.int64(4), 4),
        (np.float32(0.5), 0.5),
    ],
)
def test_parse_judgement_reads_numbers_and_fractions(value, expected):
    found = parse_judgement(value)
    assert found == expected
    assert type(found) is float


@pytest.mark.parametrize("value", [*NOT_NUMBERS, *OUT_OF_RANGE], ids=repr)
def test_parse_judgement_refuses_the_rest(value):
    with pytest.raises(ValueError, match=r"not a number|positive|beyond"):
        parse_judgement(value)


@pytest.mark.parametrize("value", EMPTY, ids=repr)
def test_parse_judgement_refuses_what_is_missing(value):
    with pytest.raises(ValueError, match="the judgement is missing"):
        parse_judgement(value)


@pytest.mark.parametrize("value", [*NOT_NUMBERS, *OUT_OF_RANGE], ids=repr)
@pytest.mark.parametrize("incomplete", [False, True])
def test_a_bad_judgement_is_named(value, incomplete):
    with pytest.raises(InputError) as error:
        judgement_matrix([[2, value], [3]], ["a", "b", "c"], largest=None, incomplete=incomplete)
    assert where(error) == ["a against c (row 1, column 3)"]


def test_code_is_not_run(tmp_path):
    target = tmp_path / "made"
    with pytest.raises(InputError, match="is not a number"):
        judgement_matrix([[f"__import__('pathlib').Path({str(target)!r}).touch()"]], ["a", "b"])
    assert not target.exists()


def test_every_bad_place_is_listed():
    with pytest.raises(InputError) as error:
        judgement_matrix([[1, 3, 5, "x"], ["1/2", 1, 12, 1], ["1/5", "1/12", 2, 0], [None, 1, 1, 1]], list("abcd"))
    assert where(error) == [
        "a against d (row 1, column 4)",
        "c against d (row 3, column 4)",
        "d against a (row 4, column 1)",
        "a against b (row 1, column 2) and back (row 2, column 1)",
        "c against itself",
        "b against c (row 2, column 3)",
    ]


def test_triangle_and_full_matrix_agree():
    full = [[1, "1/2", "1/3"], [2, 1, "1/2"], [3, 2, 1]]
    pd.testing.assert_frame_equal(judgement_matrix(full), judgement_matrix([["1/2", "1/3"], ["1/2"]]))
    pd.testing.assert_frame_equal(judgement_matrix(np.array(full, dtype=object)), judgement_matrix(full))
    pd.testing.assert_frame_equal(
        judgement_matrix(pd.DataFrame(full, list("abc"), list("abc")))
        .set_axis(["C1", "C2", "C3"])
        .set_axis(["C1", "C2", "C3"], axis=1),
        judgement_matrix(full),
    )


@UNTIMED
@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.floats(1 / 9, 9), min_size=n * n, max_size=n * n)))
def test_the_result_is_reciprocal(values):
    n = int(len(values) ** 0.5)
    rows = [values[i * n + i + 1 : (i + 1) * n] for i in range(n - 1)]
    matrix = judgement_matrix(rows, list("abcdef")[:n]).to_numpy()
    upper = np.triu_indices(n, 1)
    np.testing.assert_array_equal(matrix[upper], [values[i * n + j] for i, j in zip(*upper, strict=True)])
    np.testing.assert_allclose(matrix * matrix.T, 1, rtol=1e-15)
    np.testing.assert_array_equal(np.diagonal(matrix), 1)


def test_row_and_column_names_are_independent():
    matrix = judgement_matrix([[3]], ["a", "b"])
    matrix.index.name = "criterion"
    assert matrix.columns.name is None


def test_judgements_between_the_steps_of_the_scale():
    assert judgement_matrix([["3.5"]], ["a", "b"]).loc["a", "b"] == 3.5


@pytest.mark.parametrize("value", [9.5, "1/10", 10])
def test_judgements_off_the_scale_are_refused_unless_the_bound_is_lifted(value):
    with pytest.raises(InputError, match="off the scale"):
        judgement_matrix([[value]], ["a", "b"])
    assert judgement_matrix([[value]], ["a", "b"], largest=None).loc["a", "b"] == parse_judgement(value)


def test_one_criterion():
    assert judgement_matrix([[1]]).to_numpy().tolist() == [[1]]


@pytest.mark.parametrize("size", [16, 101])
def test_many_criteria(size):
    weights = np.linspace(1, 5, size)
    matrix = judgement_matrix(weights[:, None] / weights)
    assert matrix.shape == (size, size)
    np.testing.assert_allclose(matrix, weights[:, None] / weights, rtol=1e-15)


BAD_SHAPES = {
    "none": [],
    "empty row": [[]],
    "0x0": np.ones((0, 0)),
    "2x3": np.ones((2, 3)),
    "one axis": np.ones(3),
    "three axes": np.ones((2, 2, 2)),
    "ragged": [[1, 2], [3], [4]],
    "text": "1/3",
    "rows of text": ["12", "34"],
    "number": 3,
    "empty table": pd.DataFrame(),
}


@pytest.mark.parametrize("judgements", BAD_SHAPES.values(), ids=BAD_SHAPES)
def test_bad_shapes_are_refused(judgements):
    with pytest.raises(InputError, match="its shape"):
        judgement_matrix(judgements)


def test_diagonal_of_two_is_refused():
    with pytest.raises(InputError, match="C2 against itself: found 2"):
        judgement_matrix([[1, 3], ["1/3", 2]])


def test_a_diagonal_that_is_nearly_one_is_refused_under_any_tolerance():
    with pytest.raises(InputError, match="C1 against itself"):
        judgement_matrix([[1.01, 3], ["1/3", 1]], reciprocal_tolerance=0.05)


def test_whole_number_arrays_that_lost_their_fractions_are_refused():
    matrix = np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]).astype(int)
    with pytest.raises(InputError, match="cuts 1/3 down to 0") as error:
        judgement_matrix(matrix, ["a", "b", "c"])
    assert where(error) == [
        "b against a (row 2, column 1)",
        "c against a (row 3, column 1)",
        "c against b (row 3, column 2)",
    ]


def test_whole_number_arrays_of_ones_are_fine():
    assert (judgement_matrix(np.ones((3, 3), dtype=int)).to_numpy() == 1).all()


def test_complex_arrays_are_refused():
    with pytest.raises(InputError, match="is not a number") as error:
        judgement_matrix(np.ones((2, 2), dtype=complex))
    assert len(error.value.problems) == 4


def test_labels_that_differ_are_refused():
    with pytest.raises(InputError, match="different labels"):
        judgement_matrix(pd.DataFrame(np.ones((2, 2)), ["a", "b"], ["b", "a"]))
    with pytest.raises(InputError, match="different labels"):
        judgement_matrix(pd.DataFrame(np.ones((2, 2)), ["1", "2"], [1, 2]))


def test_names_that_do_not_fit_are_refused():
    table = pd.DataFrame(np.ones((2, 2)), ["a", "b"], ["a", "b"])
    assert judgement_matrix(table, ["a", "b"]).index.tolist() == ["a", "b"]
    assert judgement_matrix(pd.DataFrame(np.ones((2, 2))), ["a", "b"]).index.tolist() == ["a", "b"]
    for names in (["b", "a"], ["a", "c"], ["a"]):
        with pytest.raises(InputError, match="the names are"):
            judgement_matrix(table, names)
    with pytest.raises(InputError, match="3 criteria, but rows of"):
        judgement_matrix(np.ones((2, 2)), ["a", "b", "c"])
    with pytest.raises(InputError, match="criteria given twice: a"):
        judgement_matrix([[3]], ["a", "a"])


@pytest.mark.parametrize("largest", [0.5, float("nan")])
def test_a_scale_must_reach_one(largest):
    with pytest.raises(InputError, match="largest"):
        judgement_matrix([[1]], largest=largest)


def test_rounded_reciprocals_pass_only_when_asked_for():
    rounded = [[1, 3, "0.14"], ["0.33", 1, "0.11"], [7, 9, 1]]
    with pytest.raises(InputError, match="not reciprocal") as error:
        judgement_matrix(rounded)
    assert len(error.value.problems) == 3
    exact = judgement_matrix([[3, "1/7"], ["1/9"]])
    pd.testing.assert_frame_equal(judgement_matrix(rounded, reciprocal_tolerance=0.05), exact, rtol=1e-15)


def test_the_tolerance_has_an_end():
    with pytest.raises(InputError, match="not reciprocal"):
        judgement_matrix([[1, 3], ["0.3", 1]], reciprocal_tolerance=0.05)


@pytest.mark.parametrize("empty", EMPTY, ids=repr)
def test_gaps_stay_empty(empty):
    matrix = judgement_matrix([[2, empty], [3]], list("abc"), incomplete=True)
    expected = [[1, 2, np.nan], [0.5, 1, 3], [np.nan, 1 / 3, 1]]
    np.testing.assert_allclose(matrix, expected, rtol=1e-15)
    with pytest.raises(InputError, match=r"a against c \(row 1, column 3\): the judgement is missing"):
        judgement_matrix([[2, empty], [3]], list("abc"))


def test_a_pair_with_one_entry_is_judged():
    matrix = judgement_matrix([[None, "1/4", None], ["", 1, 2], [3, None, 1]], incomplete=True)
    np.testing.assert_allclose(matrix, [[1, 0.25, 1 / 3], [4, 1, 2], [3, 0.5, 1]], rtol=1e-15)
