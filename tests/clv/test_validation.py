import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.bg_nbd import BgNbd
from crmlib.clv.cells import purchase_cells
from crmlib.clv.pareto_nbd import ParetoNbd
from crmlib.clv.validation import compare_with_holdout, frequency_distribution, tracking
from crmlib.errors import InputError
from tests.conftest import ROOT

CDNOW = pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer")
PARETO = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
BG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
NAMES = ["Ann", "Bo", "Cy", "Di"]
FORECASTS = pd.DataFrame({"good": [1.0, 0.0, 2.0, 5.0], "flat": [2.0] * 4}, index=NAMES)
ACTUAL = pd.Series([2, 0, 2, 4], NAMES)
FREQUENCY = pd.Series([1, 0, 1, 12], NAMES)


def test_the_measures_by_hand():
    found = compare_with_holdout(FORECASTS, ACTUAL, FREQUENCY).measures
    assert found.loc["good"].to_dict() == pytest.approx(
        {
            "mae": 0.5,
            "rmse": 0.5**0.5,
            "bias": 0.0,
            "correlation": np.corrcoef([1, 0, 2, 5], [2, 0, 2, 4])[0, 1],
            "total": 8.0,
            "actual": 8.0,
            "error": 0.0,
        }
    )
    assert np.isnan(found.loc["flat", "correlation"])


def test_customers_are_grouped_by_their_purchases_before():
    found = compare_with_holdout(FORECASTS, ACTUAL, FREQUENCY, most=3)
    assert found.by_frequency.index.to_list() == ["0", "1", "3+"]
    assert found.by_frequency.loc["1"].to_dict() == {"customers": 2, "good": 1.5, "flat": 2.0, "actual": 2.0}
    assert found.to_frame() is found.measures
    assert found.to_dict()["by_frequency"]["0"]["customers"] == 1


@given(st.lists(st.floats(0, 50), min_size=4, max_size=4))
@settings(max_examples=10)
def test_a_perfect_forecast_has_no_error_and_no_forecast_has_less_root_than_mean_error(values):
    actual = pd.Series(values, NAMES)
    perfect = compare_with_holdout(actual.to_frame("perfect"), actual, FREQUENCY).measures.loc["perfect"]
    assert perfect[["mae", "rmse", "bias"]].to_list() == [0, 0, 0]
    flat = compare_with_holdout(FORECASTS[["flat"]], actual, FREQUENCY).measures.loc["flat"]
    assert flat["rmse"] >= flat["mae"] * (1 - 1e-12)
    assert flat["mae"] >= abs(flat["bias"]) * (1 - 1e-12)


def test_the_order_of_customers_does_not_matter():
    shuffled = compare_with_holdout(FORECASTS, ACTUAL.iloc[::-1], FREQUENCY.iloc[[2, 0, 3, 1]])
    assert shuffled.measures.equals(compare_with_holdout(FORECASTS, ACTUAL, FREQUENCY).measures)


def test_other_customers_and_missing_values_are_named():
    with pytest.raises(InputError, match="customer 'Ed'"):
        compare_with_holdout(FORECASTS, ACTUAL.rename({"Di": "Ed"}), FREQUENCY)
    with pytest.raises(InputError, match="column 'good', 'Bo'"):
        compare_with_holdout(FORECASTS.replace(0.0, np.nan), ACTUAL, FREQUENCY)
    with pytest.raises(InputError, match=r"column 'actual': found \w+ instead of numbers"):
        compare_with_holdout(FORECASTS, ACTUAL.astype(str), FREQUENCY)


def test_tracking_by_hand():
    first, repeats = pd.Series([0.0, 0.0, 2.5]), pd.Series([0.5, 1.0, 3.7, 9.0])
    found = tracking({"BG/NBD": BG, "Pareto/NBD": PARETO}, first, repeats, periods=4)
    assert found.cumulative.index.to_list() == [1, 2, 3, 4]
    assert found.cumulative["actual"].to_list() == [2, 2, 2, 3]
    assert found.by_period["actual"].to_list() == [2, 0, 0, 1]
    for name, model in (("BG/NBD", BG), ("Pareto/NBD", PARETO)):
        two, one = (model.expected_purchases(np.array([t]))[0] for t in (4.0, 1.5))
        assert found.cumulative.loc[4, name] == pytest.approx(2 * two + one)
        assert found.cumulative.loc[1, name] == pytest.approx(2 * model.expected_purchases(np.array([1.0]))[0])
        assert found.by_period[name].sum() == pytest.approx(found.cumulative[name].iloc[-1])
    assert found.to_frame() is found.cumulative
    assert found.to_dict()["end"] == [1, 2, 3, 4]


def test_periods_have_a_length():
    found = tracking({}, pd.Series([0.0]), pd.Series([3.0, 5.0]), periods=2, length=4.0)
    assert found.cumulative["actual"].to_dict() == {4.0: 1, 8.0: 2}


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_times_that_cannot_be_are_named(bad):
    with pytest.raises(InputError, match="first, 1: found"):
        tracking({}, pd.Series([0.0, bad]), pd.Series([1.0]), periods=2)
    with pytest.raises(InputError, match="repeats: found"):
        tracking({}, pd.Series([0.0]), pd.Series(["soon"]), periods=2)


def test_the_frequencies_add_up_to_the_customers():
    cells = purchase_cells(CDNOW)
    found = frequency_distribution({"BG/NBD": BG, "Pareto/NBD": PARETO}, cells)
    assert found.sum().to_list() == pytest.approx([2357] * 3)
    assert found["actual"].to_list() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert found.index[-1] == "7+"
    for n in (0, 3):
        by_customer = PARETO.purchase_probabilities(CDNOW["T"].to_numpy(), 3)[:, n].sum()
        assert found.loc[str(n), "Pareto/NBD"] == pytest.approx(by_customer)


def test_a_model_fits_its_own_simulation():
    weeks = np.random.default_rng(4).choice([20.0, 30.0, 39.0], 60_000)
    found = frequency_distribution({"Pareto/NBD": PARETO}, purchase_cells(PARETO.simulate(weeks, seed=6)))
    assert ((found["Pareto/NBD"] - found["actual"]).abs() < 4 * np.sqrt(found["Pareto/NBD"])).all()
