import ast
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

from crmlib.clv.cashflows.discounting import TIMINGS, discounted_cash_flows
from crmlib.clv.cashflows.retention import FIRST_MARGINS, expected_margins, margin_multiple, share_within
from crmlib.errors import InputError
from crmlib.explorer import lifetime_explorer
from tests.explorer.page import Page

LONGEST = 15
START = {"margin": 1200.0, "retention": 0.8, "rate": 0.1, "cost": 1500.0, "years": 6}
#: Changes of the sliders: the ends of their ranges, and places between.
CHANGES = [
    {},
    {"retention": 0.0},
    {"retention": 0.99, "rate": 0.0},
    {"retention": 0.5, "rate": 0.4, "years": 1},
    {"margin": 0.0},
    {"cost": 0.0},
    {"cost": 2900.0, "years": LONGEST},
    {"margin": 2300.0, "cost": 100.0, "rate": 0.03},
]


@cache  # most tests look at the same page
def explore(timing="end", first="certain", alt="Bars and a line", **terms):
    start = START | terms
    years = start.pop("years")
    return lifetime_explorer(**start, horizon=years, timing=timing, first=first, unit="yuan", alt=alt)


def by_library(timing, first, margin, retention, rate, cost, years):
    """What the library says of the same customer: its flows, the endless value, the share within the horizon."""
    margins = pd.DataFrame(margin, index=["start"], columns=range(1, years + 1))
    expected = expected_margins(margins, pd.DataFrame(retention, margins.index, margins.columns), first)
    flows = discounted_cash_flows(expected, rate, timing, cost, years)
    return flows, margin * margin_multiple(retention, rate, timing, first) - cost, share_within(years, retention, rate)


FUNCTIONS = {
    "pow": np.power,
    "max": np.maximum,
    "where": np.where,
    "isValid": pd.notna,
    "format": lambda value, _: value,
}


class Arithmetic:
    """Vega's expressions, as far as the specification uses them, in Python."""

    def __init__(self, expression):
        text = re.sub(r"\bif\(", "where(", expression.replace("datum.", "").replace("null", "nan"))
        text = re.sub(r"value >= 0 && value - flow < 0", "(value >= 0) & (value - flow < 0)", text)
        self.tree = ast.parse(text, mode="eval")

    def __call__(self, rows, parameters):
        names = FUNCTIONS | {"nan": np.nan} | parameters | {name: rows[name].to_numpy() for name in rows}
        with np.errstate(divide="ignore", invalid="ignore"):
            return eval(compile(self.tree, "", "eval"), {"__builtins__": {}}, names)  # noqa: S307


def computed(specification, changes):
    """The data of the specification after all its steps, with parameters changed."""
    rows = pd.DataFrame(specification["data"]["values"]).astype(float)
    parameters = {parameter["name"]: parameter["value"] for parameter in specification["params"]} | changes
    for step in specification["transform"]:
        if "filter" in step:
            assert step["filter"] == "datum.row <= years"
            rows = rows[rows["row"] <= parameters["years"]].reset_index(drop=True)
        elif "window" in step:
            assert [field["op"] for field in step["window"]] == ["sum", "lag"]
            rows["value"], rows["before"] = rows["flow"].cumsum(), rows["time"].shift()
        elif "joinaggregate" in step:
            rows["total"], rows["even"] = rows["flow"].sum(), rows["reached"].min()
        elif step["as"] not in ("cells", "kind") and not step["as"].startswith("said"):
            rows[step["as"]] = Arithmetic(step["calculate"])(rows, parameters)
    return rows


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("first", FIRST_MARGINS)
def test_the_specification_computes_what_the_library_computes(timing, first):
    specification = explore(timing, first).spec
    for changes in CHANGES:
        terms = START | changes
        rows = computed(specification, changes)
        flows, endless, _ = by_library(timing, first, **terms)
        assert len(rows) == terms["years"] + 1
        assert rows["flow"].tolist()[1:] == pytest.approx(flows.discounted.loc["start"].tolist())
        assert rows["value"].tolist()[1:] == pytest.approx(flows.cumulated.loc["start"].tolist())
        assert rows["total"].iloc[0] == pytest.approx(flows.value["start"])
        assert rows["endless"].iloc[0] == pytest.approx(endless)
        even = flows.break_even("linear")["start"]
        assert rows["even"].iloc[0] == pytest.approx(even) if np.isfinite(even) else pd.isna(rows["even"].iloc[0])


