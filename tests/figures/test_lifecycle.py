from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmlib.drawing import MARKERS, PALETTE
from crmlib.figures import lifecycle
from crmlib.lifecycle.churn import observe, shared_features
from crmlib.lifecycle.curve import Gain, LifecycleCurve
from tests.svg import read

CURVE = LifecycleCurve(100, 0.15, 9, 1.8, 32, 1.2, 2.0, {"prices": Gain(1.0, 14)}, 40.0)
SHARES = pd.DataFrame({"share": [0.2, 0.4], "low": [0.1, 0.3], "high": [0.3, 0.5]}, index=["Fair", "<Web>"])

MONTHLY = SHARES.set_axis(pd.period_range("2025-01", periods=2, freq="M"))


def shared():
    features = pd.DataFrame({"complaints": [4, 3, 3, 0, 0, 1], "plan": list("aabbab")})
    left = pd.Series([5, 5, 5, None, None, None])
    return shared_features(observe(features, {"complaints": 0, "plan": 0}, left, cutoff=0, until=9))


FIGURES = {
    "curve": (
        lambda alt: lifecycle.lifecycle_curve(CURVE, "Months", ("Volume", "Profit"), alt=alt),
        ["Exploration", "Formation", "Stability", "Decline", "Volume", "Profit", "Months"],
    ),
    "bands": (
        lambda alt: lifecycle.bands({"All": MONTHLY, "New": MONTHLY}, "share", ("Month", "Churn"), alt=alt),
        ["Month", "Churn", "All", "New", "40%", "2025-01"],
    ),
    "steps": (
        lambda alt: lifecycle.bands({"All": SHARES.reset_index()}, "share", ("Age", "Here"), step=True, alt=alt),
        ["Age", "Here"],
    ),
    "intervals": (
        lambda alt: lifecycle.intervals(SHARES, "share", "Conversion rate", alt=alt),
        ["Fair", "&lt;Web&gt;", "20%", "Conversion rate"],
    ),
    "funnel": (
        lambda alt: lifecycle.funnel(
            pd.DataFrame({"Reached": [1000, 400], "Customers": [50, 100]}, index=["Fair", "Web"]), "Prospects", alt=alt
        ),
        ["Fair", "Web", "1,000  (100%)", "50  (5%)", "100  (25%)"],
    ),
    "forest": (
        lambda alt: lifecycle.forest(shared(), {"complaints": "Complaints", "plan": "Plan"}, alt=alt),
        ["Complaints", "Plan: a", "Cliff's delta", "Risk ratio"],
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_shows(name):
    draw, texts = FIGURES[name]
    figure = draw("What the reader should see.")
    assert figure.alt == "What the reader should see."
    for text in texts:
        assert text in figure.svg, text
    assert "nan" not in figure.svg
    assert draw("What the reader should see.").svg == figure.svg
    with pytest.raises(ValueError, match="text alternative"):
        draw(" ")


def test_a_forest_of_numbers_only_has_one_panel():
    features = pd.DataFrame({"complaints": [4, 3, 3, 0, 0, 1]})
    left = pd.Series([5, 5, 5, None, None, None])
    only = shared_features(observe(features, {"complaints": 0}, left, cutoff=0, until=9))
    assert "Risk ratio" not in lifecycle.forest(only, {"complaints": "Complaints"}, alt="One panel.").svg


COLOURS = [colour.lower() for colour in PALETTE]


def rows(panel, kind, axis_numbers=0, **look):
    """The numbers of marks beside each name of the vertical axis."""
    marks = panel.of(kind, **look)
    return {panel.y.beside(mark.centre[1]): panel.x.numbers(mark.path[:, axis_numbers]).tolist() for mark in marks}


def test_volume_and_profit_run_over_age_with_peaks_and_stages():
    volume, profit = read(FIGURES["curve"][0]("Curves").svg).panels
    assert (volume.y.title, profit.y.title, profit.x.title) == ("Volume", "Profit", "Months")
    starts = CURVE.starts.to_numpy()
    for panel, name, colour in ((volume, "volume", COLOURS[0]), (profit, "profit", COLOURS[1])):
        ages, values = panel.line(stroke=colour).T
        assert values == pytest.approx(getattr(CURVE, name)(ages.clip(0)), abs=0.005 * np.ptp(values))
        assert ages[[0, -1]] == pytest.approx([0, CURVE.fall + 4 * CURVE.fall_scale], abs=1e-4)
        peak = CURVE.peaks[name]
        at = np.array([[peak, getattr(CURVE, name)(np.array([peak]))[0]]])
        assert panel.places(fill=colour, marker="D") == pytest.approx(at, rel=1e-3)
        assert panel.across(dashes="--")[0] == pytest.approx(starts[1:])
        assert panel.across(dashes="-")[1] == pytest.approx([0], abs=1e-3)
    ends = [*starts[1:], CURVE.fall + 4 * CURVE.fall_scale]
    for stage, start, end in zip(CURVE.starts.index, starts, ends, strict=True):
        assert start < volume.x.numbers(volume.texts[stage.capitalize()].centre[0]) < end


@pytest.mark.parametrize("step", [False, True])
def test_bands_show_each_share_with_its_interval_in_one_colour(step):
    ages = pd.Index([0, 2, 5, 6])
    one = pd.DataFrame(
        {"share": [0.1, 0.2, 0.3, 0.2], "low": [0.05, 0.15, 0.2, 0.1], "high": [0.2, 0.3, 0.4, 0.5]}, ages
    )
    tables = {"All": one, "New": one + 0.1}
    panel = read(lifecycle.bands(tables, "share", ("Age", "Churn"), step=step, alt="Bands").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Age", "Churn")
    areas = panel.of("FillBetweenPolyCollection")
    for (name, table), colour, dashes, marker, area in zip(
        tables.items(), COLOURS, ("-", "--"), MARKERS, areas, strict=False
    ):
        points = np.column_stack([ages, table["share"]])
        steps = np.column_stack([np.repeat(ages, 2)[1:], np.repeat(table["share"], 2)[:-1]])
        assert panel.line(stroke=colour, dashes=dashes) == pytest.approx(steps if step else points, abs=1e-4)
        assert panel.places(fill=colour, marker=marker) == pytest.approx(points, abs=1e-4)
        assert area.fill == colour
        corners = panel.data(area.path)
        for end in ("low", "high"):
            for place in np.column_stack([ages, table[end]])[: -1 if step else None]:
                assert np.abs(corners - place).max(axis=1).min() < 1e-4
        assert corners[:, 1].min() == pytest.approx(table["low"].min())
        assert corners[:, 1].max() == pytest.approx(table["high"].max())
        line, mark = panel.legend[name]
        assert (line.stroke, line.dashes, mark.marker) == (colour, dashes, marker)


def test_periods_are_named_where_their_shares_are():
    panel = read(FIGURES["bands"][0]("Months").svg).panels[0]
    assert (panel.x.title, panel.y.title) == ("Month", "Churn")
    assert list(panel.x.names) == ["2025-01", "2025-02"]
    told = {panel.x.beside(mark.centre[0]): panel.y.numbers(mark.centre[1]) for mark in panel.of("line2d", marker="o")}
    assert told == pytest.approx({"2025-01": 0.2, "2025-02": 0.4})
    assert panel.x.names["2025-01"] < panel.x.names["2025-02"]


def test_each_share_and_its_interval_stand_beside_its_name():
    panel = read(lifecycle.intervals(SHARES, "share", "Conversion rate", alt="Two").svg).panels[0]
    assert panel.x.title == "Conversion rate"
    assert panel.y.names["Fair"] < panel.y.names["<Web>"]
    points = rows(panel, "PathCollection", marker="o", fill=COLOURS[0])
    lines = rows(panel, "LineCollection", stroke=COLOURS[0])
    for name, row in SHARES.iterrows():
        assert points[name] == pytest.approx([row["share"]])
        assert lines[name] == pytest.approx([row["low"], row["high"]])
        text = panel.texts[f"{row['share']:.0%}"].centre
        assert panel.x.numbers(text[0]) == pytest.approx(row["share"])
        assert 0 < panel.y.names[name] - text[1] < 20
    assert panel.x.numbers(panel.box[0]) == pytest.approx(0, abs=1e-6)


def test_the_steps_of_a_funnel_are_as_long_as_their_counts_on_one_axis():
    counts = pd.DataFrame({"Reached": [1000, 400], "Asked": [300, 200], "Customers": [50, 100]}, index=["Fair", "Web"])
    drawing = read(lifecycle.funnel(counts, "Prospects", alt="Funnels").svg)
    assert drawing.panels[1].x.title == "Prospects"
    for panel, (name, row) in zip(drawing.panels, counts.iterrows(), strict=True):
        assert name in panel.texts
        bars = {step: (start, end) for step, start, end, colour in panel.lying() if colour == COLOURS[0]}
        assert bars == {step: pytest.approx((0, number), abs=1e-3) for step, number in row.items()}
        heights = [panel.y.names[step] for step in counts]
        assert heights == sorted(heights)
        for step, number in row.items():
            said = panel.texts[f"{number:,.0f}  ({number / row.iloc[0]:.0%})"]
            assert panel.y.beside(said.centre[1]) == step


def test_a_forest_has_effects_beside_their_names_and_fills_what_is_significant():
    features = pd.DataFrame(
        {"complaints": [4, 3, 3, 0, 0, 1, 2, 2], "orders": [1, 5, 2, 4, 6, 3, 5, 7], "plan": list("aabbabcc")}
    )
    left = pd.Series([5, 5, 5, None, None, None, 5, None])
    found = shared_features(observe(features, dict.fromkeys(features, 0), left, cutoff=0, until=9))
    labels = {"complaints": "Complaints", "orders": "Orders", "plan": "Plan"}
    table = found.table.assign(p_adjusted=[0.01, *[0.5] * (len(found.table) - 1)])
    drawing = read(lifecycle.forest(replace(found, table=table), labels, alt="Forest").svg)
    kinds = [("Cliff's delta", "Cliff's delta", "linear", 0), ("risk ratio", "Risk ratio", "log", 1)]
    for panel, (kind, title, scale, line) in zip(drawing.panels, kinds, strict=True):
        part = table[table["measure"] == kind]
        assert (panel.x.title, panel.x.scale) == (title, scale)
        assert panel.across()[0] == pytest.approx([line], abs=0.01)
        points = rows(panel, "PathCollection", marker="o", fill=COLOURS[0])
        strokes, hollow = rows(panel, "LineCollection"), rows(panel, "PathCollection", fill="#ffffff")
        expected = {}
        for _, row in part.iterrows():
            name = labels[row["feature"]] + ("" if row["level"] is None else f": {row['level']}")
            expected[name] = row
            assert points[name] == pytest.approx([row["effect"]], abs=0.01)
            assert strokes[name] == pytest.approx([row["low"], row["high"]], rel=0.01, abs=0.01)
        assert set(points) == set(expected)
        assert set(hollow) == {name for name, row in expected.items() if row["p_adjusted"] > 0.05}
        assert sorted(panel.y.names, key=panel.y.names.get) == list(expected)
