import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.checks import floats
from crmlib.clv.chains._distributions import distribution_problems, matrix_problems
from crmlib.clv.chains.markov import chain_value, expected_path
from crmlib.errors import InputError
from tests.conftest import ROOT

CASES = {case["name"]: case for case in json.loads((ROOT / "tests/reference/clv_cases.json").read_text("utf-8"))}


def square(rows, labels="ABCDEF"):
    names = list(labels[: len(rows)])
    return pd.DataFrame(rows, index=names, columns=names)


@st.composite
def chains(draw, largest=5):
    size = draw(st.integers(1, largest))
    weights = [[draw(st.integers(0, 4)) for _ in range(size)] for _ in range(size)]
    rows = np.array(weights, dtype=float) + np.eye(size) * (np.sum(weights, axis=1) == 0)
    return square(rows / rows.sum(axis=1, keepdims=True))


@st.composite
def rewarded(draw):
    chain = draw(chains())
    rewards = [draw(st.integers(-50, 50)) for _ in range(len(chain))]
    return chain, pd.Series(rewards, index=chain.index, dtype=float)


def test_rust_lemon_zeithaml_2004_mechanics_of_the_switching_matrix():
    case = CASES["rlz_switching_path"]
    path = expected_path(square(case["inputs"]["S"]), pd.Series(case["inputs"]["start"], index=["A", "B"]), 3)
    assert path["A"].iloc[1:].to_numpy() == pytest.approx(case["expected"], abs=1e-12)


def test_third_party_mailing_chain():
    case = CASES["markov_phpoms_T4"]
    p = case["inputs"]["p"]
    rows = [[p[0], 1 - p[0], 0, 0], [p[1], 0, 1 - p[1], 0], [p[2], 0, 0, 1 - p[2]], [0, 0, 0, 1]]
    found = chain_value(square(rows), pd.Series(case["inputs"]["R"], index=list("ABCD")), 0.2, 4).values
    assert found.to_numpy() == pytest.approx(case["computed"], abs=5e-4)


@given(rewarded(), st.floats(-0.2, 1), st.integers(0, 12))
def test_the_value_of_a_horizon_is_the_sum_of_its_periods(chain_and_rewards, rate, horizon):
    chain, rewards = chain_and_rewards
    worth = 0.0
    for period in range(horizon + 1):
        worth = worth + np.linalg.matrix_power(chain.to_numpy(), period) @ rewards.to_numpy() / (1 + rate) ** period
    found = chain_value(chain, rewards, rate, horizon)
    assert found.values.to_numpy() == pytest.approx(worth, rel=1e-9, abs=1e-9)
    assert found.horizon == horizon


@given(rewarded(), st.floats(0.05, 1))
def test_the_value_for_ever_solves_its_equation_and_is_the_limit(chain_and_rewards, rate):
    chain, rewards = chain_and_rewards
    for_ever = chain_value(chain, rewards, rate).values
    assert (rewards + chain @ for_ever / (1 + rate)).to_numpy() == pytest.approx(for_ever.to_numpy(), abs=1e-8)
    far = chain_value(chain, rewards, rate, 1000).values
    assert far.to_numpy() == pytest.approx(for_ever.to_numpy(), abs=1e-7)


@given(rewarded(), st.floats(0.05, 1), st.integers(1, 9), st.one_of(st.just(np.inf), st.integers(0, 9)))
def test_values_grow_with_the_rewards(chain_and_rewards, rate, factor, horizon):
    chain, rewards = chain_and_rewards
    once = chain_value(chain, rewards, rate, horizon).values
    assert chain_value(chain, factor * rewards, rate, horizon).values.to_numpy() == pytest.approx(
        factor * once.to_numpy(), abs=1e-8
    )
    more = chain_value(chain, rewards + 1, rate, horizon).values
    assert (more > once).all()


def test_without_discounting_a_chain_that_ends_has_a_value():
    leaving = square([[0.8, 0.2], [0, 1]])
    found = chain_value(leaving, pd.Series({"A": 10.0, "B": 0.0}), 0).values
    assert found.to_dict() == pytest.approx({"A": 50.0, "B": 0.0})
    assert chain_value(leaving, pd.Series({"A": 10.0, "B": 0.0}), -0.1).values["A"] == pytest.approx(
        10 / (1 - 0.8 / 0.9)
    )


@pytest.mark.parametrize(("stay", "rate"), [(1.0, 0.0), (1.0, -0.05), (0.9, -0.1), (0.95, -0.1)])
def test_a_value_for_ever_that_does_not_fade_is_refused(stay, rate):
    with pytest.raises(InputError, match="that A can reach do not fade"):
        chain_value(square([[stay, 1 - stay], [0, 1]]), pd.Series({"A": 1.0, "B": 0.0}), rate)


def test_retention_0_and_1():
    rewards = pd.Series({"A": 10.0, "B": 0.0})
    assert chain_value(square([[0, 1], [0, 1]]), rewards, 0.1).values["A"] == 10
    assert chain_value(square([[1, 0], [0, 1]]), rewards, 0.1).values["A"] == pytest.approx(110)
    assert chain_value(square([[1, 0], [0, 1]]), rewards, 0.1, 0).values["A"] == 10
    assert chain_value(square([[1, 0], [0, 1]]), rewards, 0, 10**6).values["A"] == pytest.approx(10 * (10**6 + 1))


@given(chains(), st.integers(0, 8))
def test_customers_are_neither_lost_nor_made_on_their_way(chain, periods):
    start = pd.Series(np.arange(len(chain), dtype=float), index=chain.index)
    path = expected_path(chain, start, periods)
    assert len(path) == periods + 1
    assert path.sum(axis=1).to_numpy() == pytest.approx(start.sum())


