import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.clv.purchases.bg_nbd import BgNbd
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.mbg_nbd import MbgNbd
from crmlib.clv.purchases.pareto_nbd import ParetoNbd
from crmlib.clv.purchases.validation import compare_with_holdout, frequency_distribution, tracking
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary, calibration_holdout, transaction_log
from crmlib.transactions.summary import Holdout
from tests.conftest import ROOT

CDNOW = CustomerSummary(pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer"), "week")
PARETO = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
BG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")
NAMES = ["Ann", "Bo", "Cy", "Di"]
FORECASTS = pd.DataFrame({"good": [1.0, 0.0, 2.0, 5.0], "flat": [2.0] * 4}, index=NAMES)


def halves(bought=(2, 0, 2, 4), before=(1, 0, 1, 12), names=NAMES):
    known = pd.DataFrame({"frequency": before, "recency": np.sign(before) * 2.0, "T": 9.0}, index=names)
    later = pd.DataFrame({"purchases": bought, "amount": 0.0}, index=names)
    return Holdout(CustomerSummary(known, "week"), later, 9.0, pd.Timestamp("2019-12-31").date(), 0)


def test_the_measures_by_hand():
    found = compare_with_holdout(FORECASTS, halves()).measures
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
    found = compare_with_holdout(FORECASTS, halves(), most=3)
    assert found.by_frequency.index.to_list() == ["0", "1", "3+"]
    assert found.by_frequency.loc["1"].to_dict() == {"customers": 2, "good": 1.5, "flat": 2.0, "actual": 2.0}
    assert found.to_frame() is found.measures
    assert found.to_dict()["by_frequency"]["0"]["customers"] == 1


@given(st.lists(st.floats(0, 50), min_size=4, max_size=4))
@settings(max_examples=10)
def test_a_perfect_forecast_has_no_error_and_no_forecast_has_less_root_than_mean_error(values):
    actual = pd.Series(values, NAMES)
    perfect = compare_with_holdout(actual.to_frame("perfect"), halves(values)).measures.loc["perfect"]
    assert perfect[["mae", "rmse", "bias"]].to_list() == [0, 0, 0]
    flat = compare_with_holdout(FORECASTS[["flat"]], halves(values)).measures.loc["flat"]
    assert flat["rmse"] >= flat["mae"] * (1 - 1e-12)
    assert flat["mae"] >= abs(flat["bias"]) * (1 - 1e-12)


def test_the_order_of_customers_does_not_matter():
    shuffled = compare_with_holdout(FORECASTS.iloc[::-1], halves())
    expected = compare_with_holdout(FORECASTS, halves())
    pd.testing.assert_frame_equal(shuffled.measures, expected.measures)
    pd.testing.assert_frame_equal(shuffled.by_frequency, expected.by_frequency)


def test_other_customers_and_missing_values_are_named():
    with pytest.raises(InputError, match="customer 'Ed'"):
        compare_with_holdout(FORECASTS.rename({"Di": "Ed"}), halves())
    with pytest.raises(InputError, match="customer 'Di'"):
        compare_with_holdout(pd.concat([FORECASTS, FORECASTS.tail(1)]), halves())
    with pytest.raises(InputError, match="column 'good', 'Bo': found nan"):
        compare_with_holdout(FORECASTS.replace(0.0, np.nan), halves())
    with pytest.raises(InputError, match=r"column 'flat', 'Ann': found '2\.0'"):
        compare_with_holdout(FORECASTS.astype(str), halves())


def log(purchases, end):
    table = pd.DataFrame(purchases, columns=["customer", "day"]).assign(amount=1.0)
    table["date"] = pd.Timestamp("2019-01-01") + pd.to_timedelta(table.pop("day"), unit="D")
    return transaction_log(table, end=pd.Timestamp("2019-01-01") + pd.Timedelta(days=end))


def test_tracking_by_hand():
    orders = log([("Ann", 0), ("Bo", 0), ("Cy", 17), ("Ann", 3), ("Ann", 3), ("Bo", 7), ("Cy", 25), ("Cy", 30)], end=30)
    days = BgNbd(r=0.243, alpha=4.414 * 7, a=0.793, b=2.426, unit="day")
    found = tracking({"BG/NBD": BG, "in days": days, "Pareto/NBD": PARETO}, orders)
    assert found.cumulative.index.to_list() == [1, 2, 3, 4]
    assert found.cumulative["actual"].to_list() == [2, 2, 2, 3]
    assert found.by_period["actual"].to_list() == [2, 0, 0, 1]
    for name, model in (("BG/NBD", BG), ("Pareto/NBD", PARETO), ("in days", BG)):
        expected = 2 * model.expected_purchases(4.0) + model.expected_purchases(11 / 7)
        assert found.cumulative.loc[4, name] == pytest.approx(float(expected))
        assert found.by_period[name].sum() == pytest.approx(found.cumulative[name].iloc[-1])
    assert found.to_frame() is found.cumulative
    assert found.to_dict()["period"] == "week"


def test_periods_have_a_length():
    found = tracking({}, log([("Ann", 0), ("Ann", 20), ("Ann", 50)], end=65), period="month")
    assert found.cumulative["actual"].to_dict() == {1: 1, 2: 2}
    with pytest.raises(InputError, match="unit: found 'fortnight'"):
        tracking({}, log([("Ann", 0)], end=9), period="fortnight")


def test_what_is_no_model_is_refused():
    with pytest.raises(InputError, match="found a str"):
        tracking({"BG/NBD": "BG/NBD"}, log([("Ann", 0)], end=9))
    with pytest.raises(InputError, match="found a float"):
        frequency_distribution({"BG/NBD": 0.2}, CDNOW)


def test_the_frequencies_add_up_to_the_customers():
    found = frequency_distribution({"BG/NBD": BG, "Pareto/NBD": PARETO}, CDNOW)
    assert found.sum().to_list() == pytest.approx([2357] * 3)
    assert found["actual"].to_list() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert found.index[-1] == "7+"
    for n in (0, 3):
        by_customer = PARETO.purchase_probabilities(CDNOW.customers["T"].to_numpy(), 3)[:, n].sum()
        assert found.loc[str(n), "Pareto/NBD"] == pytest.approx(by_customer)


def test_histories_in_days_are_not_held_against_a_model_in_weeks():
    with pytest.raises(InputError, match="times in days, and Pareto/NBD counts in weeks"):
        frequency_distribution({"Pareto/NBD": PARETO}, CustomerSummary(CDNOW.customers, "day"))


@pytest.mark.parametrize("most", [-1, 2.5, "7", None, True, np.nan])
def test_the_last_group_is_counted(most):
    with pytest.raises(InputError, match="most: found"):
        frequency_distribution({}, CDNOW, most)
    with pytest.raises(InputError, match="most: found"):
        compare_with_holdout(FORECASTS, halves(), most)


@pytest.mark.parametrize("model", [PARETO, MbgNbd(0.525, 6.183, 0.891, 1.614, "week")], ids=["Pareto/NBD", "MBG/NBD"])
def test_a_model_fits_its_own_simulation(model):
    weeks = np.random.default_rng(4).choice([20.0, 30.0, 39.0], 60_000)
    found = frequency_distribution({"model": model}, purchase_cells(model.simulate(weeks, seed=6)))
    assert ((found["model"] - found["actual"]).abs() < 4 * np.sqrt(found["model"])).all()


def test_the_holdout_of_a_log_goes_straight_in():
    orders = log([("Ann", 0), ("Bo", 2), ("Ann", 20)], end=28)
    split = calibration_holdout(orders, "2019-01-15")
    forecasts = PARETO.conditional_expected_purchases(split.calibration, split.length).to_frame("Pareto/NBD")
    assert compare_with_holdout(forecasts, split).measures["actual"].to_list() == [1]
