import numpy as np
import pandas as pd
import pytest

from crmlib.clv.purchases.validation import Tracking
from crmlib.drawing import MARKERS, PALETTE
from crmlib.figures import purchases
from crmlib.matrix import value_matrix
from tests.svg import image, read

COUNTS = pd.DataFrame({"actual": [5, 2], "BG/NBD": [4.8, 2.2], "Pareto/NBD": [5.1, 1.9]}, index=["0", "1+"])
TRACKING = Tracking(pd.DataFrame({"actual": [1, 3, 4], "BG/NBD": [1.2, 2.6, 3.9]}, index=[1.0, 2.0, 3.0]), "week")
ALIVE = pd.DataFrame([[0.2, 0.6, 0.95], [np.nan, 0.4, 0.99]], index=[1, 2], columns=[1.0, 5.0, 9.0])
NAMES = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}


def crowd(names=NAMES):
    scores = pd.DataFrame(np.random.default_rng(1).normal(size=(400, 2)), columns=["a", "b"])
    return value_matrix(scores, names)


DRAWINGS = {
    "frequencies": lambda alt: purchases.frequencies(COUNTS, alt=alt),
    "tracking": lambda alt: purchases.tracking_lines(TRACKING, 2.0, "week", alt=alt),
    "forecasts": lambda alt: purchases.forecasts(COUNTS.assign(customers=[5, 2]), alt=alt),
    "alive": lambda alt: purchases.alive_map(ALIVE, "week", alt=alt),
    "crowd": lambda alt: purchases.crowd(crowd(), ("Current", "Potential"), alt=alt),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_every_figure_is_drawn_in_the_colour_of_the_page_and_the_same_each_time(draw):
    figure = draw("What it shows")
    assert "currentColor" in figure.svg
    assert "#010203" not in figure.svg
    assert "$" not in figure.svg  # no formula is left as it is typed
    assert figure.svg == draw("What it shows").svg
    with pytest.raises(ValueError, match="text alternative"):
        draw(" ")


def test_models_and_what_happened_are_named():
    for name in ("frequencies", "forecasts"):
        svg = DRAWINGS[name]("x").svg
        assert all(f">{label}<" in svg for label in ("Actual", "BG/NBD", "Pareto/NBD"))
    assert "customers" not in DRAWINGS["forecasts"]("x").svg
    assert ">end of the fit<" in DRAWINGS["tracking"]("x").svg


def test_each_quadrant_has_its_name_and_count():
    matrix = crowd()
    svg = purchases.crowd(matrix, ("Current", "Potential"), alt="x").svg
    for name, count in matrix.table["quadrant"].value_counts().items():
        assert f">{name}: {count}<" in svg


def test_an_empty_quadrant_is_left_out():
    matrix = value_matrix(pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]}), NAMES)
    svg = purchases.crowd(matrix, ("Current", "Potential"), alt="x").svg
    assert ">keep: 1<" in svg
    assert "harvest" not in svg


BLUE, RED, GREEN = (colour.lower() for colour in PALETTE[:3])
SERIES = {"Actual": "currentColor", "BG/NBD": BLUE, "Pareto/NBD": RED}


