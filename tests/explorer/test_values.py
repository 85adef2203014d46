import copy
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmlib.ahp import Criterion, judgement_matrix, tree_scores, tree_weights
from crmlib.drawing import QUADRANT_LOOKS
from crmlib.errors import InputError
from crmlib.explorer import value_explorer
from crmlib.matrix import value_matrix
from tests.explorer.page import Page

QUADRANTS = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}
BAD_NAME = "</script><b>张三</b>"
CUSTOMERS = [BAD_NAME, '"; alert(1); "', "C & D", "`${x}`", "甲"]


def compared(name, children, judgements):
    return Criterion(name, tuple(children), judgement_matrix(judgements, [child.name for child in children]))


def tree_of(*names):
    return [Criterion(name) for name in names]


PROFIT = compared("profit", tree_of("gross", "net"), [[3]])
#: The first dimension has three factors, one of them with indicators of its own; names are hostile on purpose.
TREE = compared(
    "value",
    [
        compared("now", [PROFIT, *tree_of("volume'", "1 + 1")], [[2, 4], [3]]),
        compared("later", tree_of("loyalty", "trust"), [[1 / 2]]),
    ],
    [[2]],
)  # fmt: skip
WEIGHTS = tree_weights(TREE)
LABELS = pd.Series({node.name: f"<{node.name}>" for node in TREE.walk()})
SCALED = pd.DataFrame(
    np.random.default_rng(7).standard_normal((len(CUSTOMERS), len(TREE.leaves))), CUSTOMERS, list(TREE.leaves)
)


def explore(tree=TREE, scaled=SCALED, quadrants=QUADRANTS, threshold="mean", alt="Five customers", origin=None):
    return value_explorer(tree, tree_weights(tree), scaled, quadrants, LABELS, threshold, alt=alt, origin=origin)


@pytest.fixture(scope="module")
def explored():
    return explore()


def computed(specification):
    """What the arithmetic of a specification gives: its data with every column that pandas can compute."""
    rows = pd.DataFrame(specification["data"]["values"]).set_index("customer")
    parameters = {parameter["name"]: parameter["value"] for parameter in specification["params"]}
    for step in specification["transform"]:
        if "joinaggregate" in step:
            for field in step["joinaggregate"]:
                rows[field["as"]] = rows[field["field"]].agg(field["op"])
        elif "calculate" in step and not set("?['") & set(step["calculate"]):
            rows[step["as"]] = rows.assign(**parameters).eval(step["calculate"].replace("datum.", ""))
    return rows


@pytest.mark.parametrize("threshold", ["mean", "median"])
def test_the_specification_computes_the_scores_and_lines_of_the_library(threshold):
    ours = computed(explore(threshold=threshold).spec)
    scores = tree_scores(TREE, WEIGHTS, SCALED).loc[ours.index]
    for field, node in (("first", "now"), ("second", "later"), ("value", "value")):
        np.testing.assert_allclose(ours[field], scores[node], rtol=0, atol=1e-14)
    lines = value_matrix(scores[["now", "later"]], QUADRANTS, threshold).thresholds
    np.testing.assert_allclose(ours[["line_first", "line_second"]].iloc[0], lines, rtol=0, atol=1e-14)


def test_a_dimension_in_which_nothing_is_compared_has_its_own_score_and_no_slider():
    tree = compared("value", [Criterion("now", (Criterion("profit"),)), Criterion("later")], [[2]])
    scaled = SCALED.iloc[:, :2].set_axis(["profit", "later"], axis=1)
    explorer = explore(tree, scaled)
    np.testing.assert_allclose(computed(explorer.spec)["first"].sort_index(), scaled["profit"].sort_index())
    assert list(explorer.sliders) == ["Weights in “<value>”", "Thresholds above the mean"]


def test_there_is_a_slider_for_each_upper_weight_and_each_threshold(explored):
    sliders = explored.sliders
    starts = {slider.label: slider.value for group in list(sliders.values())[:3] for slider in group}
    upper = ["now", "later", "profit", "volume'", "1 + 1", "loyalty", "trust"]
    assert starts == {LABELS[name]: WEIGHTS.local_weights[name] for name in upper}
    assert [slider.value for slider in sliders["Thresholds above the mean"]] == [0, 0]


def look(explorer):
    """Colour and mark by place, and the legend's names, as a specification gives them."""
    points = next(layer for layer in explorer.spec["layer"] if layer["mark"]["type"] == "point")["encoding"]
    assert points["color"]["field"] == points["shape"]["field"] == "place"
    assert points["color"]["legend"] == points["shape"]["legend"]
    scales = [points[channel]["scale"] for channel in ("color", "shape")]
    looks = [dict(zip(scale["domain"], scale["range"], strict=True)) for scale in scales]
    names = json.loads(points["color"]["legend"]["labelExpr"].removesuffix("[datum.label]"))
    return {place: (looks[0][place], looks[1][place]) for place in looks[0]}, names


def test_colour_and_mark_follow_the_place_and_the_legend_names_all_four(explored):
    looks, names = look(explored)
    assert list(looks) == ["high high", "high low", "low high", "low low"]
    shapes = {"circle": "o", "square": "s", "triangle-up": "^", "diamond": "D"}
    assert {place: (colour, shapes[shape]) for place, (colour, shape) in looks.items()} == {
        " ".join(place): look for place, look in QUADRANT_LOOKS.items()
    }
    assert names == {" ".join(place): name for place, name in QUADRANTS.items()}


