"""The probability of being alive in words, and beside the others."""

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.purchases.alive import VERDICTS, alive_in_words
from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.purchases.cells import purchase_cells
from crmlib.clv.purchases.pareto_nbd import ParetoNbd
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary
from tests.conftest import ROOT

CDNOW = CustomerSummary(pd.read_csv(ROOT / "data/cdnow/summary.csv", index_col="customer"), "week")
PARETO = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
BG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")


def test_every_verdict_has_its_range():
    told = alive_in_words(PARETO, CDNOW)
    assert told["probability_alive"].equals(PARETO.probability_alive(CDNOW))
    assert set(told["verdict"]) == set(VERDICTS.values())
    limits = [*VERDICTS, 1.01]
    for least, verdict in VERDICTS.items():
        most = min(limit for limit in limits if limit > least)
        inside = told.loc[told["verdict"] == verdict, "probability_alive"]
        assert inside.between(least, most, inclusive="left").all()


def test_the_others_are_counted_one_by_one():
    told = alive_in_words(PARETO, CDNOW)
    alive, frequency = told["probability_alive"].to_numpy(), CDNOW.customers["frequency"].to_numpy()
    for place in range(0, len(alive), 97):
        below = alive < alive[place]
        assert told["above_all"].iloc[place] == pytest.approx(below.sum() / (len(alive) - 1))
        alike = frequency == frequency[place]
        if alike.sum() > 1:
            assert told["above_alike"].iloc[place] == pytest.approx((below & alike).sum() / (alike.sum() - 1))
        else:
            assert np.isnan(told["above_alike"].iloc[place])


def test_counted_rows_count_as_many_customers():
    cells = purchase_cells(CDNOW)
    by_cell = alive_in_words(PARETO, CustomerSummary(cells.frame, "week"))
    pd.testing.assert_frame_equal(by_cell.take(cells.places).set_axis(cells.labels), alive_in_words(PARETO, cells))


def test_a_model_that_cannot_doubt_does_not_pretend():
    told = alive_in_words(fit_bg_nbd(CDNOW), CDNOW)
    once = CDNOW.customers["frequency"] == 0
    assert told.loc[once, "verdict"].str.startswith("Not judged").all()
    assert not told.loc[~once, "verdict"].str.startswith("Not judged").any()


def test_another_unit_of_time_is_refused():
    with pytest.raises(InputError, match=r"times in weeks, and .* counts in days"):
        alive_in_words(BgNbd(0.2, 30.0, 0.8, 2.4, "day"), CDNOW)
    with pytest.raises(InputError, match="found a float"):
        alive_in_words(0.5, CDNOW)
