import numpy as np
import pandas as pd
import pytest

from crmlib.clv.cashflows.discounting import discounted_cash_flows
from crmlib.drawing import PALETTE
from crmlib.figures import lifetime as figures
from tests.svg import read

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


BLUE, RED, GREEN = (colour.lower() for colour in PALETTE[:3])


def test_payments_are_bars_at_their_times_and_the_sum_is_a_line():
    margins = pd.DataFrame([[50.0, 40.0, 30.0]], ["A"])
    flows = discounted_cash_flows(margins, 0.1, "end", investment=75)
    panel = read(figures.cash_flows(flows, "A", "yuan", alt="Bars").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Years from today", "yuan")
    paid = [50 / 1.1, 40 / 1.1**2, 30 / 1.1**3]
    bars = {fill: [panel.data(bar.path[[0, 2]]) for bar in panel.bars if bar.fill == fill] for fill in (BLUE, RED)}
    expected = [[[year - 0.3, 0], [year + 0.3, value]] for year, value in enumerate(paid, start=1)]
    assert np.array(bars[BLUE]) == pytest.approx(np.array(expected), abs=1e-3)
    assert np.array(bars[RED]) == pytest.approx(np.array([[[-0.3, 0], [0.3, -75]]]), abs=1e-3)
    sums = np.column_stack([range(4), np.cumsum([-75, *paid])])
    line = next(mark for mark in panel.of("line2d", stroke="currentColor") if len(mark.path) > 2)
    assert panel.data(line.path) == pytest.approx(sums, abs=1e-3)
    assert panel.places(marker="o") == pytest.approx(sums, abs=1e-3)
    even = 1 + -sums[1, 1] / paid[1]
    assert panel.across(dashes=":")[0] == pytest.approx([even], abs=1e-3)
    assert panel.across(dashes="-")[1] == pytest.approx([0], abs=1e-3)
    looks = {name: (marks[0].fill, marks[0].dashes) for name, marks in panel.legend.items()}
    assert looks == {
        "Profit, present value": (BLUE, "-"),
        "Investment": (RED, "-"),
        "Value so far": (None, "-"),
        f"Break-even after {even:.1f} years": (None, ":"),
    }
    assert panel.legend["Value so far"][1].marker == "o"


def test_lines_of_equal_share_run_where_the_share_is_equal():
    retention, rates = np.linspace(0, 0.95, 20), np.linspace(0, 0.3, 7)
    shares = 1 - (retention[:, None] / (1 + rates)) ** 3
    svg = figures.horizon_shares(pd.DataFrame(shares, retention, rates), 0.8, alt="Lines").svg
    panel = read(svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Discount rate a year", "Retention a year")

    def share(mark):
        rate, kept = panel.data(mark.path).T
        return 1 - (kept / (1 + rate)) ** 3

    contours = panel.of("QuadContourSet")
    thick = [mark for mark in contours if mark.stroke == BLUE]
    assert [mark.width for mark in thick] == [2.5]
    assert share(thick[0]) == pytest.approx(0.8, abs=0.005)
    thin = [mark for mark in contours if mark.stroke == "currentColor"]
    assert [share(mark).mean() for mark in thin] == pytest.approx([0.2, 0.4, 0.6, 0.9], abs=0.005)
    assert all(np.ptp(share(mark)) < 0.015 for mark in thin)
    for level in (0.2, 0.4, 0.6, 0.8):
        rate, kept = panel.data(panel.texts[f"{level:.0%}"].centre)[0]
        assert 1 - (kept / (1 + rate)) ** 3 == pytest.approx(level, abs=0.05)
    shaded = next(mark for mark in contours if mark.fill == BLUE)
    assert share(shaded).min() == pytest.approx(0.8, abs=0.005)
    assert share(shaded).max() == pytest.approx(1, abs=0.005)


def test_curves_and_points_lie_where_the_numbers_are_and_have_the_looks_of_the_legend():
    lines = pd.DataFrame({"steep": [1.0, 2.0, 9.0], "flat": [1.0, 1.1, 1.3]}, index=[0.0, 1.0, 4.0])
    points = pd.Series([3.0, 5.0], [1.0, 2.0], name="seen")
    panel = read(figures.curves(lines, ("Year", "Share"), alt="Two lines", points=points).svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Year", "Share")
    for name, stroke, dashes in (("steep", BLUE, "-"), ("flat", RED, "--")):
        assert panel.line(stroke=stroke, dashes=dashes) == pytest.approx(lines[name].reset_index().to_numpy(), abs=1e-4)
        assert [(mark.stroke, mark.dashes) for mark in panel.legend[name]] == [(stroke, dashes)]
    assert panel.places(fill="currentColor", marker="o") == pytest.approx(points.reset_index().to_numpy(), abs=1e-4)
    assert [(mark.fill, mark.marker) for mark in panel.legend["seen"]] == [("currentColor", "o")]
