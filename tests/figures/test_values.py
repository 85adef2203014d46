import re

import pandas as pd
import pytest

from crmlib import figures
from crmlib.drawing import QUADRANT_LOOKS
from crmlib.matrix import PLACES, value_matrix

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