def test_every_bad_place_of_a_matrix_is_named():
    bad = square([[0.5, 0.5, 0.1], [-0.1, 1.1, 0.0], [0.2, float("nan"), 0.8]])
    told = [str(problem) for problem in matrix_problems(bad)]
    assert told == [
        "row 'B', column 'A': found -0.1. Give a share: a number from 0 to 1.",
        "row 'C', column 'B': found nan. Give a share: a number from 0 to 1.",
        "row 'A': sums to 1.1. Make its shares sum to 1.",
    ]


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (pd.DataFrame([[1.0, 0.0], [0.0, 1.0]], index=["A", "B"], columns=["A", "C"]), "row 'B': has no column"),
        (pd.DataFrame([[1.0, 0.0], [0.0, 1.0]], index=["A", "B"], columns=["A", "C"]), "column 'C': has no row"),
        (pd.DataFrame([[0.0, 1.0], [1.0, 0.0]], index=["A", "B"], columns=["B", "A"]), "Use one order for both"),
        (pd.DataFrame([[0.5, 0.5], [0.5, 0.5]], index=["A", "A"], columns=["A", "B"]), "'A' is there more than once"),
        (pd.DataFrame([[1.0]], index=["A"], columns=["A"]).iloc[:0], "there is none"),
        (square([["1.0", 0], [0, 1]]), "row 'A', column 'A': found '1.0'"),
        (square([[True, False], [False, True]]), "row 'A', column 'A': found True"),
        (square([[pd.NA, 1], [0, 1]]), "row 'A', column 'A': found <NA>"),
        (square([[float("inf"), 0], [0, 1]]), "row 'A', column 'A': found inf"),
    ],
)
def test_what_is_no_matrix_is_refused(matrix, said):
    with pytest.raises(InputError) as raised:
        chain_value(matrix, pd.Series(1.0, index=matrix.index.drop_duplicates()), 0.1)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("rewards", "rate", "horizon", "said"),
    [
        ({"A": 1.0}, 0.1, np.inf, "reward of 'B': is missing"),
        ({"A": 1.0, "B": 1.0, "C": 1.0}, 0.1, np.inf, "reward of 'C': is not known here"),
        ({"A": 1.0, "B": float("nan")}, 0.1, np.inf, "reward of 'B': found"),
        ({"A": 1.0, "B": 1.0}, -1, np.inf, "discount_rate: found -1"),
        ({"A": 1.0, "B": 1.0}, float("nan"), np.inf, "discount_rate: found nan"),
        ({"A": 1.0, "B": 1.0}, "0.1", np.inf, "discount_rate: found '0.1'"),
        ({"A": 1.0, "B": 1.0}, 0.1, -1, "horizon: found -1"),
        ({"A": 1.0, "B": 1.0}, 0.1, 2.5, "horizon: found 2.5"),
        ({"A": 1.0, "B": 1.0}, 0.1, True, "horizon: found True"),
    ],
)
def test_what_cannot_be_valued_is_refused(rewards, rate, horizon, said):
    with pytest.raises(InputError) as raised:
        chain_value(square([[0.5, 0.5], [0, 1]]), pd.Series(rewards), rate, horizon)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("start", "periods", "said"),
    [
        ({"A": 1.0}, 1, "start of 'B': is missing"),
        ({"A": 1.0, "B": -1.0}, 1, "start of 'B': found -1.0. Give a finite number from 0 upwards"),
        ({"A": 1.0, "B": 0.0}, 1.5, "periods: found 1.5"),
    ],
)
def test_a_path_needs_a_start(start, periods, said):
    with pytest.raises(InputError) as raised:
        expected_path(square([[0.5, 0.5], [0, 1]]), pd.Series(start), periods)
    assert said in str(raised.value)


def test_a_result_in_plain_types():
    found = chain_value(square([[0.5, 0.5], [0, 1]]), pd.Series({"A": 1.0, "B": 0.0}), 0.1).to_dict()
    assert json.loads(json.dumps(found))["horizon"] == "for ever"
    assert "at once" in found["convention"]


def test_rounded_shares_are_a_distribution():
    assert distribution_problems(pd.DataFrame([[0.3333333, 0.3333333, 0.3333334]]), "row") == []
    assert len(distribution_problems(pd.DataFrame([[0.333, 0.333, 0.333]]), "row")) == 1


def test_nullable_numbers_are_numbers():
    assert floats(pd.DataFrame({"A": pd.array([0.5, None], dtype="Float64")})).tolist()[0] == [0.5]
    assert np.isnan(floats(pd.DataFrame({"A": pd.array([0.5, None], dtype="Float64")}))[1, 0])


def test_printed_thirds_are_told_how_to_become_a_distribution():
    thirds = square([[0.333, 0.333, 0.333], [0.3, 0.3, 0.3], [0.2, 0.2, 0.6]])
    with pytest.raises(InputError) as raised:
        chain_value(thirds, pd.Series(1.0, index=thirds.index), 0.1)
    first, second = raised.value.problems
    assert (first.found, first.remedy.startswith("Shares as printed?")) == ("sums to 0.999", True)
    assert (second.found, second.remedy) == ("sums to 0.9", "Make its shares sum to 1")
    scaled = thirds.div(thirds.sum(axis=1), axis=0)
    assert chain_value(scaled, pd.Series(1.0, index=thirds.index), 0.1).values.to_list() == pytest.approx([11] * 3)


def test_a_percentage_is_no_rate_of_a_chain():
    with pytest.raises(InputError, match="discount_rate: found 15"):
        chain_value(square([[1]]), pd.Series({"A": 1.0}), 15)
