"""The assumed data of J company are what their data sheet says."""

import importlib.util

import pandas as pd
import pytest

from crmlib import ahp
from crmlib.cases import load_case
from crmlib.matrix import value_matrix
from crmlib.scaling import scale
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "j-company"
CASE = load_case("j-company", data=ROOT / "data")
ABOUT = pd.read_csv(FOLDER / "customers_about.csv")
DIMENSIONS = ["current_value", "potential_value"]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_customers", FOLDER / "make_customers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def placed(graded):
    scores = ahp.tree_scores(CASE.tree, ahp.tree_weights(CASE.tree), graded)[DIMENSIONS]
    return scores, value_matrix(scores, CASE.quadrants).table["quadrant"]


def grades(customers):
    return scale(customers, "grades", costs=CASE.costs, cuts=CASE.cuts).astype(float)


def meets_the_conditions(customers):
    graded = grades(customers)
    scores, quadrants = placed(graded)
    counts = quadrants.value_counts()
    distance = ((scores - scores.mean()) / scores.std()).abs().to_numpy().min()
    if len(counts) < 4 or counts.min() < 3 or distance < 0.05:
        return False
    without = [placed(graded.assign(**{leaf: graded[leaf].mean()}))[1] for leaf in graded]
    return all((other != quadrants).sum() <= 5 for other in without)


def test_the_script_makes_the_table_byte_for_byte(script):
    made = script.make_customers(ABOUT, script.SEED).to_csv(float_format="%g", lineterminator="\n")
    assert made.encode() == (FOLDER / "customers.csv").read_bytes()


def test_the_seed_is_the_first_that_meets_the_conditions(script):
    assert meets_the_conditions(CASE.customers)
    earlier = [script.make_customers(ABOUT, seed) for seed in range(1, script.SEED)]
    assert not any(meets_the_conditions(table) for table in earlier)


def test_few_are_large_and_large_is_not_growing():
    purchases = CASE.customers["annual_purchases"]
    assert purchases.nlargest(5).sum() > purchases.sum() / 2
    assert purchases.skew() > 1
    assert abs(purchases.corr(CASE.customers["purchase_growth"], method="spearman")) < 0.4


def test_every_indicator_uses_most_of_its_grades():
    assert (grades(CASE.customers).nunique() >= 4).all()


def test_open_share_is_what_purchases_leave_of_the_budget():
    bought = 100 * CASE.customers["annual_purchases"] / CASE.customers["budget"]
    assert (100 - bought - CASE.customers["open_share"]).abs().max() <= 1
