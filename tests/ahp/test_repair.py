import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from crmlib.ahp import consistency, consistency_ratio, judgement_matrix, repair_suggestion
from crmlib.errors import InputError

SCALE = [*(1 / k for k in range(9, 1, -1)), *map(float, range(1, 10))]


@st.composite
def judgement_tables(draw, min_size=3, max_size=5):
    n = draw(st.integers(min_size, max_size))
    return judgement_matrix([[draw(st.sampled_from(SCALE)) for _ in range(k)] for k in range(n - 1, 0, -1)])


def changed(table, pair, value):
    first, second = pair
    copy = table.copy()
    copy.loc[first, second], copy.loc[second, first] = value, 1 / value
    return copy


@given(judgement_tables())
@settings(max_examples=10)
def test_the_best_values_are_the_minima_found_by_search(table):
    candidates = repair_suggestion(table, table="alonso_lamata2006").candidates
    for pair, row in candidates.iterrows():
        found = minimize_scalar(
            lambda log, pair=pair: np.linalg.eigvals(changed(table, pair, np.exp(log)).to_numpy()).real.max(),
            bounds=(-9, 9),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert np.log(row["best_value"]) == pytest.approx(found.x, abs=1e-5)
        best = consistency(changed(table, pair, row["best_value"]), "alonso_lamata2006")
        assert row["best_consistency_ratio"] == pytest.approx(best.consistency_ratio, abs=1e-12)


@given(judgement_tables(), st.floats(0.01, 0.5))
@settings(max_examples=10)
def test_the_least_change_is_enough_and_no_smaller_one_is(table, limit):
    repair = repair_suggestion(table, limit=limit)
    for pair, row in repair.candidates.iterrows():
        if np.isnan(row["enough_value"]):
            assert row["best_consistency_ratio"] > limit
            continue
        step = np.log(row["enough_value"] / row["judgement"])
        assert row["enough_change"] == pytest.approx(abs(step), abs=1e-12)
        assert row["enough_consistency_ratio"] <= limit + 1e-12
        if step:
            for fraction in (0.5, 0.99, 1 - 1e-6):
                for direction in (1, -1):
                    less = row["judgement"] * np.exp(fraction * direction * step)
                    assert consistency_ratio(changed(table, pair, less).to_numpy()) > limit


@given(judgement_tables())
@settings(max_examples=10)
def test_the_scale_value_is_the_nearest_by_ratio(table):
    for pair, row in repair_suggestion(table).candidates.iterrows():
        nearest = min(SCALE, key=lambda value, best=row["best_value"]: abs(np.log(value / best)))
        assert abs(np.log(row["scale_value"] / row["best_value"])) == pytest.approx(
            abs(np.log(nearest / row["best_value"])), abs=1e-12
        )
        assert row["scale_consistency_ratio"] == pytest.approx(
            consistency_ratio(changed(table, pair, row["scale_value"]).to_numpy()), abs=1e-12
        )


def test_the_smallest_change_is_the_smallest_of_several():
    repair = repair_suggestion(judgement_matrix([[4, 5, 6], [2, 2], [2]], list("abcd")), limit=0.02)
    changes = repair.candidates["enough_change"].dropna()
    assert len(changes) > 1
    assert changes[repair.smallest_change] == changes.min() < changes.max()
    assert repair.smallest_changes == [repair.smallest_change]


def test_a_planted_mistake_is_found_and_undone():
    weights = np.array([8.0, 4.0, 2.0, 1.0])
    ratios = weights[:, None] / weights
    ratios[0, 3], ratios[3, 0] = 1 / 8, 8.0
    repair = repair_suggestion(judgement_matrix(ratios, list("abcd")))
    assert repair.worst_pair == ("a", "d")
    row = repair.candidates.loc[("a", "d")]
    assert row["best_value"] == pytest.approx(8, rel=1e-12)
    assert row["scale_value"] == pytest.approx(8, rel=1e-12)
    assert row["best_consistency_ratio"] == pytest.approx(0, abs=1e-12)
    assert repair.smallest_change == ("a", "d")


def test_three_criteria_are_repaired_by_the_indirect_judgement():
    repair = repair_suggestion(judgement_matrix([[2, "1/4"], [2]], list("abc")))
    assert repair.candidates.loc[("a", "c"), "best_value"] == pytest.approx(4, rel=1e-12)
    assert repair.candidates["best_consistency_ratio"].to_numpy() == pytest.approx(0, abs=1e-12)


@given(judgement_tables(max_size=3), st.floats(0.01, 0.5))
@settings(max_examples=25)
def test_no_judgement_of_three_stands_out(table, limit):
    repair = repair_suggestion(table, limit=limit)
    pairs = [("C1", "C2"), ("C1", "C3"), ("C2", "C3")]
    assert repair.worst_pairs == repair.smallest_changes == pairs
    assert repair.worst_pair is repair.smallest_change is None
    assert list(repair.candidates.index) == pairs


def test_the_chapter_on_ahp_has_the_same_factor_everywhere():
    repair = repair_suggestion(judgement_matrix([[3, "1/5"], [2]], ["profit", "loyalty", "growth"]))
    np.testing.assert_allclose(np.exp(repair.candidates["enough_change"]), 10.85, atol=0.005)


def test_a_circle_has_no_first_link():
    """Each of a, b, c, d is twice as important as the next, and d as a."""
    repair = repair_suggestion(judgement_matrix([[2, 1, "1/2"], [2, 1], [2]], list("abcd")), limit=0.01)
    assert repair.worst_pair is repair.smallest_change is None
    assert set(repair.worst_pairs) == {("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")}


def test_nothing_to_repair():
    repair = repair_suggestion(judgement_matrix([[2, 6], [3]]))
    assert repair.worst_pair is repair.smallest_change is None
    assert repair.consistency_ratio == pytest.approx(0, abs=1e-12)
    assert (repair.candidates["enough_change"] == 0).all()
    assert repair.candidates["best_value"].to_numpy() == pytest.approx(repair.candidates["judgement"].to_numpy())


def test_what_one_change_cannot_repair():
    table = judgement_matrix([[9, "1/9", 9, "1/9"], [9, "1/9", 9], [9, "1/9"], [9]])
    repair = repair_suggestion(table)
    assert repair.smallest_change is None
    assert repair.smallest_changes == []
    assert repair.candidates["enough_value"].isna().all()


@pytest.mark.parametrize("rows", [[[1]], [[1, 9], ["1/9", 1]]])
def test_fewer_than_three_criteria_are_refused(rows):
    with pytest.raises(InputError, match=f"{len(rows)} criteria"):
        repair_suggestion(judgement_matrix(rows))


def test_gaps_are_refused():
    with pytest.raises(InputError, match="missing"):
        repair_suggestion(judgement_matrix([[2, None], [3]], incomplete=True))


def test_to_dict_is_plain_and_to_frame_is_the_candidates():
    repair = repair_suggestion(judgement_matrix([[2, "1/4"], [2]], list("abc")), limit=0.05, table="saaty2005")
    found = repair.to_dict()
    assert json.loads(json.dumps(found)) == found
    assert (found["limit"], found["table"]) == (0.05, "saaty2005")
    assert [row["against"] for row in found["candidates"]] == ["b", "c", "c"]
    assert repair.to_frame() is repair.candidates
