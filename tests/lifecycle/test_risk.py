import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit

from crmlib.errors import InputError
from crmlib.lifecycle.churn import observe
from crmlib.lifecycle.risk import fit_risk, holdout


def made(customers, seed, effect=1.2):
    """Customers who leave the more likely the more they complain, and on the basic plan."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame(
        {
            "complaints": rng.poisson(1.5, customers),
            "age": rng.uniform(1, 60, customers),
            "plan": rng.choice(["basic", "full", "plus"], customers),
        }
    )
    odds = -1.5 + effect * (features["complaints"] - 1.5) + effect * (features["plan"] == "basic")
    left = pd.Series(np.where(rng.random(customers) < expit(odds), 5.0, np.nan))
    return observe(features, dict.fromkeys(features, 0), left, cutoff=0, until=9)


def test_the_odds_are_recovered():
    observed = made(10_000, seed=1)
    model = fit_risk(observed)
    deviation = observed.features["complaints"].std()
    assert list(model.coefficients.index) == ["complaints", "age", "plan: full", "plan: plus"]
    assert model.coefficients["complaints"] / deviation == pytest.approx(1.2, abs=0.08)
    assert model.coefficients["age"] == pytest.approx(0, abs=0.06)
    assert model.coefficients["plan: full"] == pytest.approx(-1.2, abs=0.12)


def test_the_fit_is_the_optimum_of_the_stated_formula():
    observed = made(300, seed=2)
    model = fit_risk(observed, penalty=2.5)
    error = model.score(observed.features) - observed.lost
    numbers = (observed.features["complaints"] - model.numbers.loc["complaints", "mean"]) / model.numbers.loc[
        "complaints", "deviation"
    ]
    assert error.sum() == pytest.approx(0, abs=1e-6)
    assert (error * numbers).sum() == pytest.approx(-2.5 * model.coefficients["complaints"], abs=1e-6)
    plus = (observed.features["plan"] == "plus").astype(float)
    assert (error * plus).sum() == pytest.approx(-2.5 * model.coefficients["plan: plus"], abs=1e-6)


def test_units_and_order_change_no_score():
    observed = made(200, seed=3)
    scores = fit_risk(observed).score(observed.features)
    months = observed.features.assign(age=observed.features["age"] * 30.4 + 7)[["plan", "age", "complaints"]]
    turned = observe(months, dict.fromkeys(months, 0), observed.lost.map({True: 5.0, False: None}), cutoff=0, until=9)
    np.testing.assert_allclose(fit_risk(turned).score(months), scores, atol=1e-7)


def test_features_that_part_the_groups_give_finite_scores():
    features = pd.DataFrame({"complaints": [9, 8, 9, 0, 1, 0]})
    observed = observe(features, {"complaints": 0}, pd.Series([5, 5, 5, None, None, None]), cutoff=0, until=9)
    scores = fit_risk(observed).score(features)
    assert scores.between(0.01, 0.99).all()
    assert scores[:3].min() > scores[3:].max()


def test_holdout_by_hand():
    observed = made(400, seed=4)
    found = holdout(observed, share=0.25, top=0.1, seed=9)
    lost = observed.lost[found.scores.index]
    assert len(found.scores) == round(0.25 * observed.lost.sum()) + round(0.25 * (~observed.lost).sum())
    pairs = found.scores[lost].to_numpy()[:, None] - found.scores[~lost].to_numpy()
    assert found.auc == pytest.approx(((pairs > 0) + (pairs == 0) / 2).mean())
    assert found.low < found.auc < found.high
    best = found.scores.nlargest(round(0.1 * len(lost))).index
    assert found.top_lost == pytest.approx(lost[best].mean())
    assert found.lift == pytest.approx(lost[best].mean() / lost.mean())
    assert found.expected == pytest.approx(found.lost, abs=0.08)
    assert found.to_dict()["auc"] == found.auc
    assert holdout(observed, share=0.25, top=0.1, seed=9).auc == found.auc
    assert holdout(observed, share=0.25, top=0.1, seed=10).auc != found.auc


def test_the_customers_held_out_are_not_learned_from():
    """A feature that is noise but unique to each customer would look perfect on the customers learned from."""
    rng = np.random.default_rng(6)
    features = pd.DataFrame(rng.standard_normal((120, 60)), columns=[str(place) for place in range(60)])
    left = pd.Series(np.where(rng.random(120) < 0.4, 5.0, np.nan))
    observed = observe(features, dict.fromkeys(features, 0), left, cutoff=0, until=9)
    learned = fit_risk(observed, penalty=1e-3).score(features)
    lost = observed.lost
    pairs = learned[lost].to_numpy()[:, None] > learned[~lost].to_numpy()
    assert pairs.mean() > 0.95
    aucs = [holdout(observed, share=0.5, penalty=1e-3, seed=seed).auc for seed in range(8)]
    assert np.mean(aucs) == pytest.approx(0.5, abs=0.08)


def test_holdout_interval_covers_the_auc_of_a_large_sample():
    model = fit_risk(made(4000, seed=20))
    large = made(20_000, seed=21)
    scores = model.score(large.features)
    true = (
        stats.mannwhitneyu(scores[large.lost], scores[~large.lost]).statistic / large.lost.sum() / (~large.lost).sum()
    )
    checks = [holdout(made(500, seed=30 + seed), seed=seed) for seed in range(20)]
    assert np.mean([check.low <= true <= check.high for check in checks]) > 0.8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="age"), "feature 'age': is missing"),
        (lambda frame: frame.assign(plan="gold"), "customer 0, feature 'plan': found 'gold'"),
    ],
)
def test_customers_that_cannot_be_scored(change, message):
    observed = made(100, seed=7)
    with pytest.raises(InputError, match=message):
        fit_risk(observed).score(change(observed.features))


def test_scores_that_cannot_be_fitted():
    observed = made(100, seed=8)
    constant = observed.features.assign(age=3.0, plan="full")
    left = observed.lost.map({True: 5.0, False: None})
    with pytest.raises(InputError, match=r"'age': the same(.|\n)*'plan': the same"):
        fit_risk(observe(constant, dict.fromkeys(constant, 0), left, cutoff=0, until=9))
    with pytest.raises(InputError, match=r"share: found 1(.|\n)*top: found 0"):
        holdout(observed, share=1, top=0, seed=1)
    with pytest.raises(InputError, match="customers: 1 of"):
        holdout(observed, share=0.03, seed=1)
