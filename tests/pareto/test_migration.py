import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import InputError
from crmlib.pareto import LEFT, NEW, SHARES, abc_classes, pyramid_migration

#: Revenue before and now of a few customers; None for who is not there.
pairs = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 90)), st.one_of(st.none(), st.integers(0, 90))),
    min_size=2,
    max_size=15,
).filter(lambda rows: any(before is not None for before, _ in rows) and any(now is not None for _, now in rows))
QUARTERS = {"top": 0.25, "middle": 0.25, "low": 0.5}


def migrated(rows, shares=QUARTERS):
    table = pd.DataFrame(rows, columns=["before", "now"], dtype=float)
    before, now = (abc_classes(table[period].dropna(), shares, "customers") for period in ("before", "now"))
    return table, pyramid_migration(before, now)


@settings(max_examples=8)
@given(pairs)
def test_rows_sum_to_1_and_nobody_is_lost(rows):
    table, result = migrated(rows)
    assert result.counts.to_numpy().sum() == table.notna().any(axis=1).sum() == result.moves.sum()
    sums = result.probabilities.sum(axis=1)[result.counts.sum(axis=1) > 0]
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)))
    assert result.counts.loc[NEW, LEFT] == 0


@settings(max_examples=8)
@given(pairs)
def test_moves_are_what_the_tiers_say(rows):
    _, result = migrated(rows)
    rank = {name: place for place, name in enumerate(QUARTERS)}
    for row in result.table.itertuples():
        if row.before == NEW or row.now == LEFT:
            assert row.move == (NEW if row.before == NEW else LEFT)
        else:
            higher, lower = rank[row.now] < rank[row.before], rank[row.now] > rank[row.before]
            assert row.move == ("rose" if higher else "fell" if lower else "stayed")


@settings(max_examples=8)
@given(pairs)
def test_time_turned_round_swaps_the_moves(rows):
    _, forward = migrated(rows)
    _, backward = migrated([(now, before) for before, now in rows])
    swapped = {"rose": "fell", "fell": "rose", LEFT: NEW, NEW: LEFT, "stayed": "stayed"}
    assert {swapped[kind]: count for kind, count in forward.moves.items()} == backward.moves.to_dict()
    assert forward.cancelling_share == pytest.approx(backward.cancelling_share, nan_ok=True)


def example():
    """Four customers before, of whom p falls, q rises, r stays and s leaves; t comes."""
    halves = {"top": 0.5, "low": 0.5}
    before = abc_classes(pd.Series({"p": 9.0, "s": 8.0, "q": 5.0, "r": 4.0}), halves, "customers")
    now = abc_classes(pd.Series({"q": 12.0, "t": 7.0, "p": 3.0, "r": 1.0}), halves, "customers")
    return pyramid_migration(before, now)


def test_the_matrix_of_the_example():
    result = example()
    assert result.to_frame().to_dict("index") == {
        "top": {"top": 0, "low": 1, LEFT: 1},
        "low": {"top": 1, "low": 1, LEFT: 0},
        NEW: {"top": 1, "low": 0, LEFT: 0},
    }
    assert result.moves.to_dict() == {"rose": 1, "stayed": 1, "fell": 1, LEFT: 1, NEW: 1}
    assert result.table.loc["s", ["value_before", "value_now"]].tolist() == [8, 0]
    assert result.cancelling_share == 1, "one rose and one fell"
    assert result.to_dict()["customers"]["t"]["move"] == NEW


def test_the_three_aims_of_the_example():
    aims = example().aims()
    assert aims[["customers", "of"]].to_dict("index") == {
        "add": {"customers": 1, "of": 4},
        "move up": {"customers": 1, "of": 2},
        "keep in": {"customers": 3, "of": 4},
    }
    assert aims["share"].tolist() == [0.25, 0.5, 0.75]


def test_wilson_1927_interval_of_an_aim():
    """For 1 of 4 at 95 %: (p + z²/2n ± z√(p(1 − p)/n + z²/4n²))/(1 + z²/n)."""
    z, p, n = 1.959963984540054, 0.25, 4
    middle, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    expected = [(middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)]
    assert example().aims().loc["add", ["low", "high"]].tolist() == pytest.approx(expected)
    assert example().aims(0.8).loc["add", "low"] > expected[0], "a lower confidence gives a narrower interval"


def test_the_upgrade_value_of_the_example():
    step = example().upgrade_value().loc["low → top"]
    assert step.to_dict() == {
        "mean_lower": 2.0, "mean_higher": 9.5, "difference": 7.5, "risers": 1, "risers_gain": 7.0,
    }  # fmt: skip


def test_an_aim_about_nobody_has_no_share():
    one = abc_classes(pd.Series({"p": 1.0}), QUARTERS, "customers")
    aims = pyramid_migration(one, one).aims()
    assert np.isnan(aims.loc["move up", "share"]), "the only customer is at the top"
    assert np.isnan(pyramid_migration(one, one).cancelling_share)


def test_different_tiers_cannot_be_compared():
    before = abc_classes(pd.Series({"p": 1.0}), QUARTERS, "customers")
    with pytest.raises(InputError, match="same tiers"):
        pyramid_migration(before, abc_classes(pd.Series({"p": 1.0}), SHARES["pyramid"], "customers"))
