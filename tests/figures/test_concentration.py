import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from crmlib.drawing import PALETTE
from crmlib.figures import concentration as figures
from crmlib.pareto import SHARES, abc_classes, lorenz_curve, pyramid_migration
from tests.svg import image, read

REVENUE = pd.Series({"p": 80.0, "q": 15.0, "r": 4.0, "s": 1.0})
CLASSES = abc_classes(REVENUE)


HEADS = abc_classes(REVENUE, SHARES["pyramid"], "customers")
CHARTS = {
    "Pareto": lambda: figures.pareto_chart(CLASSES, "Customers", "Share of revenue", alt="Pareto"),
    "Lorenz": lambda: figures.lorenz({"2025": lorenz_curve(REVENUE)}, "Customers", "Revenue", alt="Lorenz"),
    "tiers": lambda: figures.tier_shares(CLASSES.summary[["customer_share", "value_share"]], alt="tiers"),
    "moves": lambda: figures.migration_matrix(pyramid_migration(HEADS, HEADS).counts, "Now", "Before", alt="moves"),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_figure_has_its_text_alternative_and_is_drawn_byte_for_byte(name):
    html = CHARTS[name]()._repr_html_()
    assert f'aria-label="{name}"' in html
    assert html == CHARTS[name]()._repr_html_()
    assert "#010203" not in html, "text takes the page's colour"


def test_a_pareto_chart_names_the_classes_and_its_axes():
    html = CHARTS["Pareto"]().svg
    assert all(f">{text}<" in html for text in ("A", "B", "C", "Customers", "Share of revenue", "100%"))


def test_an_empty_class_gets_no_name():
    html = figures.pareto_chart(abc_classes(REVENUE[["p"]]), "Customers", "Share", alt="One").svg
    assert ">A<" in html
    assert ">B<" not in html


def test_names_of_narrow_bands_do_not_cover_each_other():
    values = pd.Series(range(1, 301), dtype=float)
    html = figures.pareto_chart(abc_classes(values, SHARES["pyramid"], "customers"), "x", "y", alt="Many").svg
    places = [float(x) for name in SHARES["pyramid"] for x in re.findall(rf'x="([\d.]+)"[^>]*>{name}<', html)]
    assert len(places) == len(SHARES["pyramid"])
    assert min(second - first for first, second in pairwise(places)) > 20


def test_a_lorenz_curve_is_drawn_under_its_name_beside_the_line_of_equality():
    html = CHARTS["Lorenz"]().svg
    assert ">2025<" in html
    assert ">All equal<" in html


def test_tiers_show_both_shares():
    html = CHARTS["tiers"]().svg
    assert all(f">{text}<" in html for text in ("80.0%", "25.0%", "customer_share", "value_share"))


def test_moves_show_number_and_share_and_nothing_where_nobody_went():
    html = CHARTS["moves"]().svg
    assert ">100%<" in html
    assert ">–<" in html
    assert all(f">{text}<" in html for text in ("top", "came", "left", "Before"))


BLUE, RED, GREEN = (colour.lower() for colour in PALETTE[:3])


def test_the_pareto_chart_shows_shares_their_sums_and_the_classes_as_bands():
    panel = read(CHARTS["Pareto"]().svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Customers", "Share of revenue")
    line = [[0, 0], [1, 0.8], [2, 0.95], [3, 0.99], [4, 1]]
    assert panel.line(stroke="currentColor") == pytest.approx(np.array(line), abs=1e-4)
    bands = {mark.fill: panel.x.numbers(mark.path[:2, 0]) for mark in panel.bars}
    assert bands == {BLUE: pytest.approx([0, 1], abs=1e-6), RED: pytest.approx([1, 2]), GREEN: pytest.approx([2, 4])}
    for name, ends in zip("ABC", bands.values(), strict=True):
        assert panel.x.numbers(panel.texts[name].centre[0]) == pytest.approx(np.mean(ends))
    steps = panel.data(next(mark for mark in panel.of("patch") if len(mark.path) > 4).path)
    tops = [(x, x + 1, share) for x, share in enumerate([0.8, 0.15, 0.04, 0.01])]
    corners = [(0, 0), *((x, share) for start, end, share in tops for x in (start, end)), (4, 0)]
    assert steps == pytest.approx(np.array(corners), abs=1e-4)


def test_lorenz_curves_are_those_of_the_data_and_of_the_legend():
    curves = {"2025": lorenz_curve(REVENUE), "2026": lorenz_curve(REVENUE + 20)}
    panel = read(figures.lorenz(curves, "Customers", "Revenue", alt="Two").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Customers", "Revenue")
    for name, (colour, dashes) in zip(curves, ((BLUE, "-"), (RED, "--")), strict=True):
        told = panel.line(stroke=colour, dashes=dashes)
        assert told == pytest.approx(curves[name][["customers", "value"]].to_numpy(), abs=1e-4)
        assert [(mark.stroke, mark.dashes) for mark in panel.legend[name]] == [(colour, dashes)]
    assert panel.line(stroke="currentColor", dashes=":") == pytest.approx(np.array([[0, 0], [1, 1]]), abs=1e-4)
    assert [mark.dashes for mark in panel.legend["All equal"]] == [":"]


def test_a_single_lorenz_curve_has_its_area_up_to_the_line_of_equality():
    panel = read(CHARTS["Lorenz"]().svg).panels[0]
    area = panel.data(panel.of("FillBetweenPolyCollection", fill=BLUE)[0].path)
    below = lorenz_curve(REVENUE)[["customers", "value"]].to_numpy()
    corners = np.vstack([below, np.column_stack([below[:, 0]] * 2)])
    assert all(np.abs(area - corner).max(axis=1).min() < 1e-4 for corner in corners)
    assert all(np.abs(corners - corner).max(axis=1).min() < 1e-4 for corner in area)


def test_the_tiers_grow_to_both_sides_from_the_middle():
    summary = CLASSES.summary[["customer_share", "value_share"]]
    left, right = read(CHARTS["tiers"]().svg).panels
    left.x.falls = True
    assert left.box[2] < right.box[0]
    for panel, column, colour, direction in ((left, "customer_share", BLUE, -1), (right, "value_share", RED, 1)):
        assert panel.x.title == column
        bars = {name: (start, end) for name, start, end, fill in panel.lying() if fill == colour}
        expected = {name: pytest.approx((0, share), abs=1e-6) for name, share in summary[column].items()}
        assert bars == expected
        assert all(direction * np.diff(bar.path[:2, 0]) > 0 for bar in panel.bars)
        heights = [panel.y.names[name] for name in "ABC"]
        assert heights == sorted(heights)


def test_moves_are_as_dark_as_their_share_of_the_row():
    counts = pd.DataFrame([[8, 2], [1, 3], [0, 5]], index=["top", "small", "came"], columns=["top", "small"])
    svg = figures.migration_matrix(counts, "Now", "Before", alt="moves").svg
    panel, pixels = read(svg).panels[0], image(svg)
    assert (panel.x.title, panel.y.title) == ("Now", "Before")
    left, upper, right, lower = panel.box
    shares = counts.div(counts.sum(axis=1), axis=0)
    for row, down in panel.y.names.items():
        for column, across in panel.x.names.items():
            number = counts.loc[row, column]
            said = f"{number}\n{shares.loc[row, column]:.0%}" if number else "–"
            text = panel.texts[said]
            assert abs(text.centre - [across, down]).max() < 15
            height, width = pixels.shape[:2]
            down_to = int((down - upper) / (lower - upper) * height)
            assert pixels[down_to, int((across - left) / (right - left) * width), 3] == pytest.approx(
                0.6 * shares.loc[row, column], abs=0.01
            )
    assert panel.x.names["top"] < panel.x.names["small"]
    assert panel.y.names["top"] < panel.y.names["small"] < panel.y.names["came"]
