"""The assumed data of the lifecycle chapter are what their data sheet says."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

from crmlib.lifecycle.curve import LifecycleCurve
from crmlib.lifecycle.stages import STAGES
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "lifecycle"
FILES = {path.stem: pd.read_csv(path, keep_default_na=path.stem != "relationships") for path in FOLDER.glob("*.csv")}
RELATIONSHIPS = FILES["relationships"].set_index("customer")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_data", FOLDER / "make_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_makes_the_files(script):
    made = script.make_files()
    assert set(made) == set(FILES)
    for name, frame in made.items():
        text = frame.to_csv(index=False, lineterminator="\n")
        assert text == (FOLDER / f"{name}.csv").read_text(encoding="utf-8"), name


def test_nobody_gets_an_invoice_outside_the_contract():
    invoices = FILES["invoices"].join(RELATIONSHIPS[["start", "end"]], on="customer")
    month = invoices["date"].str[:7]
    assert (month >= invoices["start"]).all()
    assert ((month < invoices["end"]) | (invoices["end"] == "")).all()
    assert not FILES["invoices"].assign(month=month).duplicated(["customer", "month"]).any()
    first = month.groupby(invoices["customer"]).min()
    assert (first == RELATIONSHIPS["start"]).all()


def test_the_files_agree_with_each_other():
    channels = FILES["channels"].set_index("channel")
    counts = RELATIONSHIPS.groupby("channel").size()
    assert channels["customers"].to_dict() == counts.to_dict()
    assert (channels["prospects"] >= channels["offered"]).all()
    assert (channels["offered"] >= channels["customers"]).all()
    running = RELATIONSHIPS["end"] == ""
    assert ((RELATIONSHIPS["reason"] == "still here") == running).all()
    known = RELATIONSHIPS.loc[FILES["features"]["customer"]]
    assert ((known["end"] == "") | (known["end"] > "2024-12")).all()
    assert (known["start"] <= "2024-06").all()


def test_the_stages_of_the_made_curves_are_about_equally_frequent():
    stages = []
    for *shape, age in FILES["curves"].itertuples(index=False, name=None):
        curve = LifecycleCurve(*shape, margin=1, gains={}, upkeep=0)
        stages.append(str(curve.stage(np.array([age]))[0]))
    shares = pd.Series(stages).value_counts(normalize=True)
    assert set(shares.index) == set(STAGES)
    assert shares.between(0.2, 0.3).all()