def test_the_share_is_that_of_the_library():
    said = {step["as"]: step["calculate"] for step in explore().spec["transform"] if "calculate" in step}
    for changes in CHANGES:
        terms = START | changes
        share = Arithmetic(said["said_share"])(pd.DataFrame(), terms)
        assert share == pytest.approx(share_within(terms["years"], terms["retention"], terms["rate"]))


def test_the_table_and_figure_without_scripts_show_the_start():
    explorer = explore()
    flows, _, _ = by_library("end", "certain", **START)
    html = explorer.table.html
    for value in (*flows.discounted.loc["start"], *flows.cumulated.loc["start"]):
        assert f">{value:,.0f}<".replace("-", "−") in html
    assert f"Break-even after {flows.break_even('linear')['start']:.1f} years" in explorer.figure.svg


def test_every_slider_starts_within_its_range_and_keeps_the_value_finite():
    for group in explore(margin=7.0, cost=230_000.0).sliders.values():
        for slider in group:
            assert slider.least <= slider.value <= slider.most
            assert slider.step <= slider.most - slider.least
    most = {slider.parameter: slider for group in explore().sliders.values() for slider in group}
    assert most["retention"].most < 1 + most["rate"].least


def test_the_outcomes_have_labels_and_fields_in_the_data():
    explorer = explore()
    fields = {step["as"] for step in explorer.spec["transform"] if "calculate" in step}
    assert set(explorer.outcomes) <= fields
    tags = Page(explorer._repr_html_()).tags
    assert [attributes["name"] for tag, attributes in tags if tag == "output"] == list(explorer.outcomes)


def test_only_local_scripts_are_loaded():
    sources = [attributes["src"] for tag, attributes in Page(explore()._repr_html_()).tags if "src" in attributes]
    assert sources == ["vega/vega.min.js", "vega/vega-lite.min.js", "vega/vega-interpreter.js", "explorer.js"]


def test_the_same_explorer_is_written_byte_for_byte():
    assert explore.__wrapped__()._repr_html_() == explore()._repr_html_()


def test_bad_input_is_told():
    with pytest.raises(ValueError, match="text alternative"):
        explore(alt=" ")
    with pytest.raises(InputError, match="endless payments have no finite value"):
        explore(retention=1.0, rate=0.0)
    with pytest.raises(InputError, match="retention: found 2"):
        explore(retention=2)
    with pytest.raises(InputError, match="horizon: found 16"):
        explore(years=16)


def test_money_has_its_unit_and_the_table_the_mark_of_the_start():
    explorer = lifetime_explorer(
        1200, 0.8, 0.1, 1500, 6, timing="end", first="certain", unit="yuan", alt="Bars", origin="assumed"
    )
    assert [label for label in explorer.outcomes.values() if "yuan" in label] == [
        "Value within the horizon, yuan",
        "Value for ever, yuan",
    ]
    assert "assumed</span>" in explorer.table.html


def test_the_lines_tell_sliders_outcomes_data_and_encodings():
    shown = explore().shown
    assert "  slider: The customer, Retention: 0.8, from 0 to 0.99 by 0.01" in shown
    assert "  slider: The money, Years that count: 6, from 1 to 15 by 1" in shown
    assert "  outcome: said_total is Value within the horizon, yuan" in shown
    assert "  data.values.15.row = 15" in shown
    bars = [line for line in shown if line.startswith("  layer.0.encoding.")]
    assert "  layer.0.encoding.y.field = flow" in bars
    assert "  layer.0.encoding.color.scale.range.1 = #D55E00" in bars
    assert [line for line in shown if line.startswith("figure: ")] == ["figure: Bars and a line"]


@pytest.mark.parametrize("term", START)
def test_another_start_of_any_slider_changes_its_line_and_its_parameter(term):
    value = START[term] - 1 if term == "years" else START[term] * 0.75
    shown, other = explore().shown, explore(**{term: value}).shown
    for start in ("  slider: ", "  params."):
        lines, others = ([line for line in said if line.startswith(start)] for said in (shown, other))
        assert lines != others
