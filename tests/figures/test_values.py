import re

import numpy as np
import pandas as pd
import pytest

from crmlib import figures
from crmlib.drawing import PALETTE, QUADRANT_LOOKS
from crmlib.matrix import PLACES, value_matrix
from tests.svg import read

NAMES = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}
MATRIX = value_matrix(
    pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 1.0, 2.0]}, index=["<b>张三</b>", "$x$", "C & D"]), NAMES
)


def drawn():
    return figures.quadrants(MATRIX, ("Current", "Potential"), alt='Three "customers"')._repr_html_()


def test_names_are_text_in_any_script():
    html = drawn()
    assert "&lt;b&gt;张三&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "$x$" in html


CORNERS = pd.DataFrame({"a": [3.0, 3.0, 1.0, 1.0], "b": [3.0, 1.0, 3.0, 1.0]}, index=["HH", "HL", "LH", "LL"])
COLOURS = [colour.lower() for colour, _ in QUADRANT_LOOKS.values()]


def seen(names, scores=CORNERS):
    """Colour and outline of the marks of each place in the plot, and names and colours of the legend, as drawn."""
    matrix = value_matrix(scores, names, {"a": 2, "b": 2})
    svg = figures.quadrants(matrix, ("Current", "Potential"), alt="Corners").svg
    outlines = dict(re.findall(r'<path id="([^"]+)" d="([^"]+)"', svg))
    plot, legend = svg.split('id="legend_1"')
    marks = re.findall(r'xlink:href="#([^"]+)" x="[^"]+" y="[^"]+" style="fill: (#\w+)', plot)
    drawn = [(colour, outlines[mark]) for mark, colour in marks]
    return drawn, re.findall(r"style=\"fill: (#\w+)", legend), re.findall(r">([^<]+)</text>", legend)


def test_colour_and_mark_follow_the_place_and_the_legend_names_all_four():
    drawn, colours, names = seen(NAMES)
    assert [colour for colour, _ in drawn] == colours == COLOURS
    assert len({outline for _, outline in drawn}) == len(PLACES)
    assert names == list(NAMES.values())


def test_renaming_quadrants_changes_no_colour():
    equal = dict(zip(PLACES, ["z", "between", "between", "a"], strict=True))
    drawn, colours, names = seen(equal)
    assert (drawn, colours) == seen(NAMES)[:2]
    assert names == ["z", "between", "between", "a"]


@pytest.mark.parametrize("missing", CORNERS.index)
def test_an_empty_quadrant_changes_no_colour(missing):
    drawn, colours, names = seen(NAMES, CORNERS.drop(index=missing))
    others = [look for name, look in zip(CORNERS.index, seen(NAMES)[0], strict=True) if name != missing]
    assert drawn == others
    assert (colours, names) == seen(NAMES)[1:]


def test_the_text_alternative_is_there_and_escaped():
    assert 'aria-label="Three &quot;customers&quot;"' in drawn()
    with pytest.raises(ValueError, match="text alternative"):
        figures.quadrants(MATRIX, ("Current", "Potential"), alt=" ")


def test_text_takes_the_colour_of_the_page():
    html = drawn()
    assert "currentColor" in html
    assert "#010203" not in html


def test_the_same_figure_is_drawn_byte_for_byte():
    assert drawn() == drawn()


def test_two_figures_do_not_share_ids():
    other = figures.bars(pd.DataFrame({"x": [1.0]}, index=["A"]), "Value", alt="One bar")._repr_html_()
    ids = [{part.split('"')[0] for part in html.split('clipPath id="')[1:]} for html in (drawn(), other)]
    assert not ids[0] & ids[1]


def test_a_diamond_marks_the_sums_unless_all_are_the_same_whole():
    shares = pd.DataFrame({"x": [0.25, 0.5], "y": [0.75, 0.5]}, index=["A", "B"])
    assert ">Sum<" in figures.bars(2 * shares.assign(x=shares["y"]), "Value", alt="Sums differ").svg
    assert ">Sum<" not in figures.bars(shares, "Share", alt="Shares of one").svg


def test_ratios_are_written_beside_their_bars():
    html = figures.ratios(pd.Series({"slow": 163.4, "quick": 0.5}), "Times", alt="Two ratios")._repr_html_()
    assert ">163<" in html
    assert ">0.5<" in html
    assert ">slow<" in html


def test_profiles_show_every_customer_and_column():
    own = pd.DataFrame({"Margin": [1.0, 5.0], "Budget": [2.0, 4.0]}, index=["A", "B"])
    html = figures.profiles(own, own / 2, ["A\nKey", "B\nGrow"], "Grade", alt="Two panels")._repr_html_()
    assert all(text in html for text in ("Margin", "Budget", ">A<", ">Grow<", "The customer", "Mean of its quadrant"))


