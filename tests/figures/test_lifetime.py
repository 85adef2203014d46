import numpy as np
import pandas as pd
import pytest

from crmlib.clv.cashflows import discounted_cash_flows
from crmlib.figures import lifetime as figures

FLOWS = discounted_cash_flows(pd.DataFrame([[50.0, 50.0, 50.0], [1.0, 1.0, 1.0]], ["A", "B"]), 0, "end", investment=75)


def test_break_even_is_written_where_there_is_one():
    assert "Break-even after 1.5 years" in figures.cash_flows(FLOWS, "A", "yuan", alt="Three bars").svg
    assert "Break-even" not in figures.cash_flows(FLOWS, "B", "yuan", alt="Three bars").svg


def test_shares_are_percentages_on_lines_of_equal_share():
    retention, rates = np.linspace(0, 0.95, 20), np.linspace(0, 0.3, 7)
    shares = pd.DataFrame(1 - (retention[:, None] / (1 + rates)) ** 3, retention, rates)
    svg = figures.horizon_shares(shares, 0.8, alt="Lines").svg
    assert ">80%<" in svg
    assert ">60%<" in svg
    assert "Discount rate a year" in svg


def test_every_line_and_the_points_are_in_the_legend():
    lines = pd.DataFrame({"steep": [1.0, 2.0], "flat": [1.0, 1.1]}, index=[0, 1])
    svg = figures.curves(lines, ("Year", "Share"), alt="Two lines", points=pd.Series([1.0], [0], name="seen")).svg
    assert all(f">{name}<" in svg for name in ("steep", "flat", "seen", "Year", "Share"))


@pytest.mark.parametrize(
    "draw",
    [
        lambda alt: figures.cash_flows(FLOWS, "A", "yuan", alt=alt),
        lambda alt: figures.curves(pd.DataFrame({"a": [1.0, 2.0]}), ("x", "y"), alt=alt),
    ],
)
def test_a_text_alternative_is_needed_and_every_drawing_is_the_same(draw):
    assert draw("Words").svg == draw("Words").svg
    with pytest.raises(ValueError, match="text alternative"):
        draw(" ")