def test_renaming_quadrants_changes_no_colour(explored):
    equal = {("high", "high"): "z", ("high", "low"): "between", ("low", "high"): "between", ("low", "low"): "a"}
    looks, names = look(explore(quadrants=equal))
    assert looks == look(explored)[0]
    assert list(names.values()) == ["z", "between", "between", "a"]


def test_names_are_text_and_end_no_element():
    html = explore(quadrants=QUADRANTS | {("high", "high"): "</script><i>'\"keep"})._repr_html_()
    page = Page(html)
    assert not {"b", "i"} & {tag for tag, _ in page.tags}
    assert {row["customer"] for row in json.loads(page.specification)["data"]["values"]} == set(CUSTOMERS)
    assert "&lt;/script&gt;&lt;b&gt;张三&lt;/b&gt;" in html


def test_no_name_becomes_part_of_an_expression(explored):
    expressions = [step["calculate"] for step in explored.spec["transform"] if "calculate" in step]
    assert expressions
    assert not any(name in text for name in [*CUSTOMERS, *LABELS.index[1:]] for text in expressions)


def test_only_local_scripts_are_loaded(explored):
    sources = [attributes["src"] for tag, attributes in Page(explored._repr_html_()).tags if "src" in attributes]
    assert sources == ["vega/vega.min.js", "vega/vega-lite.min.js", "vega/vega-interpreter.js", "explorer.js"]


def test_readers_without_scripts_see_the_figure_and_the_table(explored):
    tags = Page(explored._repr_html_()).tags
    assert ("form", {"hidden": None, "autocomplete": "off"}) in tags
    assert {"svg", "table"} <= {tag for tag, _ in tags}


def test_the_table_has_the_mark_of_the_scores(explored):
    assert "assumed</span>" in explore(origin="assumed").table.html
    assert "crm-origin" not in explored.table.html


def test_every_slider_has_a_label_and_a_name_of_its_own(explored):
    tags = Page(explored._repr_html_()).tags
    places = [place for place, (tag, _) in enumerate(tags) if tag == "input"]
    assert all(tags[place - 1][0] == "label" for place in places)
    assert len({tags[place][1]["name"] for place in places}) == len(places) == 9


def test_the_same_explorer_is_written_byte_for_byte(explored):
    assert explore()._repr_html_() == explored._repr_html_()


def test_a_text_alternative_is_needed():
    with pytest.raises(ValueError, match="text alternative"):
        explore(alt=" ")


def test_bad_input_is_told():
    with pytest.raises(ValueError, match="two dimensions; 'profit' has 0 children"):
        explore(Criterion("profit"))
    with pytest.raises(InputError, match="no_such"):
        explore(threshold="no_such")


def changed(explorer, *keys, value):
    """The explorer with another entry in its specification."""
    spec = copy.deepcopy(explorer.spec)
    part = spec
    for key in keys[:-1]:
        part = part[key]
    assert part[keys[-1]] != value
    part[keys[-1]] = value
    return replace(explorer, spec=spec)


def test_the_lines_tell_sliders_data_and_encodings(explored):
    shown = explored.shown
    for heading, sliders in explored.sliders.items():
        for slider in sliders:
            (line,) = [line for line in shown if line.startswith(f"  slider: {heading}, {slider.label}: ")]
            assert line.endswith(
                f": {slider.value:.6g}, from {slider.least:.6g} to {slider.most:.6g} by {slider.step:.6g}"
            )
    for number, row in enumerate(explored.spec["data"]["values"]):
        assert f"  data.values.{number}.customer = {row['customer']}" in shown
        scores = [name for name in row if name.startswith("score_")]
        assert {f"  data.values.{number}.{name} = {row[name]:.6g}" for name in scores} <= set(shown)
    points = "  layer.2.encoding"
    assert {f"{points}.x.field = first", f"{points}.y.field = second", f"{points}.color.field = place"} <= set(shown)
    colours = [line.split(" = ")[1] for line in shown if line.startswith(f"{points}.color.scale.range.")]
    assert colours == [colour for colour, _ in QUADRANT_LOOKS.values()]


def test_an_exchange_of_the_axes_another_colour_or_another_start_changes_the_lines(explored):
    points = ("layer", 2, "encoding")
    channels = explored.spec["layer"][2]["encoding"]
    exchanged = changed(changed(explored, *points, "x", value=channels["y"]), *points, "y", value=channels["x"])
    colours = channels["color"]["scale"]["range"]
    recoloured = changed(explored, *points, "color", "scale", "range", value=colours[::-1])
    restarted = changed(explored, "params", 0, "value", value=0.123)
    rescaled = changed(explored, *points, "x", "scale", "domain", value=[0, 9])
    score = next(name for name in explored.spec["data"]["values"][0] if name.startswith("score_"))
    moved = changed(explored, "data", "values", 0, score, value=0.5)
    (heading, (first, *rest)), *others = explored.sliders.items()
    slid = replace(explored, sliders={heading: (first._replace(value=0.5), *rest), **dict(others)})
    others = [exchanged, recoloured, restarted, rescaled, moved, slid]
    assert all(other.shown != explored.shown for other in others)
    assert len({tuple(other.shown) for other in others}) == len(others)


def test_another_weight_or_score_changes_the_sliders_and_the_data(explored):
    assert explore(scaled=SCALED * 2).shown != explored.shown
    swapped = compared("value", [TREE.children[1], TREE.children[0]], [[2]])
    assert explore(tree=swapped).shown != explored.shown
