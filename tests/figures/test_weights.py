from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from crmlib import drawing, figures
from crmlib.ahp import Criterion, judgement_matrix, simulate_judgements, tornado, tree_weights, weight_sensitivity
from crmlib.labels import apart
from tests.svg import read

TREE = Criterion(
    "top",
    (Criterion("x"), Criterion("y"), Criterion("z")),
    judgement_matrix([[2, 4], [2]], ["x", "y", "z"]),
)
SCALED = pd.DataFrame(
    {"x": [1.0, 0.0, 0.4], "y": [0.0, 1.0, 0.6], "z": [0.2, 0.4, 0.9]}, index=["A <&> Sons", "$B$", "_C"]
)
LABELS = pd.Series({"x": "Profit <net>", "y": "Volume & more", "z": "Years"})
WEIGHTS = tree_weights(TREE)


def drawn(kind, alt="Shows it"):
    if kind == "tornado":
        return figures.tornado(tornado(TREE, WEIGHTS, SCALED, "$B$"), LABELS, "Score of <B>", alt=alt)
    if kind == "rank_acceptability":
        found = simulate_judgements(TREE, WEIGHTS, SCALED, seed=1, draws=300, spread=2)
        return figures.rank_acceptability(found.rank_probabilities, alt=alt)
    found = weight_sensitivity(TREE, WEIGHTS, SCALED)
    return figures.weight_sensitivity(found, "x", ("Weight of <x>", "Score"), alt=alt)


