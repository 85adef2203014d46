import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.survey import check_answers, compare_groups

SPEAKERS = {
    "Pooh": [3, 5, 4, 4, 4, 4, 4, 4, 5, 5],
    "Piglet": [2, 4, 2, 2, 1, 2, 3, 2, 2, 3],
    "Tigger": [4, 4, 4, 4, 5, 3, 5, 4, 4, 3],
}
answers = st.lists(st.integers(1, 5), min_size=2, max_size=15)


def one_item(groups, highest=5):
    return {name: check_answers(pd.DataFrame({"q": values}), ["q"], 1, highest) for name, values in groups.items()}


def many_items(rows, highest=5):
    table = pd.DataFrame(rows)
    return check_answers(table, list(table), 1, highest)


def test_mangiafico_2016_three_speakers():
    """Kruskal-Wallis with ties: chi-squared 16.842, p 0.0002202, epsilon squared 0.581."""
    result = compare_groups(one_item(SPEAKERS))
    row = result.table.loc["q"]
    assert (result.test, result.effect) == ("Kruskal–Wallis", "epsilon squared")
    assert round(row["statistic"], 3) == 16.842
    assert round(row["p"], 7) == 0.0002202
    assert round(row["effect"], 3) == 0.581


def test_mangiafico_2016_two_speakers():
    """Mann-Whitney with ties and continuity: W 95, p 0.0004713; Cliff's delta 0.9."""
    row = compare_groups(one_item({name: SPEAKERS[name] for name in ("Pooh", "Piglet")})).table.loc["q"]
    assert row[["statistic", "effect"]].tolist() == pytest.approx([95, 0.9])
    assert round(row["p"], 7) == 0.0004713


def test_torchiano_effsize_documented_cliffs_delta():
    """effsize for R prints -0.25 with (-0.7265846, 0.3890062); tens there are points here."""
    groups = {"treatment": [1, 1, 2, 2, 2, 3, 3, 3, 4, 5], "control": [1, 2, 3, 4, 4, 5]}
    row = compare_groups(one_item(groups)).table.loc["q"]
    assert row["effect"] == pytest.approx(-0.25)
    assert np.round(row[["effect_low", "effect_high"]].astype(float), 7).tolist() == [-0.7265846, 0.3890062]


@given(answers, answers)
@settings(max_examples=10)
def test_cliffs_delta_counts_pairs_and_turns_its_sign(first, second):
    forth = compare_groups(one_item({"x": first, "y": second})).table.loc["q"]
    back = compare_groups(one_item({"y": second, "x": first})).table.loc["q"]
    pairs = np.sign(np.subtract.outer(first, second))
    assert forth["effect"] == pytest.approx(pairs.mean(), abs=1e-12)
    assert -1 - 1e-9 <= forth["effect_low"] <= forth["effect"] + 1e-9
    assert forth["effect_high"] <= 1 + 1e-9
    assert [back["effect_low"], back["effect_high"]] == pytest.approx([-forth["effect_high"], -forth["effect_low"]])
    assert back["p"] == pytest.approx(forth["p"])


def test_complete_dominance_and_no_difference():
    apart = compare_groups(one_item({"x": [5, 5], "y": [1, 1]})).table.loc["q"]
    assert apart["effect"] == apart["effect_high"] == 1
    assert apart["effect_low"] < 1
    for groups in ({"x": [3, 3], "y": [3, 3]}, {"x": [3, 3], "y": [3, 3], "z": [3, 3]}):
        same = compare_groups(one_item(groups)).table.loc["q"]
        assert (same["effect"], same["p"]) == (0, 1)


def test_holm_1979_correction_steps_down():
    """The smallest p counts four times, the next three times and so on, and none falls below the one before."""
    rng = np.random.default_rng(2)
    first = many_items({name: rng.integers(1, 6, 30) for name in "abc"})
    second = many_items({name: np.clip(rng.integers(1, 6, 30) + shift, 1, 5) for shift, name in enumerate("abc")})
    for group in (first, second):
        group.frame["d"] = group.frame["c"]
    table = compare_groups({"first": first, "second": second}).table
    assert table.loc["c", "p"] < table.loc["b", "p"] < table.loc["a", "p"]
    assert table["p_holm"].to_dict() == pytest.approx(
        {
            "a": min(max(table.loc["a", "p"], 2 * table.loc["b", "p"]), 1),
            "b": max(2 * table.loc["b", "p"], 4 * table.loc["c", "p"]),
            "c": 4 * table.loc["c", "p"],
            "d": 4 * table.loc["c", "p"],
        }
    )


def test_each_item_uses_everybody_who_answered_it_and_only_shared_items_count():
    staff = many_items({"b": [4, 5, 4], "a": [3, None, 4]})
    customers = many_items({"a": [1, 2, 2, None], "b": [3, 3, 4, 5], "c": [1, 1, 1, 1]})
    result = compare_groups({"customers": customers, "staff": staff})
    assert list(result.to_frame().index) == ["a", "b"]
    assert result.table["customers_answered"].tolist() == [3, 4]
    assert result.table["staff_answered"].tolist() == [2, 3]
    assert result.table.loc["a", "effect"] == -1
    assert result.table["staff_mean"].tolist() == [3.5, pytest.approx(13 / 3)]
    assert result.to_dict()["groups"] == ["customers", "staff"]


@pytest.mark.parametrize(
    ("groups", "level", "message"),
    [
        ({}, 0.95, "groups: found 0"),
        (one_item({"x": [1, 2]}), 0.95, "groups: found 1"),
        (one_item({"x": [1, 2]}) | one_item({"y": [1, 2]}, highest=7), 0.95, "found 1 to 5 and 1 to 7"),
        (one_item({"x": [1, 2], "y": [None, 2]}), 0.95, "item 'q', group 'y': fewer than two"),
        ({"x": many_items({"a": [1]}), "y": many_items({"b": [1]})}, 0.95, "share none"),
        (one_item({"x": [1, 2], "y": [1, 2]}), 0, "level: found 0"),
    ],
)
def test_bad_groups_are_named(groups, level, message):
    with pytest.raises(InputError, match=message):
        compare_groups(groups, level)