def test_many_customers_are_named_each_once():
    scores = pd.DataFrame({"a": [i % 5 for i in range(22)], "b": [i // 5 for i in range(22)]}, dtype=float)
    scores.index = [f"Name{i:02d}" for i in range(22)]
    html = figures.quadrants(value_matrix(scores, NAMES), ("Current", "Potential"), alt="Many")._repr_html_()
    assert all(html.count(f">{name}<") == 1 for name in scores.index)


BLUE, RED, GREEN = (colour.lower() for colour in PALETTE[:3])
SPREAD = pd.DataFrame({"a": [1.0, 2.0, 6.0, 7.0], "b": [30.0, 11.0, 12.0, 36.0]}, index=["LH", "LL", "HL", "HH"])


def test_the_value_matrix_shows_the_scores_of_each_customer_and_the_lines():
    matrix = value_matrix(SPREAD, NAMES, {"a": 3.0, "b": 20.0})
    drawing = read(figures.quadrants(matrix, ("Current", "Potential"), alt="Four").svg)
    panel = drawing.panels[0]
    assert (panel.x.title, panel.y.title) == ("Current", "Potential")
    assert (panel.x.scale, panel.y.scale) == ("linear", "linear")
    for place, (colour, marker) in QUADRANT_LOOKS.items():
        assert panel.places(fill=colour.lower(), marker=marker) == pytest.approx(
            matrix.at(place)[["a", "b"]].to_numpy()
        )
        legend = panel.legend[NAMES[place]]
        assert [(mark.fill, mark.marker) for mark in legend] == [(colour.lower(), marker)]
    upright, level = panel.across(dashes="--")
    assert (upright, level) == (pytest.approx([3]), pytest.approx([20]))
    points = np.array([mark.path[0] for mark in panel.of("PathCollection")])
    for name, score in SPREAD.iterrows():  # each name stands nearest to the point of its customer
        nearest = points[np.linalg.norm(points - panel.texts[name].centre, axis=1).argmin()]
        assert panel.data(nearest)[0] == pytest.approx(score.to_numpy())


def test_bars_begin_where_the_part_before_ends_and_their_sums_are_marked():
    parts = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [-1.5, 3.0, 0.5]}, index=["A", "B", "C"])
    panel = read(figures.bars(parts, "Value", alt="Three bars").svg).panels[0]
    assert panel.x.title == "Value"
    assert list(panel.y.names) == ["C", "B", "A"]  # from the bottom up, so the first row is at the top
    assert panel.y.names["A"] < panel.y.names["C"]
    told = {(name, colour): (start, end) for name, start, end, colour in panel.lying()}
    expected = {("A", BLUE): (0, 1), ("B", BLUE): (0, 2), ("C", BLUE): (0, 3)}
    expected |= {("A", RED): (0, -1.5), ("B", RED): (2, 5), ("C", RED): (3, 3.5)}
    assert told == {bar: pytest.approx(ends, abs=1e-6) for bar, ends in expected.items()}
    sums = {panel.y.beside(mark.path[0, 1]): panel.x.numbers(mark.path[0, 0]) for mark in panel.of("PathCollection")}
    assert {mark.marker for mark in panel.of("PathCollection")} == {"D"}
    assert sums == pytest.approx({"A": -0.5, "B": 5, "C": 3.5}, abs=1e-6)
    assert panel.across() == (pytest.approx([0], abs=1e-6), [])
    assert {name: marks[0].fill for name, marks in panel.legend.items()} == {"x": BLUE, "y": RED, "Sum": "currentColor"}
    assert not panel.legend["x"][0].hatch
    assert {bar.hatch for bar in panel.bars if bar.fill == RED} == {panel.legend["y"][0].hatch}


def test_profiles_show_own_values_and_averages_beside_the_names_of_the_columns():
    own = pd.DataFrame({"Margin": [1.0, 5.0], "Budget": [2.0, 4.0], "Years": [7.0, 3.0]}, index=["A", "B"])
    average = pd.DataFrame({"Margin": [2.0, 4.0], "Budget": [6.0, 1.0], "Years": [5.0, 3.5]}, index=["A", "B"])
    drawing = read(figures.profiles(own, average, ["A", "B"], "Grade", alt="Two panels").svg)
    assert [next(text for text in panel.texts) for panel in drawing.panels] == ["A", "B"]
    assert drawing.texts["Grade"].centre[1] > drawing.panels[0].box[3]  # below the panels
    for panel, customer in zip(drawing.panels, own.index, strict=True):
        heights = [panel.y.names[name] for name in own]
        assert heights == sorted(heights)
        for values, marker, colour in ((own, "o", BLUE), (average, "|", "currentColor")):
            marks = [mark for mark in panel.of("PathCollection") if mark.marker == marker]
            told = {panel.y.beside(mark.path[0, 1]): panel.x.numbers(mark.path[0, 0]) for mark in marks}
            assert told == pytest.approx(values.loc[customer].to_dict())
            assert {mark.colour for mark in marks} == {colour}
        strokes = {
            panel.y.beside(mark.path[0, 1]): panel.x.numbers(mark.path[:, 0]) for mark in panel.of("LineCollection")
        }
        for name, ends in strokes.items():
            assert sorted(ends) == pytest.approx(sorted([own.loc[customer, name], average.loc[customer, name]]))
    looks = {name: [mark.marker for mark in marks] for name, marks in drawing.legend.items()}
    assert looks == {"Mean of its quadrant": ["|"], "The customer": ["o"]}


def test_ratios_lie_left_or_right_of_one_on_a_logarithmic_axis():
    values = pd.Series({"slow": 163.4, "even": 4.0, "quick": 0.25})
    panel = read(figures.ratios(values, "Times", alt="Three ratios").svg).panels[0]
    assert (panel.x.scale, panel.x.title) == ("log", "Times")
    assert [bar[0] for bar in panel.lying()] == ["quick", "even", "slow"]
    assert panel.y.names["slow"] < panel.y.names["quick"]
    for name, start, end, colour in panel.lying():
        assert (start, end) == pytest.approx((1, values[name]))
        assert colour == BLUE
        assert panel.y.beside(panel.texts[f"{values[name]:.3g}"].centre[1]) == name
    assert panel.across()[0] == pytest.approx([1])