KINDS = ["tornado", "rank_acceptability", "weight_sensitivity"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_figure_is_inline_svg_in_the_colour_of_the_page(kind):
    figure = drawn(kind, 'Says "<what>" it shows')
    assert figure.svg.startswith("<svg")
    assert "currentColor" in figure.svg
    assert drawing.INK not in figure.svg
    shown = figure._repr_html_()
    assert 'aria-label="Says &quot;&lt;what&gt;&quot; it shows"' in shown


@pytest.mark.parametrize("kind", KINDS)
def test_the_figure_needs_a_text_alternative(kind):
    with pytest.raises(ValueError, match="text alternative"):
        drawn(kind, " ")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_figure_is_drawn_the_same(kind):
    assert drawn(kind).svg == drawn(kind).svg


def texts(figure):
    root = ElementTree.fromstring(figure.svg)  # noqa: S314 - our own drawing; fails unless all names are escaped
    return ["".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_tornado_names_nodes_weights_and_the_change():
    said = texts(drawn("tornado"))
    for node, name in LABELS.items():
        assert f"{name} ({WEIGHTS.local_weights[node]:.3f})" in said
    assert {"Weight 10 % lower", "Weight 10 % higher", "Score of <B>"} <= set(said)


def test_the_tornado_leaves_out_weights_without_effect():
    flat = SCALED.assign(z=SCALED["x"] * WEIGHTS.local_weights["x"] + SCALED["y"] * WEIGHTS.local_weights["y"])
    flat["z"] /= WEIGHTS.local_weights["x"] + WEIGHTS.local_weights["y"]
    said = texts(figures.tornado(tornado(TREE, WEIGHTS, flat, "$B$"), LABELS, "Score", alt="Two bars"))
    assert sum(name.startswith(("Profit", "Volume")) for name in said) == 2
    assert not any(name.startswith("Years") for name in said)


def test_rank_acceptability_writes_customers_and_ranks():
    probabilities = pd.DataFrame([[0.7, 0.3], [0.3, 0.7]], index=["A <&> Sons", "_C"], columns=[1, 2])
    said = texts(figures.rank_acceptability(probabilities, alt="Two bars"))
    assert {"A <&> Sons", "_C"} <= set(said)
    assert (said.count("1"), said.count("2")) == (2, 2)


def test_weight_sensitivity_names_customers_and_the_weights_of_change():
    found = weight_sensitivity(TREE, WEIGHTS, SCALED)
    said = texts(drawn("weight_sensitivity"))
    assert set(SCALED.index) <= set(said)
    row = found.intervals.loc["x"]
    ends = " and ".join(f"{row[end]:.3f}" for end in ("lower", "upper") if row[f"{end}_change"])
    assert f"Now {row['weight']:.3f} (dashed); the ranking changes at {ends}" in said


def test_weight_sensitivity_says_when_the_ranking_never_changes():
    ordered = pd.DataFrame({name: [1.0, 2.0] for name in "xyz"}, index=["A", "B"])
    found = weight_sensitivity(TREE, WEIGHTS, ordered)
    said = texts(figures.weight_sensitivity(found, "x", ("Weight", "Score"), alt="Two lines"))
    assert any(text.endswith("the ranking never changes") for text in said)


def test_labels_are_kept_apart_and_near_their_places():
    places = np.array([0.0, 0.01, 0.02, 1.0])
    moved = apart(places, 0.1)
    assert (np.diff(moved) >= 0.1 - 1e-12).all()
    assert moved == pytest.approx([-0.09, 0.01, 0.11, 1.0])


def test_the_tornado_counts_the_bars_that_are_too_short_to_see():
    assert not any(text.startswith("Not drawn") for text in texts(drawn("tornado")))
    found = tornado(TREE, WEIGHTS, SCALED, "$B$")
    bars = found.bars.assign(swing=[1.0, 0.5, 0.001])
    said = texts(figures.tornado(replace(found, bars=bars), LABELS, "Score", alt="Two bars"))
    assert "Not drawn: 1 with less than 1 % of the longest bar" in said
    assert not any(text.startswith(LABELS[bars.index[2]]) for text in said)


COLOURS = [colour.lower() for colour in drawing.PALETTE]


def test_the_tree_has_each_weight_beside_its_name_and_joins_parents_to_children():
    inner = Criterion("y", (Criterion("y1"), Criterion("y2")), judgement_matrix([[3]], ["y1", "y2"]))
    tree = Criterion("top", (Criterion("x"), inner), judgement_matrix([[2]], ["x", "y"]))
    names = pd.Series({"top": "Value", "x": "Profit", "y": "Trust", "y1": "Years", "y2": "Orders"})
    weights = tree_weights(tree)
    panel = read(figures.criteria_tree(tree, weights, names, alt="Tree").svg).panels[0]
    written = {node: f"{weights.local_weights[node]:.4f}" for node in names.index[1:]}
    places = {"top": panel.texts["Value"], "y": panel.texts["Trust"]}
    places |= {leaf: panel.texts[f"{written[leaf]}  {names[leaf]}"] for leaf in tree.leaves}
    below = panel.texts[written["y"]].centre - places["y"].centre
    assert abs(below[0]) < 0.01
    assert 0 < below[1] < 30
    columns = {node: place.centre[0] for node, place in places.items()}
    assert columns["top"] < columns["x"] == columns["y"] < columns["y1"] == columns["y2"]
    heights = {node: place.centre[1] for node, place in places.items()}
    assert heights["x"] < heights["y1"] < heights["y2"]
    heights["y"] = (heights["y1"] + heights["y2"]) / 2
    heights["top"] = (heights["x"] + heights["y"]) / 2
    joints = [mark.path for mark in panel.of("line2d")]
    expected = {("top", "x"), ("top", "y"), ("y", "y1"), ("y", "y2")}
    assert len(joints) == len(expected)
    for parent, child in expected:
        ends = [abs(path[[0, -1], 1] - [heights[parent], heights[child]]).max() for path in joints]
        path = joints[int(np.argmin(ends))]
        assert min(ends) < 3
        assert columns[parent] < path[0, 0] < path[-1, 0] < columns[child]


def test_the_tornado_has_its_bars_from_the_score_now_to_the_changed_ones():
    found = tornado(TREE, WEIGHTS, SCALED, "$B$")
    panel = read(drawn("tornado").svg).panels[0]
    assert panel.x.title == "Score of <B>"
    names = {f"{LABELS[node]} ({WEIGHTS.local_weights[node]:.3f})": node for node in found.bars.index}
    assert sorted(panel.y.names, key=panel.y.names.get) == list(names)
    looks = {"low": COLOURS[1], "high": COLOURS[0]}
    told = {(names[name], colour): (start, end) for name, start, end, colour in panel.lying()}
    expected = {
        (node, colour): pytest.approx((found.base, found.bars.loc[node, end]), abs=1e-5)
        for node in found.bars.index
        for end, colour in looks.items()
    }
    assert told == expected
    assert panel.across()[0] == pytest.approx([found.base], abs=1e-5)
    legend = {name: marks[0].fill for name, marks in panel.legend.items()}
    assert legend == {"Weight 10 % lower": looks["low"], "Weight 10 % higher": looks["high"]}
    lengths = [abs(np.diff(found.bars.loc[node, ["low", "high"]].astype(float)))[0] for node in names.values()]
    assert lengths == sorted(lengths, reverse=True)


def test_ranks_follow_each_other_from_the_first_with_their_number_inside():
    chances = pd.DataFrame([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.3, 0.6]], index=list("ABC"), columns=[1, 2, 3])
    panel = read(figures.rank_acceptability(chances, alt="Three bars").svg).panels[0]
    assert panel.x.title == "Share of the draws in which it has the rank in the bar"
    assert panel.y.title == "Customer"
    assert sorted(panel.y.names, key=panel.y.names.get) == list("ABC")
    shades = list(dict.fromkeys(bar.fill for bar in panel.bars))
    assert len(shades) == 3
    brightness = [sum(int(shade[at : at + 2], 16) for at in (1, 3, 5)) for shade in shades]
    assert brightness == sorted(brightness)
    ranks = dict(zip(shades, chances, strict=True))
    told = {(name, ranks[colour]): (start, end) for name, start, end, colour in panel.lying()}
    ends = chances.cumsum(axis=1)
    expected = {
        (name, rank): pytest.approx((ends.loc[name, rank] - chances.loc[name, rank], ends.loc[name, rank]), abs=1e-5)
        for name in chances.index
        for rank in chances
    }
    assert told == expected
    for bar in panel.bars:
        numbers = [mark.text for mark in panel.of("text") if abs(mark.centre - bar.centre).max() < 3]
        assert numbers == [str(ranks[bar.fill])]


def test_scores_run_with_the_weight_and_swaps_and_the_interval_are_where_they_belong():
    found = weight_sensitivity(TREE, WEIGHTS, SCALED)
    panel = read(drawn("weight_sensitivity").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Weight of <x>", "Score")
    ends = found.scores_at("x", np.array([0.0, 1.0]))
    for customer, colour, dashes in zip(ends.index, COLOURS, ("-", "--", "-."), strict=False):
        line = next(mark for mark in panel.of("line2d", stroke=colour, dashes=dashes) if mark.width == 1.8)
        assert panel.data(line.path) == pytest.approx(np.column_stack([[0, 1], ends.loc[customer]]), abs=1e-4)
        leader = next(mark for mark in panel.of("line2d", stroke=colour) if mark.width == 1)
        assert panel.data(leader.path[:1])[0] == pytest.approx([1, ends.loc[customer].iloc[1]], abs=1e-4)
        assert leader.path[1, 1] == pytest.approx(panel.texts[customer].centre[1], abs=2)
    swaps = found.crossings[found.crossings["node"] == "x"]
    at = [found.scores_at("x", np.array([row["weight"]])).loc[row["follower"]].iloc[0] for _, row in swaps.iterrows()]
    assert panel.places(fill="currentColor", marker="o") == pytest.approx(
        np.column_stack([swaps["weight"], at]), abs=1e-4
    )
    interval = found.intervals.loc["x"]
    assert panel.across(stroke="currentColor", dashes="--")[0] == pytest.approx([interval["weight"]], abs=1e-5)
    (band,) = panel.bars
    assert panel.x.numbers(band.box[[0, 2]]) == pytest.approx([interval["lower"], interval["upper"]], abs=1e-5)
