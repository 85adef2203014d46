import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmlib.errors import InputError
from crmlib.lifecycle.churn import CORRECTIONS, observe, shared_features

FEATURES = pd.DataFrame(
    {
        "complaints": [4, 3, 1, 0, 0, 1, 0, 2],
        "plan": ["basic", "basic", "full", "full", "basic", "full", "full", "full"],
        "auto_pay": [False, False, False, True, True, True, False, True],
    },
    index=list("ABCDEFGH"),
)
LEFT = pd.Series([8, 9, 13, None, None, None, 6, 7], index=list("ABCDEFGH"))
MEASURED = {"complaints": 6, "plan": 1, "auto_pay": 5}


def seen(**changes):
    arguments = {"measured": MEASURED, "left": LEFT, "cutoff": 6, "until": 12} | changes
    return observe(arguments.pop("features", FEATURES), **arguments)


def test_only_losses_after_the_cutoff_and_up_to_the_end_count():
    found = seen()
    assert found.gone == 1  # G had left by period 6
    assert found.lost.to_dict() == {"A": True, "B": True, "C": False, "D": False, "E": False, "F": False, "H": True}
    assert list(found.features.index) == list("ABCDEFH")


def test_a_feature_from_after_the_cutoff_is_refused():
    with pytest.raises(InputError, match="feature 'complaints': draws on period 7, after the cutoff 6"):
        seen(measured=MEASURED | {"complaints": 7})
    with pytest.raises(InputError, match="feature 'plan': has no period of measurement"):
        seen(measured={"complaints": 6, "auto_pay": 5})


def test_what_happens_after_the_end_changes_nothing():
    later = LEFT.replace(13, 20).where(LEFT.notna(), 15)
    pd.testing.assert_series_equal(seen(left=later).lost, seen().lost)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"until": 6}, "until: found 6"),
        ({"features": FEATURES.iloc[:0]}, "features: there are none"),
        ({"features": FEATURES.assign(complaints=[None, np.inf, *[0] * 6])}, "'A', feature 'complaints'(.|\n)*'B'"),
        ({"features": FEATURES.assign(plan=[pd.NA, *["full"] * 7])}, "customer 'A', feature 'plan'"),
        ({"features": pd.concat([FEATURES, FEATURES.iloc[:1]])}, "customer 'A': given more than once"),
        ({"left": LEFT.iloc[1:]}, "customer 'A': is in one of the two only"),
        ({"left": LEFT.where(LEFT < 9)}, None),
        ({"left": LEFT.where(LEFT < 8)}, "1 lost and 6 kept"),
        ({"left": LEFT.where(LEFT.isna(), 5).fillna(8)}, "3 lost and 0 kept"),
    ],
)
def test_unusable_features(changes, message):
    if message is None:
        assert seen(**changes).lost.sum() == 2
        return
    with pytest.raises(InputError, match=message):
        seen(**changes)


def test_numbers_and_levels_by_hand():
    table = shared_features(seen()).table.set_index("feature")
    assert table.loc["complaints", ["lost", "kept"]].tolist() == [3.0, 0.5]
    assert table.loc["complaints", "effect"] == 1.0
    assert table.loc["complaints", "level"] is None
    plan = table.loc["plan"]
    assert (plan["level"], plan["measure"]) == ("basic", "risk ratio")
    assert plan["lost"] == pytest.approx(2 / 3)
    assert plan["kept"] == pytest.approx(1 / 4)
    assert plan["effect"] == pytest.approx((2 / 3) / (1 / 4))
    error = np.sqrt(1 / 2 - 1 / 3 + 1 / 1 - 1 / 4)
    assert plan["high"] == pytest.approx(plan["effect"] * np.exp(1.959964 * error), rel=1e-6)
    assert plan["p_value"] == pytest.approx(stats.fisher_exact([[2, 1], [1, 3]]).pvalue)


def test_katz_interval_agrees_with_scipy():
    has = np.repeat([True, True, False, False], [15, 78 - 15, 10, 75 - 10])
    left = np.repeat([5.0, np.nan, 5.0, np.nan], [15, 78 - 15, 10, 75 - 10])
    features = pd.DataFrame({"old": has})
    observed = observe(features, {"old": 0}, pd.Series(left), cutoff=0, until=9)
    found = shared_features(observed).table.iloc[0]
    peer = stats.contingency.relative_risk(10, 75, 15, 78)
    assert found["level"] in (False,)
    assert found["effect"] == pytest.approx(peer.relative_risk)
    ends = peer.confidence_interval(0.95)
    assert [found["low"], found["high"]] == pytest.approx([ends.low, ends.high])


def test_an_empty_cell_gives_a_finite_ratio():
    features = pd.DataFrame({"plan": ["a", "a", "b", "b", "b"]})
    observed = observe(features, {"plan": 0}, pd.Series([2.0, 2, None, None, None]), cutoff=0, until=9)
    found = shared_features(observed).table.iloc[0]
    assert found["effect"] == pytest.approx((2.5 / 3) / (0.5 / 4))
    assert np.isfinite([found["low"], found["high"]]).all()


def test_a_constant_feature_tells_nothing():
    found = shared_features(seen(features=FEATURES.assign(complaints=1, plan="full"))).table.set_index("feature")
    assert found.loc["complaints", ["effect", "p_value"]].tolist() == [0, 1]
    assert found.loc["plan", "p_value"] == 1


def test_three_levels_are_each_compared_with_the_rest():
    found = shared_features(seen(features=FEATURES.assign(plan=list("xyzxyzxy")))).table
    assert sorted(found.loc[found["feature"] == "plan", "level"]) == ["x", "y", "z"]


def test_corrections_keep_their_promise_on_features_that_say_nothing():
    rng = np.random.default_rng(11)
    finds = dict.fromkeys(["none", *CORRECTIONS], 0)
    for _ in range(40):
        features = pd.DataFrame(rng.standard_normal((80, 10)))
        left = pd.Series(np.where(rng.random(80) < 0.3, 5.0, np.nan))
        observed = observe(features, {str(name): 0 for name in features}, left, cutoff=0, until=9)
        p = shared_features(observed).table["p_value"].to_numpy()
        finds["none"] += (p < 0.05).any()
        for name, correct in CORRECTIONS.items():
            finds[name] += (correct(p) < 0.05).any()
    assert finds["none"] > 10
    assert finds["holm"] <= finds["bh"] <= 6


def test_corrections_by_hand():
    assert CORRECTIONS["bh"](np.array([0.01, 0.02, 0.03, 0.5])).tolist() == pytest.approx([0.04, 0.04, 0.04, 0.5])
    found = shared_features(seen(), correction="bh")
    assert (found.table["p_adjusted"] >= found.table["p_value"]).all()
    assert found.to_dict()["correction"] == "bh"
    assert found.to_dict()["features"][0]["feature"] == found.to_frame().loc[0, "feature"]
    with pytest.raises(InputError, match=r"correction: found 'sidak'"):
        shared_features(seen(), correction="sidak")
