from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from crmlib import drawing, figures
from crmlib.ahp import Criterion, judgement_matrix, simulate_judgements, tornado, tree_weights, weight_sensitivity
from crmlib.labels import apart

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
