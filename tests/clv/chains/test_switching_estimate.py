import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.chains.markov import expected_path
from crmlib.clv.chains.switches import Switches, history_switches, survey_switches
from crmlib.clv.chains.switching_estimate import estimate_switching
from crmlib.errors import InputError
from tests.clv.chains.test_markov import square

histories = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ABC")), min_size=3, max_size=12).map(
    lambda rows: pd.DataFrame([*rows, ("x", "A"), ("x", "A")], columns=["customer", "brand"])
)


@given(histories, st.sampled_from([0.5, 0.9, 0.99]), st.sampled_from([0.1, 0.5, 1.0]))
@settings(max_examples=10)
def test_an_estimate_lies_between_its_bounds(purchases, level, prior):
    found = estimate_switching(history_switches(purchases), level=level, prior=prior)
    seen = found.matrix.drop(index=list(found.unobserved))
    assert seen.sum(axis=1).to_numpy() == pytest.approx(1)
    assert (found.lower.loc[seen.index] <= found.upper.loc[seen.index]).all(axis=None)
    assert ((found.lower.loc[seen.index] < 1) | (seen.size == 1)).all(axis=None)
    assert set(found.unobserved) == set(found.matrix.index[found.switches.counts.sum(axis=1) == 0])
    assert found.matrix.loc[list(found.unobserved)].isna().all(axis=None)


def test_intervals_hold_what_they_promise():
    """Of 250 matrices estimated from 60 steps a row, about 95 % of the intervals hold the true entry."""
    truth = square([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.25, 0.25, 0.5]])
    generator = np.random.default_rng(7)
    held = []
    for _ in range(250):
        counts = np.array([generator.multinomial(60, row) for row in truth.to_numpy()])
        found = estimate_switching(Switches(square(counts), customers=180, without_step=0, source="drawn"))
        held.append(((found.lower <= truth) & (truth <= found.upper)).to_numpy())
    assert 0.93 < np.mean(held) < 0.97


def test_draws_have_the_mean_and_the_bounds_of_the_estimate():
    rows = pd.DataFrame({"customer": ["a"] * 60, "brand": list("AABABBAACACB" * 5)})
    found = estimate_switching(history_switches(rows))
    drawn = np.array([draw.to_numpy() for draw in found.draws(4000, seed=1)])
    assert drawn.sum(axis=2) == pytest.approx(1)
    assert drawn.mean(axis=0) == pytest.approx(found.matrix.to_numpy(), abs=0.01)
    assert np.quantile(drawn, 0.025, axis=0) == pytest.approx(found.lower.to_numpy(), abs=0.02)
    assert np.quantile(drawn, 0.975, axis=0) == pytest.approx(found.upper.to_numpy(), abs=0.02)
    assert found.draws(2, seed=1)[1].equals(found.draws(2, seed=1)[1])


def test_simulated_purchases_give_the_matrix_back():
    truth = square([[0.8, 0.15, 0.05], [0.3, 0.6, 0.1], [0.2, 0.3, 0.5]])
    generator = np.random.default_rng(5)
    brands = np.zeros((2000, 12), dtype=int)
    edges = truth.to_numpy().cumsum(axis=1)
    for step in range(1, 12):
        brands[:, step] = (generator.random((2000, 1)) > edges[brands[:, step - 1]]).sum(axis=1).clip(0, 2)
    table = pd.DataFrame({"customer": np.repeat(np.arange(2000), 12), "brand": np.array(list("ABC"))[brands].ravel()})
    found = estimate_switching(history_switches(table), level=0.999)
    assert ((found.lower <= truth) & (truth <= found.upper)).all(axis=None)
    counted = pd.DataFrame(brands).apply(lambda column: column.value_counts(normalize=True)).fillna(0).T
    expected = expected_path(truth, pd.Series({"A": 1.0, "B": 0.0, "C": 0.0}), 11)
    assert np.abs(counted.to_numpy() - expected.to_numpy()).max() < 0.04


