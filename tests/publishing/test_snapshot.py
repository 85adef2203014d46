"""The page as text: whatever a reader would see otherwise is a difference, and nothing else is."""

import itertools
import re

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.cases import Fact, load_case
from crmlib.publishing.runner import Run
from crmlib.publishing.snapshot import _said, differences, page_text
from crmlib.publishing.status import case_badges
from tests.conftest import ROOT


def page(markdown, shown=(), values=None):
    outputs = [
        nbformat.v4.new_output("display_data", metadata={"scrapbook": {"name": name}, "crmlib": {"value": value}})
        for name, value in (values or {}).items()
    ]
    outputs += [nbformat.v4.new_output("execute_result", metadata={"crmlib": {"shown": list(shown)}})] if shown else []
    cells = [nbformat.v4.new_markdown_cell(markdown), nbformat.v4.new_code_cell("x", outputs=outputs)]
    run = Run("lubricant", nbformat.v4.new_notebook(cells=cells), {}, frozenset(), 1.0)
    return page_text(run, load_case("lubricant", data=ROOT / "data"))


PROSE = "# A\n\nOf {glue:text}`n` customers {glue:text}`share:.0%` are {origin}`assumed customers`.\n{if}`c` So few."
VALUES = {"n": 22, "share": 0.25, "m": 23, "c": True}
TABLE = ["table: Scores [assumed]", "  Customer | Score", "  1 | 0.53", "  2 | 0.53"]
FIGURE = ["figure: Points", "  x: Now, linear, 0 to 2", "  points (circle) #0072b2: (1, 0.25) (2, 0.333333)"]


def test_a_page_is_shown_as_a_reader_sees_it():
    lines = page(PROSE, TABLE, VALUES).splitlines()
    kept = itertools.dropwhile(lambda line: re.match("(data|origin|status|fact): ", line), reversed(lines))
    assert list(kept)[::-1] == [
        "# A", "", "Of 22 customers 25% are {bdg-warning-line}`assumed`.", "So few.", "", *TABLE, "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("glue:text}`n`", "glue:text}`m`"),  # a value other than the one that the sentence names
        ("share:.0%", "share:.0f"),  # a format that hides
        ("customers {glue", "firms {glue"),
        ("So few", "So many"),
        ("assumed customers", "recovered judgements"),
        ("{if}`c`", "{unless}`c`"),
        ("Score", "Value"),
        ("0.53", "0.54"),
        ("[assumed]", "[recovered]"),
        ("  1 | 0.53", "  3 | 0.53"),
        ("x: Now", "y: Now"),
        ("linear", "log"),
        ("circle", "square"),
        ("#0072b2", "#d55e00"),
        ("(1, 0.25)", "(0.25, 1)"),
        ("0.333333", "0.333345"),
        ("figure: Points", "figure: Pointers"),
    ],
)
def test_whatever_a_reader_would_see_otherwise_is_told_with_its_place(old, new):
    pinned = page(PROSE, [*TABLE, "", *FIGURE], VALUES)
    changed = page(PROSE.replace(old, new, 1), [line.replace(old, new, 1) for line in [*TABLE, "", *FIGURE]], VALUES)
    found = list(differences(pinned, changed))
    assert found
    assert all(where.startswith(("# A", "table: ", "figure: ")) for where, _, _ in found)
    assert not list(differences(pinned, pinned))


def test_a_figure_may_differ_by_the_last_of_six_digits_and_a_table_may_not():
    assert not list(differences("  line: (0.333333, 1)", "  line: (0.333334, 1)"))
    assert list(differences("  line: (0.333333, 1)", "  line: (0.333433, 1)"))
    assert list(differences("  a | 0.333333", "  a | 0.333334"))
    assert list(differences("It is 0.333333.", "It is 0.333334."))


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_two_pages_differ_exactly_where_there_is_a_difference(before, after):
    found = list(differences("\n".join(before), "\n".join(after)))
    assert (found == []) == (before == after)


@pytest.mark.parametrize(
    "change",
    [
        {"place": "another"}, {"at": {"other": "57"}}, {"at": {"s": "58"}}, {"source": "other"}, {"text": "other"},
        {"normalised": "other"}, {"seen": False}, {"held": "customers"}, {"kind": "kept"},
    ],
)  # fmt: skip
def test_all_that_is_said_of_a_fact_is_on_the_page(tmp_path, change):
    fact = {"id": "n", "printed": "22", "place": "p", "kind": "input", "at": {"s": "57"}, "text": "2 2"}
    lines = {_said(Fact.model_validate(one)) for one in (fact, fact | change)}
    assert len(lines) == 2


def test_what_the_head_says_of_the_case_is_on_the_page():
    case = load_case("ahp-basics", data=ROOT / "data")
    pinned = (ROOT / "data" / "ahp-basics" / "page.md").read_text(encoding="utf-8")
    unseen = "status: {bdg-muted-line}`prints not seen, only accounts of them: 66`"
    assert unseen in pinned.splitlines()
    assert f"status: {case_badges(case)[0]}" == unseen
