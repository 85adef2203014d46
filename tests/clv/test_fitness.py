"""The check of data before fitting."""

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.bg_nbd import BgNbd
from crmlib.clv.cells import purchase_cells
from crmlib.clv.fitness import fitness
from crmlib.errors import InputError


def simulated(customers, weeks):
    return purchase_cells(BgNbd(0.6, 4.4, 0.8, 2.4).simulate(np.full(customers, float(weeks)), seed=1))


def failed(cells, days=7.0):
    findings = fitness(cells, days).findings
    return set(findings.index[~findings["fit"]])


def test_a_year_of_many_customers_is_fit():
    result = fitness(simulated(3000, 52), days=7)
    assert result.fit
    assert result.findings.loc["longest history, days", "found"] == 364
    assert result.to_dict()["fit"] is True
    assert result.to_frame().columns.to_list() == ["found", "needed", "fit", "why"]


def test_too_few_customers_and_too_short_a_history_are_found():
    assert {"customers", "repeat buyers"} <= failed(simulated(90, 52))
    assert "longest history, days" in failed(simulated(3000, 20))
    assert "longest history, days" in failed(simulated(3000, 52), days=1)


def test_nobody_coming_back_is_found():
    cells = purchase_cells(pd.DataFrame({"frequency": 0, "recency": 0.0, "T": np.full(600, 52.0)}))
    assert failed(cells) == {
        "days since anybody's last purchase",
        "most purchases of a customer",
        "repeat buyers, share",
        "repeat buyers",
        "longest history, in mean intervals between purchases",
    }


def test_old_data_are_found():
    cells = simulated(3000, 52)
    later = purchase_cells(cells.frame.assign(T=cells.frame["T"] + 10))
    assert failed(later) == {"days since anybody's last purchase"}


def test_days_must_be_positive():
    with pytest.raises(InputError, match="days: found 0"):
        fitness(simulated(10, 10), days=0)