def test_equal_weights_change_nothing_and_unequal_ones_widen_the_intervals():
    survey = pd.DataFrame({"last": list("AAAABB"), "A": [1, 0.5, 1, 0, 0, 1], "B": [0, 0.5, 0, 1, 1, 0]})
    plain = survey_switches(survey)
    pd.testing.assert_frame_equal(survey_switches(survey.assign(w=3.0), weight="w").counts, plain.counts)
    assert plain.counts.loc["A"].to_dict() == {"A": 2.5, "B": 1.5}
    uneven = survey_switches(survey.assign(w=[9.0, 1, 1, 1, 1, 1]), weight="w")
    assert uneven.counts.loc["A"].sum() == pytest.approx(12**2 / 84)
    assert uneven.counts.loc["A", "A"] / uneven.counts.loc["A"].sum() == pytest.approx((9 + 0.5 + 1) / 12)
    assert uneven.counts.loc["B"].to_dict() == plain.counts.loc["B"].to_dict()
    wide, narrow = estimate_switching(uneven), estimate_switching(plain)
    assert (wide.upper - wide.lower).loc["B"].equals((narrow.upper - narrow.lower).loc["B"])
    assert uneven.source == "survey, weighted by w"


def test_one_brand_alone_is_bought_again():
    rows = pd.DataFrame({"customer": ["a", "a"], "brand": ["A", "A"]})
    found = estimate_switching(history_switches(rows))
    assert [found.lower.loc["A", "A"], found.matrix.loc["A", "A"], found.upper.loc["A", "A"]] == [1, 1, 1]


def test_a_brand_that_nobody_left_yet_is_named():
    rows = pd.DataFrame({"customer": ["a", "a", "b"], "brand": ["A", "B", "A"]})
    found = estimate_switching(history_switches(rows))
    assert found.unobserved == ("B",)
    with pytest.raises(InputError, match="row 'B': was never observed"):
        found.draws(3, seed=1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": 1}, "level: found 1"),
        ({"prior": -1}, "prior: found -1"),
        ({"prior": "0.5"}, "prior: found '0.5'"),
        ({"prior": np.nan}, "prior: found nan"),
        ({"level": None}, "level: found None"),
    ],
)
def test_numbers_out_of_range_are_refused(options, said):
    rows = pd.DataFrame({"customer": ["a", "a"], "brand": ["A", "B"]})
    with pytest.raises(InputError, match=said):
        estimate_switching(history_switches(rows), **options)


def test_results_in_plain_types():
    rows = pd.DataFrame({"customer": ["a", "a", "a"], "brand": ["A", "B", "A"]})
    found = estimate_switching(history_switches(rows))
    assert json.loads(json.dumps(found.to_dict()))["switches"]["customers"] == 1
    assert found.to_frame().loc[("A", "B"), "count"] == 1


JOURNEYS = pd.DataFrame(
    {"customer": ["Ann", "Ann", "Ann", "Bo", "Bo", "Cy"], "brand": ["new", "loyal", "lost", "new", "lost", "new"]}
)


def test_an_absorbing_state_is_never_left_and_needs_no_observation():
    plain = estimate_switching(history_switches(JOURNEYS))
    assert plain.unobserved == ("lost",)
    found = estimate_switching(history_switches(JOURNEYS), absorbing=["lost"])
    assert found.unobserved == ()
    assert found.matrix.loc["lost"].to_dict() == {"lost": 1, "loyal": 0, "new": 0}
    for bound in (found.lower, found.upper):
        pd.testing.assert_series_equal(bound.loc["lost"], found.matrix.loc["lost"])
    pd.testing.assert_frame_equal(found.matrix.drop("lost"), plain.matrix.drop("lost"))
    assert all((draw.loc["lost"] == found.matrix.loc["lost"]).all() for draw in found.draws(3, seed=1))
    assert found.to_dict()["absorbing"] == ["lost"]


def test_without_a_prior_what_was_never_seen_is_impossible():
    found = estimate_switching(history_switches(JOURNEYS), absorbing=["lost"], prior=0)
    assert found.matrix.loc["new"].to_dict() == {"lost": 0.5, "loyal": 0.5, "new": 0}
    assert (found.lower.loc["new", "new"], found.upper.loc["new", "new"]) == (0, 0)
    assert found.lower.loc["new", "lost"] < 0.5 < found.upper.loc["new", "lost"]
    assert all(draw.loc["new", "new"] == 0 for draw in found.draws(5, seed=1))


@pytest.mark.parametrize(
    ("absorbing", "said"),
    [
        (["gone"], "absorbing: found 'gone'. Give a list of lost, loyal, new"),
        ("lost", "absorbing: found a str. Give a list"),
        (["new"], "absorbing 'new': was left for lost, loyal"),
    ],
)
def test_a_state_that_was_left_does_not_absorb(absorbing, said):
    with pytest.raises(InputError) as error:
        estimate_switching(history_switches(JOURNEYS), absorbing=absorbing)
    assert said in str(error.value)
