import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.ahp import SCALES, judgement_matrix, rescale
from crmlib.errors import InputError

UNTIMED = settings(deadline=None)

LEVELS = np.arange(1.0, 10.0)


@pytest.mark.parametrize("scale", SCALES)
def test_every_scale_starts_at_one_and_rises(scale):
    values = SCALES[scale].value(LEVELS)
    assert values[0] == pytest.approx(1, abs=1e-15)
    assert (np.diff(values) > 0).all()


@pytest.mark.parametrize(
    ("scale", "printed"),
    [
        ("linear", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("power", [1, 4, 9, 16, 25, 36, 49, 64, 81]),
        ("root", [1, 1.41, 1.73, 2, 2.24, 2.45, 2.65, 2.83, 3]),
        ("geometric", [1, 2, 4, 8, 16, 32, 64, 128, 256]),
        ("logarithmic", [1, 1.58, 2, 2.32, 2.58, 2.81, 3, 3.17, 3.32]),
        ("inverse_linear", [1, 1.13, 1.29, 1.5, 1.8, 2.25, 3, 4.5, 9]),
    ],
)
def test_ishizaka_labib_2011_table_of_scales(scale, printed):
    np.testing.assert_allclose(SCALES[scale].value(LEVELS), printed, rtol=0, atol=0.0051)


def test_salo_hamalainen_1997_balanced_scale():
    printed = [1, 1.22, 1.5, 1.86, 2.33, 3.00, 4.00, 5.67, 9.00]
    np.testing.assert_allclose(SCALES["balanced"].value(LEVELS), printed, rtol=0, atol=0.0051)


def test_donegan_dodd_mcmaster_1992_eighth_level():
    """The horizon 1 + 14/√3 gives level 8 the value 2 + √3."""
    assert SCALES["asymptotical"].value(np.array(8.0)) == pytest.approx(2 + np.sqrt(3), rel=1e-12)


@pytest.mark.parametrize("scale", SCALES)
@UNTIMED
@given(
    levels=st.lists(st.floats(1, 9), min_size=3, max_size=3), inverted=st.lists(st.booleans(), min_size=3, max_size=3)
)
def test_rescaled_matrices_are_reciprocal_and_keep_the_directions(scale, levels, inverted):
    a, b, c = (1 / level if flip else level for level, flip in zip(levels, inverted, strict=True))
    matrix = judgement_matrix([[a, b], [c]])
    found = rescale(matrix, scale).to_numpy()
    np.testing.assert_allclose(found * found.T, 1, rtol=1e-12)
    assert ((found > 1) <= (matrix.to_numpy() > 1)).all()
    assert found[0, 1] == pytest.approx(SCALES[scale].value(np.array(levels[0])) ** (-1 if inverted[0] else 1))


def test_the_linear_scale_changes_nothing():
    matrix = judgement_matrix([["1/2", 9], [3]])
    np.testing.assert_allclose(rescale(matrix, "linear"), matrix, rtol=1e-15)


def test_gaps_stay_empty():
    found = rescale(judgement_matrix([[2, None], [3]], incomplete=True), "power")
    np.testing.assert_allclose(found, [[1, 4, np.nan], [1 / 4, 1, 9], [np.nan, 1 / 9, 1]], rtol=1e-15)


def test_judgements_beyond_nine_are_refused():
    with pytest.raises(InputError) as error:
        rescale(judgement_matrix([["1/10"]], ["a", "b"], largest=None), "inverse_linear")
    assert [problem.where for problem in error.value.problems] == [
        "a against b (row 1, column 2)",
        "b against a (row 2, column 1)",
    ]


def test_unknown_scale_is_refused():
    with pytest.raises(InputError, match="linear, power, root"):
        rescale(judgement_matrix([[2]], ["a", "b"]), "saaty")
