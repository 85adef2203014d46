import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.lifecycle.stages import STAGES, UNKNOWN, StageRules, relationship_stages
from tests.lifecycle.histories import made_histories

VOLUMES = pd.DataFrame(
    {
        "on trial": [0, 0, 0, 0, 2, 1, 2, 2, 1, 2, 2, 2],
        "forming": [1, 1, 2, 1, 1, 2, 3, 5, 8, 9, 12, 14],
        "stable": [1, 2, 5, 9, 11, 12, 12, 11, 13, 12, 11, 12],
        "declining": [1, 5, 9, 12, 12, 12, 11, 12, 11, 8, 6, 3],
        "gone": [1, 5, 9, 12, 12, 12, 11, 5, 0, 0, 0, 0],
        "forming again": [9, 9, 9, 9, 9, 1, 1, 1, 1, 3, 5, 6],
        "young": [0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5],
        "never bought": [0] * 12,
    }
).T


def stages(volumes, **rules):
    return relationship_stages(volumes, StageRules(**rules)).table["stage"]


def test_each_rule():
    assert stages(VOLUMES).to_dict() == {
        "on trial": "exploration",
        "forming": "formation",
        "stable": "stability",
        "declining": "decline",
        "gone": "decline",
        "forming again": "formation",
        "young": UNKNOWN,
        "never bought": UNKNOWN,
    }


def test_measures_by_hand():
    row = relationship_stages(VOLUMES).table.loc["declining"]
    highest, level = 12.0, (8 + 6 + 3) / 3
    assert row["periods"] == 12
    assert row["highest"] == highest
    assert row["level"] == pytest.approx(level)
    assert row["drop"] == pytest.approx(1 - level / highest)
    assert row["growth"] == pytest.approx((level - (11 + 12 + 11) / 3) / highest)
    assert row["multiple"] == pytest.approx(level / 5)


def test_a_measure_on_its_limit_counts():
    volumes = pd.DataFrame({"grew": [8.0, 8, 8, 10, 10, 10], "fell": [8.0, 8, 8, 6, 6, 6]}).T
    assert stages(volumes, growth=0.2, drop=0.25).tolist() == ["formation", "decline"]
    assert stages(volumes, growth=0.21, drop=0.26, longest_trial=5).tolist() == ["stability", "stability"]


def test_a_level_customer_is_on_trial_until_it_is_old():
    flat = pd.DataFrame([[3.0] * 12, [3.0] * 12]).assign(**{"12": [3.0, 3.0]})
    flat.columns = range(13)
    assert stages(flat, longest_trial=12).tolist() == ["stability"] * 2
    assert stages(flat, longest_trial=13).tolist() == ["exploration"] * 2


@pytest.mark.parametrize("periods", [1, 5])
def test_a_table_shorter_than_two_windows_says_unknown(periods):
    found = relationship_stages(pd.DataFrame([[4.0] * periods]))
    assert found.table["stage"].tolist() == [UNKNOWN]
    assert found.table["growth"].isna().all()
    assert found.table["periods"].tolist() == [periods]


def test_a_window_of_a_whole_season_sees_no_season():
    season = np.tile([1.6, 1.3, 0.6, 0.5], 6)
    volumes = pd.DataFrame([10 * season])
    for end in range(12, 25):
        assert stages(volumes.iloc[:, :end], window=4, longest_trial=8).tolist() == ["stability"]
    seen = {stages(volumes.iloc[:, :end], window=3, longest_trial=8)[0] for end in range(12, 25)}
    assert seen == {"formation", "stability", "decline"}


# What the rules recover of the true stages: of all customers old enough, and of those at least two periods away
# from a change of stage. Each limit lies two standard errors of the 641 and 334 customers below the share measured.
@pytest.mark.parametrize(
    ("noise", "all_share", "clear_share"), [(0, 0.749, 0.932), (0.1, 0.75, 0.932), (0.3, 0.672, 0.742)]
)
def test_known_stages_are_recovered(noise, all_share, clear_share):
    volumes, true, distance = made_histories(noise)
    found = stages(volumes)
    known = found != UNKNOWN
    assert (found == true)[known].mean() > all_share
    assert (found == true)[known & (distance > 2)].mean() > clear_share
    assert set(found[known]) == set(STAGES)


def test_without_noise_a_wrong_stage_is_one_that_the_customer_has_just_left():
    """Means of a window look back; only within a period of a change are the limits drawn differently."""
    volumes, true, distance = made_histories(noise=0)
    found = stages(volumes)
    wrong = (found != true) & (found != UNKNOWN) & (distance > 1)
    place = {stage: number for number, stage in enumerate(STAGES)}
    assert wrong.sum() > 30
    assert (found[wrong].map(place) == true[wrong].map(place) - 1).all()


histories = st.lists(st.lists(st.integers(0, 50), min_size=8, max_size=8), min_size=1, max_size=6)


@given(histories, st.floats(0.01, 1000))
@settings(max_examples=10)
def test_scaling_and_order_of_customers_change_nothing(rows, factor):
    volumes = pd.DataFrame(rows, dtype=float)
    found = relationship_stages(volumes).table
    pd.testing.assert_frame_equal(
        relationship_stages(volumes.iloc[::-1]).table.iloc[::-1], found, check_exact=False, rtol=1e-12
    )
    scaled = relationship_stages(volumes * factor).table
    np.testing.assert_allclose(scaled["growth"], found["growth"], rtol=1e-9, atol=1e-12)
    near = (found["growth"] - 0.2).abs().lt(1e-9) | (found["drop"] - 0.25).abs().lt(1e-9)
    near |= (found["multiple"] - 2).abs().lt(1e-9)
    assert (scaled["stage"] == found["stage"])[~near].all()


@given(histories, st.integers(0, 5))
@settings(max_examples=10)
def test_periods_before_the_first_purchase_change_nothing(rows, empty):
    volumes = pd.DataFrame(rows)
    earlier = pd.concat([pd.DataFrame(np.zeros((len(rows), empty))), volumes], axis=1)
    earlier.columns = range(8 + empty)
    pd.testing.assert_frame_equal(
        relationship_stages(earlier).table.drop(columns="periods"),
        relationship_stages(volumes).table.drop(columns="periods"),
        rtol=1e-9,
    )


def test_results_name_their_rules():
    found = relationship_stages(VOLUMES)
    assert found.to_dict()["rules"] == {
        "window": 3, "growth": 0.2, "drop": 0.25, "formed": 2.0, "longest_trial": 12
    }  # fmt: skip
    assert found.to_frame() is found.table
    assert found.to_dict()["customers"]["gone"]["drop"] == 1.0


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"window": 0}, "window: found 0"),
        ({"window": 2.5}, "window: found 2.5"),
        ({"longest_trial": True}, "longest_trial: found True"),
        ({"growth": 0}, "growth: found 0"),
        ({"drop": 1.0}, "drop: found 1.0"),
        ({"drop": float("nan")}, "drop: found nan"),
        ({"formed": 0.5}, "formed: found 0.5"),
    ],
)
def test_rules_that_make_no_sense(rules, message):
    with pytest.raises(InputError, match=message):
        StageRules(**rules)


def test_a_missing_cell_is_not_a_zero_unless_stated():
    volumes = VOLUMES.astype(object)
    volumes.loc["stable", 3] = None
    with pytest.raises(InputError, match="customer 'stable', period 3: is missing"):
        relationship_stages(volumes)
    assert relationship_stages(volumes, missing="zero").table["stage"].notna().all()