def test_bars_are_as_high_as_the_counts_side_by_side_above_their_names():
    panel = read(purchases.frequencies(COUNTS, alt="Bars").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Repeat purchases", "Customers")
    assert {name: marks[0].fill for name, marks in panel.legend.items()} == SERIES
    assert panel.x.names["0"] < panel.x.names["1+"]
    for label, at in panel.x.names.items():
        near = sorted((bar for bar in panel.bars if abs(bar.centre[0] - at) < 90), key=lambda bar: bar.centre[0])
        assert [bar.fill for bar in near] == list(SERIES.values())
        assert np.mean([bar.centre[0] for bar in near]) == pytest.approx(at, abs=0.01)
        ends = np.array([panel.y.numbers(bar.path[[0, 2], 1]) for bar in near])
        expected = np.column_stack([np.zeros(3), COUNTS.loc[label]])
        assert ends == pytest.approx(expected, abs=1e-4)
    assert all(
        {bar.hatch for bar in panel.bars if bar.fill == marks[0].fill} == {marks[0].hatch}
        for marks in panel.legend.values()
    )


def test_sums_and_periods_run_over_time_to_the_end_of_the_fit_and_on():
    drawing = read(DRAWINGS["tracking"]("Lines").svg)
    above, below = drawing.panels
    assert (above.y.title, below.y.title) == ("Repeat purchases so far", "Repeat purchases in a week")
    assert below.x.title == "Time since the first order (weeks)"
    for panel, table in ((above, TRACKING.cumulative), (below, TRACKING.by_period)):
        for column, name, dashes, width in (("actual", "Actual", "-", 1.4), ("BG/NBD", "BG/NBD", "--", 2.2)):
            told = panel.line(stroke=SERIES[name], dashes=dashes, width=width)
            assert told == pytest.approx(table[column].reset_index().to_numpy(), abs=1e-4)
            assert [(mark.stroke, mark.dashes) for mark in drawing.legend[name]] == [(SERIES[name], dashes)]
        assert panel.across(dashes="--")[0] == pytest.approx([2])
        assert panel.data(panel.box.reshape(2, 2))[:, 0].min() == pytest.approx(0, abs=1e-6)
    end = above.x.numbers(above.texts["end of the fit"].centre[0])
    assert end == pytest.approx(2, abs=0.05)


def test_forecasts_stand_above_their_groups_with_the_looks_of_the_legend():
    table = COUNTS[["BG/NBD", "actual", "Pareto/NBD"]].assign(customers=[5, 2])
    panel = read(purchases.forecasts(table, alt="Lines").svg).panels[0]
    assert panel.x.title == "Repeat purchases before the holdout"
    assert panel.y.title == "Mean purchases in the holdout"
    assert list(panel.legend) == list(SERIES)
    assert panel.x.names["0"] < panel.x.names["1+"]
    for name, dashes, marker in (("Actual", "-", "*"), ("BG/NBD", "--", MARKERS[0]), ("Pareto/NBD", ":", MARKERS[1])):
        marks = panel.of("line2d", marker=marker, fill=SERIES[name])
        told = {panel.x.beside(mark.centre[0]): panel.y.numbers(mark.centre[1]) for mark in marks}
        assert told == pytest.approx(COUNTS["actual" if name == "Actual" else name].to_dict(), abs=1e-4)
        line, mark = panel.legend[name]
        assert (line.stroke, line.dashes, mark.marker) == (SERIES[name], dashes, marker)
        assert len([mark for mark in panel.of("line2d", stroke=SERIES[name], dashes=dashes) if not mark.marker]) == 1


def test_the_map_is_coloured_by_the_probability_and_its_lines_join_equal_ones():
    recency, frequency = np.linspace(1, 9, 9), np.linspace(1, 4, 7)
    chance = recency[None] / 10 + (frequency[:, None] - 1) / 30  # a plane, which contours follow without error
    drawing = read(purchases.alive_map(pd.DataFrame(chance, frequency, recency), "week", alt="Map").svg)
    panel, scale = drawing.panels
    assert (panel.x.title, panel.y.title) == ("Time of the last purchase since the first (weeks)", "Repeat purchases")
    assert scale.y.title == "Probability of still buying"
    colours = {cell.fill: scale.y.numbers(cell.centre[1]) for cell in scale.of("QuadMesh")}
    assert len(colours) == 20

    def chances(mark):
        across, up = panel.data(mark.path).T
        return across / 10 + (up - 1) / 30

    shaded = [mark for mark in panel.of("QuadContourSet") if mark.fill]
    assert len(shaded) > 15
    for mark in shaded:
        assert chances(mark) == pytest.approx(colours[mark.fill], abs=0.0251)
    lines = [mark for mark in panel.of("QuadContourSet") if not mark.fill]
    assert [chances(mark).mean() for mark in lines] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9][-len(lines) :], abs=1e-3)
    assert all(np.ptp(chances(mark)) < 1e-3 for mark in lines)
    for text, mark in panel.texts.items():
        assert chances(mark) == pytest.approx(float(text), abs=0.05)


def test_hexagons_are_coloured_by_the_customers_within_and_lines_and_names_divide_them():
    scores = crowd().table[["a", "b"]]
    many = pd.concat([scores, *[scores.iloc[:1]] * 150, *[scores.iloc[1:2]] * 20], ignore_index=True)
    matrix = value_matrix(many, NAMES)
    svg = purchases.crowd(matrix, ("Current", "Potential"), alt="x").svg
    panel, scale = read(svg).panels
    assert (panel.x.title, panel.y.title, scale.y.title) == ("Current", "Potential", "Customers")
    cells = panel.of("PolyCollection")
    centres = np.array([cell.centre for cell in cells])
    # Each customer belongs to the nearest hexagon, in the measure in which the hexagons are regular.
    width, height = np.ptp(cells[0].path, axis=0)
    regular = np.array([1 / width, 2 / height / np.sqrt(3)])
    points = matrix.table[["a", "b"]].to_numpy()
    slope = [np.polyfit(axis.numbers(np.array([0, 1])), [0, 1], 1) for axis in (panel.x, panel.y)]
    pixels = np.column_stack([np.polyval(line, column) for line, column in zip(slope, points.T, strict=True)])
    far = np.linalg.norm((pixels[:, None] - centres[None]) * regular, axis=2)
    assert far.min(axis=1).max() < 0.6
    inside = np.bincount(far.argmin(axis=1), minlength=len(cells))
    assert inside.sum() == len(points)
    by_colour = {}
    for cell, number in zip(cells, inside, strict=True):
        by_colour.setdefault(cell.fill, set()).add(number)
    assert all(len(numbers) == 1 for numbers in by_colour.values())
    assert len(set.union(*by_colour.values())) == len(by_colour)
    # The bar of colours begins with the colour of one customer, at the bottom, and ends with that of the most.
    shades = image(svg)[:, 0, :3]
    ends = {min(inside): shades[-1], max(inside): shades[0]}
    for colour, (number,) in by_colour.items():
        if number in ends:
            told = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
            assert told == pytest.approx(ends[number], abs=0.03)
    assert scale.y.numbers(scale.box[[3, 1]]) == pytest.approx([min(inside), max(inside)], rel=0.02)
    upright, level = panel.across(dashes="--")
    assert (upright, level) == (pytest.approx([matrix.thresholds["a"]]), pytest.approx([matrix.thresholds["b"]]))
    middle = panel.box.reshape(2, 2).mean(axis=0)
    for place, name in NAMES.items():
        at = panel.texts[f"{name}: {len(matrix.at(place))}"].centre
        assert (at > middle).tolist() == [place[0] == "high", place[1] == "low"]
