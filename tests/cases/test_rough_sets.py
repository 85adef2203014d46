"""The examples of article 8 are those of the script; what the chapter says of the printed rules holds for any table."""

import importlib.util

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.rough import decision_table, minimal_rules
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "rough-sets"
SEED = 2816  # that the script finds


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_examples", FOLDER / "make_examples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_makes_the_file(script):
    made = script.draw(np.random.default_rng(SEED))
    assert made.to_csv(lineterminator="\n") == (FOLDER / "examples.csv").read_text(encoding="utf-8")
    assert script.fits(made)


def test_the_conditions_of_the_search_refuse_what_they_should(script):
    made = script.draw(np.random.default_rng(SEED))
    assert not script.fits(made.assign(social=1))
    assert not script.fits(made.assign(verdict=made["social"]))
    assert not script.fits(pd.concat([made, made.head(1)]))


@given(st.lists(st.integers(0, 15), min_size=1, max_size=12), st.integers(0, 1))
def test_the_printed_steps_cannot_lead_to_the_printed_third_rule(numbers, fifth):
    """Whatever the table, and however its fifth rule is read: without high profit the rule holds as well."""
    rows = pd.DataFrame([[number >> bit & 1 for bit in range(4)] for number in numbers], columns=list("pcbk"))
    profit, cost, bought, credit = (rows[name] == 1 for name in rows)
    high = profit & ~cost | (profit & cost & bought & credit if fifth else False)
    rules = minimal_rules(decision_table(rows.assign(verdict=high.astype(int)), "verdict"), keep="all").conditions
    printed = (rules["p"] == 1) & (rules["c"] == 1) & (rules["b"] == 0)
    assert not printed.any()
