from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.chains.markov import expected_path
from crmlib.clv.chains.migration import recency_migration, remarketing_choices
from crmlib.clv.chains.stationary import stationary_distribution
from crmlib.drawing import INK, MARKERS, PALETTE
from crmlib.figures import chains
from tests.svg import read

MATRIX = pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=["A <&> Co", "乙"], columns=["A <&> Co", "乙"])
CHOICES = remarketing_choices([0.3, 0.2, 0.05], 40, 4, 0.2)


def drawn(kind, alt="Shows it"):
    if kind == "chain":
        return chains.chain_diagram(MATRIX, alt=alt)
    if kind == "heat":
        return chains.heat_map(MATRIX, ("Next <brand>", "Last"), alt=alt)
    if kind == "shares":
        path = expected_path(MATRIX, pd.Series([1.0, 0.0], index=MATRIX.index), 4)
        return chains.shares_over_time(path, stationary_distribution(MATRIX).shares, "Purchase", alt=alt)
    return chains.remarketing_values(CHOICES, "yuan", alt=alt)


KINDS = ["chain", "heat", "shares", "remarketing"]


def texts(figure):
    root = ElementTree.fromstring(figure.svg)  # noqa: S314 - our own drawing; fails unless all names are escaped
    return ["".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_takes_the_pages_colour_and_says_what_it_shows(kind):
    figure = drawn(kind, 'Says "<what>"')
    assert "currentColor" in figure.svg
    assert INK not in figure.svg
    assert 'aria-label="Says &quot;&lt;what&gt;&quot;"' in figure._repr_html_()
    assert drawn(kind).svg == drawn(kind).svg
    with pytest.raises(ValueError, match="text alternative"):
        drawn(kind, " ")


def test_the_chain_writes_every_move_that_can_happen():
    said = texts(chains.chain_diagram(recency_migration([0.3, 0.2], 40, 4).transitions, alt="Chain"))
    assert sorted(text for text in said if text[0].isdigit() and "." in text) == ["0.2", "0.3", "0.7", "0.8"]
    assert said.count("recency") == 2


def test_the_heat_map_writes_every_cell_and_leaves_missing_ones_empty():
    frame = pd.DataFrame({"x": [0.25, None], "y": [-1.0, 2.0]}, index=["a", "b"])
    said = texts(chains.heat_map(frame, ("Column", "Row"), written="{:.1f}", alt="Cells"))
    assert {"0.2", "−1.0", "2.0", "Column", "Row", "a", "b", "x", "y"} <= set(said)
    assert not any("nan" in text for text in said)


def test_shares_are_named_with_the_place_where_they_settle():
    assert {"A <&> Co (settles at 0.625)", "乙 (settles at 0.375)"} <= set(texts(drawn("shares")))


def test_each_recency_has_a_panel():
    said = texts(drawn("remarketing"))
    assert [text for text in said if text.startswith("Now at")] == [f"Now at recency {k}" for k in (1, 2, 3)]
    assert "Value (yuan)" in said


COLOURS = [colour.lower() for colour in PALETTE]


def test_arrows_lead_from_state_to_state_and_are_as_wide_as_the_move_is_likely():
    names = ["a", "b", "c"]
    matrix = pd.DataFrame([[0.7, 0.3, 0.0], [0.0, 0.2, 0.8], [0.9, 0.0, 0.1]], names, names)
    panel = read(chains.chain_diagram(matrix, alt="Chain").svg).panels[0]
    circles = np.array([mark.centre for mark in panel.of("patch", fill=None, stroke=COLOURS[0])])
    assert [abs(circles - panel.texts[name].centre).sum(axis=1).argmin() for name in names] == [0, 1, 2]
    assert (np.diff(circles[:, 0]) > 0).all()

    def state(place):
        return names[np.linalg.norm(circles - place, axis=1).argmin()]

    arrows = panel.of("patch", fill=None, stroke="currentColor")
    heads = panel.of("patch", fill="currentColor")
    said = [mark for text, mark in panel.texts.items() if text not in names]
    told = {}
    for arrow, head in zip(arrows, heads, strict=True):
        tip = head.path[1]
        if state(tip) <= state(arrow.path[0]):  # stays and ways back run above the states
            assert max(arrow.path[0, 1], tip[1]) < circles[0, 1]
        assert np.linalg.norm(arrow.path[-1] - tip) < 5  # the head stands at the end of its arrow
        told[state(arrow.path[0]), state(tip)] = (arrow.width - 0.6) / 2.4
        curve = np.linspace(0, 1, 50)[:, None]
        way = (1 - curve) * arrow.path[0] + curve * arrow.path[-1]
        if len(arrow.path) == 2 and state(tip) != state(arrow.path[0]) and abs(tip[1] - arrow.path[0][1]) < 1:
            near = min(said, key=lambda mark: np.linalg.norm(way - mark.centre, axis=1).min())
            assert float(near.text) == pytest.approx((arrow.width - 0.6) / 2.4)
    moves = matrix.stack()
    assert told == pytest.approx(moves[moves > 0].to_dict())


def test_cells_are_darker_the_larger_and_stand_beside_their_names():
    frame = pd.DataFrame({"x": [0.1, 0.9], "y": [0.4, None], "z": [0.7, 0.3]}, index=["a", "b"])
    panel = read(chains.heat_map(frame, ("Column", "Row"), alt="Cells").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Column", "Row")
    assert list(panel.x.names.values()) == sorted(panel.x.names.values())
    assert list(panel.y.names) == ["a", "b"]
    assert panel.y.names["a"] < panel.y.names["b"]
    light = {}
    for cell in (mark for mark in panel.of("QuadMesh") if mark.fill):
        row, column = panel.y.beside(cell.centre[1]), panel.x.beside(cell.centre[0])
        shade = sum(int(cell.fill[at : at + 2], 16) for at in (1, 3, 5))
        light[row, column] = shade
        text = panel.texts[f"{frame.loc[row, column]:.2f}"]
        assert (panel.y.beside(text.centre[1]), panel.x.beside(text.centre[0])) == (row, column)
    shown = frame.stack().dropna()
    assert sorted(light, key=light.get, reverse=True) == shown.sort_values().index.to_list()


def test_shares_run_from_purchase_to_purchase_to_the_dashed_line_of_the_same_colour():
    path = expected_path(MATRIX, pd.Series([1.0, 0.0], index=MATRIX.index), 4)
    steady = stationary_distribution(MATRIX).shares
    panel = read(chains.shares_over_time(path, steady, "Purchase", alt="Lines").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Purchase", "Share of the purchase")
    for brand, colour, marker in zip(path, COLOURS, MARKERS, strict=False):
        expected = path[brand].reset_index().to_numpy()
        assert panel.line(stroke=colour, dashes="-") == pytest.approx(expected, abs=1e-4)
        assert panel.places(fill=colour, marker=marker) == pytest.approx(expected, abs=1e-4)
        assert panel.across(stroke=colour, dashes="--") == ([], pytest.approx([steady[brand]], abs=1e-4))
        name = panel.texts[f"{brand} (settles at {steady[brand]:.3f})"]
        assert panel.y.numbers(name.centre[1]) == pytest.approx(path[brand].iloc[-1], abs=0.02)


def test_each_panel_shows_the_values_of_its_recency_and_the_best_choice():
    drawing = read(drawn("remarketing").svg)
    below = drawing.texts["Last recency that is still remarketed"]
    assert below.centre[1] > drawing.panels[0].box[3]
    assert drawing.panels[0].y.title == "Value (yuan)"
    for panel, state, colour, marker in zip(drawing.panels, CHOICES.values, COLOURS, MARKERS, strict=False):
        values = CHOICES.values[state]
        expected = values.reset_index().to_numpy()
        assert f"Now at {state}" in panel.texts
        assert panel.line(stroke=colour) == pytest.approx(expected, abs=1e-3)
        assert panel.places(fill=colour, marker=marker) == pytest.approx(expected, abs=1e-3)
        ring = panel.places(fill=None, marker="o")
        assert ring == pytest.approx(np.array([[CHOICES.best, values[CHOICES.best]]]), abs=1e-3)
        assert panel.across(stroke="currentColor")[1] == pytest.approx([0], abs=1e-3)
