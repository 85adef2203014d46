import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.chains.markov import chain_value, expected_path
from crmlib.clv.chains.migration import Migration, best_remarketing, recency_migration, remarketing_choices
from crmlib.errors import InputError
from tests.clv.chains.test_markov import CASES, rewarded

chance = st.integers(0, 20).map(lambda k: k / 20)
chances = st.lists(st.integers(0, 19).map(lambda k: k / 20), min_size=1, max_size=6)
money = st.integers(0, 60).map(float)
rate = st.floats(0.01, 0.6)


def catalogue():
    inputs = CASES["pfeifer_carraway_T4"]["inputs"]
    return inputs["p"], float(inputs["NC"]), float(inputs["M"]), inputs["d"]


def test_pfeifer_carraway_2000_rewards_and_value_over_four_periods():
    case = CASES["pfeifer_carraway_T4"]
    p, margin, cost, discount = catalogue()
    migration = recency_migration(p, margin, cost)
    assert migration.rewards.to_list() == case["inputs"]["R"]
    found = chain_value(migration.transitions, migration.rewards, discount, case["inputs"]["horizon"]).values
    assert found.to_numpy() == pytest.approx(case["expected"], abs=case["tolerance"]["value"])


def test_pfeifer_carraway_2000_value_for_ever():
    case = CASES["pfeifer_carraway_infinite"]
    p, margin, cost, discount = catalogue()
    migration = recency_migration(p, margin, cost)
    found = chain_value(migration.transitions, migration.rewards, discount).values
    assert found.to_numpy() == pytest.approx(case["expected"], abs=case["tolerance"]["value"])


def test_pfeifer_carraway_2000_remarketing_stops_after_recency_3():
    choices = remarketing_choices(*catalogue())
    assert choices.best == 3
    assert choices.values.loc[4].to_numpy() == pytest.approx(CASES["pfeifer_carraway_infinite"]["computed"], abs=5e-5)
    assert choices.values.loc[3, "recency 1"] > choices.values.loc[4, "recency 1"]
    assert choices.values.loc[0].to_list() == [40, 0, 0, 0, 0]


@given(chances, money, money, rate, st.one_of(st.just(np.inf), st.integers(0, 6)))
@settings(max_examples=10)
def test_a_choice_is_the_value_of_the_shorter_chain(p, margin, cost, discount, horizon):
    choices = remarketing_choices(p, margin, cost, discount, horizon)
    for last in range(1, len(p) + 1):
        shorter = recency_migration(p[:last], margin, cost)
        worth = chain_value(shorter.transitions, shorter.rewards, discount, horizon).values
        assert choices.values.loc[last].iloc[:last].to_numpy() == pytest.approx(worth.iloc[:-1].to_numpy(), abs=1e-9)
        assert not choices.values.loc[last].iloc[last:].any()


@given(chances, money, money, rate)
@settings(max_examples=10)
def test_the_best_choice_is_what_policy_iteration_finds_for_a_new_customer(p, margin, cost, discount):
    choices = remarketing_choices(p, margin, cost, discount)
    table = best_remarketing(recency_migration(p, margin, cost), discount).table
    assert table["value"].iloc[0] == pytest.approx(choices.values["recency 1"].max(), abs=1e-9)
    assert choices.values["recency 1"].loc[choices.best] == choices.values["recency 1"].max()


@given(rewarded(), st.data(), rate)
@settings(max_examples=10)
def test_policy_iteration_finds_the_best_of_all_policies(chain_and_rewards, data, discount):
    chain, rewards = chain_and_rewards
    stops = pd.Series([float(data.draw(st.integers(-40, 40))) for _ in rewards], index=rewards.index)
    found = best_remarketing(Migration(chain, rewards, stops), discount).table
    best = np.full(len(chain), -np.inf)
    for policy in itertools.product([True, False], repeat=len(chain)):
        step = np.where(np.array(policy)[:, None], chain.to_numpy(), 0) / (1 + discount)
        best = np.maximum(best, np.linalg.solve(np.eye(len(chain)) - step, np.where(policy, rewards, stops)))
    assert found["value"].to_numpy() == pytest.approx(best, abs=1e-8)
    assert found["value"].to_numpy() == pytest.approx(found[["if_remarketed", "if_stopped"]].max(axis=1), abs=1e-8)


