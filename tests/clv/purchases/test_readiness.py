"""The check of data before fitting."""

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.purchases.bg_nbd import BgNbd
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.readiness import data_readiness
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary


def simulated(customers, weeks, unit="week"):
    return purchase_cells(BgNbd(0.6, 4.4, 0.8, 2.4, unit).simulate(np.full(customers, float(weeks)), seed=1))


def failed(histories):
    findings = data_readiness(histories).findings
    return set(findings.index[~findings["ready"]])


def test_a_year_of_many_customers_is_fit():
    result = data_readiness(simulated(3000, 52))
    assert result.ready
    assert result.findings.loc["longest history, days", "found"] == 364
    assert result.to_dict()["ready"] is True
    assert result.to_frame().columns.to_list() == ["found", "needed", "ready", "why"]


def test_too_few_customers_and_too_short_a_history_are_found():
    assert {"customers", "repeat buyers"} <= failed(simulated(90, 52))
    assert "longest history, days" in failed(simulated(3000, 20))
    assert "longest history, days" in failed(simulated(3000, 52, unit="day"))


def test_nobody_coming_back_is_found():
    nobody = pd.DataFrame({"frequency": 0, "recency": 0.0, "T": np.full(600, 52.0)})
    assert failed(CustomerSummary(nobody, "week")) == {
        "days since anybody's last purchase",
        "most purchases of a customer",
        "repeat buyers, share",
        "repeat buyers",
        "longest history, in mean intervals between purchases",
    }


def test_old_data_are_found():
    cells = simulated(3000, 52)
    later = CustomerSummary(cells.frame.assign(T=cells.frame["T"] + 10), "week")
    assert failed(later) == {"days since anybody's last purchase"}


def test_a_table_without_a_unit_is_refused():
    with pytest.raises(InputError, match="no unit of time"):
        data_readiness(simulated(10, 10).frame)
