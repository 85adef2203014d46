"""The assumed data of D company are what their data sheet says."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

from crmlib.cases import load_case
from crmlib.cases.orders import read_orders
from crmlib.pareto import abc_classes
from crmlib.survey import check_answers, compare_groups, derived_importance
from crmlib.transactions import customer_summary
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "d-company"
CASE = load_case("d-company", data=ROOT / "data")
ACCOUNTS = pd.read_csv(CASE.files["accounts"], index_col="customer")
ASKED = pd.read_csv(CASE.files["customer_answers"], index_col="customer")
RATED = pd.read_csv(CASE.files["staff_answers"], index_col="employee")
ITEMS = list(RATED)
CUSTOMERS = check_answers(ASKED, [*ITEMS, "overall"], 1, 5, reverse=["hard_to_reach"], missing=[9])
STAFF = check_answers(RATED, ITEMS, 1, 5, reverse=["hard_to_reach"])


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_data", FOLDER / "make_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_makes_every_file_byte_for_byte(script):
    made = script.make_files(np.random.default_rng(script.SEED))
    assert set(made) == set(CASE.files)
    for name, frame in made.items():
        text = frame.to_csv(index=False, float_format="%g", lineterminator="\n")
        assert text.encode() == CASE.files[name].read_bytes(), name


def test_orders_have_two_returns_and_two_repeated_orders_and_nobody_unknown():
    drop = {"negative amount": "drop", "repeated order": "drop"}
    log = read_orders(CASE.files["orders"], on_bad=drop)
    assert log.dropped.to_dict() == {"negative amount": 2, "repeated order": 2}
    assert (log.first.year, log.end.year) == (2018, 2019)
    revenue = customer_summary(log, "month").customers["amount"]
    assert set(revenue.index) == set(ACCOUNTS.index)
    assert 0.25 < abc_classes(revenue).summary.loc["A", "customer_share"] < 0.4


def test_names_are_unique_and_begin_with_the_city():
    assert ACCOUNTS["name"].is_unique
    assert all(name.startswith(city) for name, city in zip(ACCOUNTS["name"], ACCOUNTS["city"], strict=True))


def test_what_was_put_into_the_answers():
    difference = compare_groups({"customers": CUSTOMERS, "staff": STAFF}).table["effect"]
    assert (difference < 0).all()
    assert set(difference.nsmallest(3).index) <= {"contacts_us", "answers_fast", "knows_our_needs"}
    derived = derived_importance(CUSTOMERS, "overall")
    stated = ASKED[[f"importance_{item}" for item in ITEMS]].mean().set_axis(ITEMS)
    assert derived.corr(stated, method="spearman") < 0
    assert (ASKED["repairs_fast"] == 9).any()