@given(st.lists(chance, min_size=1, max_size=6), st.integers(1, 12))
def test_berger_nasr_1998_case_5_expected_customers(p, periods):
    """C(t) = Σ C(t − j)·p(j)·Π(1 − p(k)), k < j: those who buy now bought j periods ago, and not since."""
    expected = [100.0]
    for period in range(1, periods + 1):
        terms = (
            expected[period - j] * p[j - 1] * np.prod([1 - p[k - 1] for k in range(1, j)])
            for j in range(1, min(period, len(p)) + 1)
        )
        expected.append(float(sum(terms)))
    migration = recency_migration(p, margin=1, cost=0)
    start = pd.Series(0.0, index=migration.transitions.index).where(lambda s: s.index != "recency 1", 100.0)
    path = expected_path(migration.transitions, start, periods)
    assert path["recency 1"].to_list() == pytest.approx(expected)


@given(chances, money, money, rate, st.integers(0, 8))
def test_the_value_is_that_of_the_expected_customers(p, margin, cost, discount, horizon):
    migration = recency_migration(p, margin, cost)
    start = pd.Series(np.arange(len(p) + 1.0), index=migration.transitions.index)
    path = expected_path(migration.transitions, start, horizon)
    flows = (path @ migration.rewards).to_numpy() / (1 + discount) ** np.arange(horizon + 1)
    worth = chain_value(migration.transitions, migration.rewards, discount, horizon).values
    assert float(start @ worth) == pytest.approx(flows.sum(), abs=1e-8)


def test_marketing_that_never_pays_is_never_done():
    choices = remarketing_choices([0.05, 0.01], 40, 4, 0.2)
    assert choices.best == 0
    found = best_remarketing(recency_migration([0.05, 0.01], 40, 4), 0.2)
    assert not found.table["remarket"].any()
    assert found.rounds == 0


def test_equal_choices_stop_early():
    assert remarketing_choices([0.5, 0.0], 10, 0, 0.1).best == 1
    assert not best_remarketing(recency_migration([0.5, 0.0], 10, 0), 0.1).table["remarket"].iloc[1]


def test_customers_who_always_buy_need_a_discount_or_a_horizon():
    with pytest.raises(InputError, match="recency 1 can reach do not fade"):
        remarketing_choices([1.0], 40, 4, 0)
    assert remarketing_choices([1.0], 40, 4, 0, 9).values["recency 1"].to_list() == [40, 360]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([0.3, 1.2], 40, 4), "purchase probability at recency 2: found 1.2"),
        (([0.3, float("nan")], 40, 4), "purchase probability at recency 2: found nan"),
        (([True], 40, 4), "purchase probability at recency 1: found True"),
        (([], 40, 4), "purchase probabilities: there is none"),
        (([0.3], "40", 4), "margin: found '40'"),
        (([0.3], 40, -4), "cost: found -4"),
        (([0.3], 40, float("inf")), "cost: found inf"),
    ],
)
def test_what_cannot_be_used_is_named(arguments, said):
    with pytest.raises(InputError) as raised:
        recency_migration(*arguments)
    assert said in str(raised.value)


def test_a_migration_of_ones_own_is_checked():
    good = recency_migration([0.3], 40, 4)
    bad = Migration(good.transitions * 1.1, good.rewards, good.stop_rewards.drop("former"))
    with pytest.raises(InputError) as raised:
        best_remarketing(bad, -2)
    assert [problem.where for problem in raised.value.problems] == [
        "row 'recency 1'", "row 'former'", "discount_rate", "stop reward of 'former'",
    ]  # fmt: skip


def test_results_in_plain_types():
    migration = recency_migration([0.3, 0.2], 40, 4)
    choices, best = remarketing_choices([0.3, 0.2], 40, 4, 0.2), best_remarketing(migration, 0.2)
    assert json.loads(json.dumps([migration.to_dict(), choices.to_dict(), best.to_dict()]))[1]["best"] == 2
    assert choices.to_frame() is choices.values
    assert best.to_frame() is best.table
