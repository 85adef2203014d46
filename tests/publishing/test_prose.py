from html import escape

import pytest
from markdown_it import MarkdownIt

from crmlib.publishing.prose import Mark, conditions, finished, hidden, marks, plain


def origin(*paths):
    return {"customers": "assumed", "judgements": "recovered"}.get(paths[0], "published")


@pytest.mark.parametrize(
    ("markdown", "values", "shown"),
    [
        ("Plain.", {}, "Plain."),
        ("Ours: {origin}`assumed customers`.", {}, "Ours: {bdg-warning-line}`assumed`."),
        ("{origin}`recovered judgements judgements.trust`", {}, "{bdg-info-line}`recovered`"),
        ("{if}`a` Yes.\nAlways.", {"a": True}, "Yes.\nAlways."),
        ("{if}`a` Yes.\nAlways.", {"a": False}, "Always."),
        ("{unless}`a` No.\nAlways.", {"a": False}, "No.\nAlways."),
        ("{unless}`a` No.\nAlways.", {"a": True}, "Always."),
        ("- {if}`a` One.\n- Two.", {"a": True}, "- One.\n- Two."),
        ("- {if}`a` One.\n- Two.", {"a": False}, "- Two."),
        ("{if}`a` | x | y |", {"a": True}, "| x | y |"),
        ("{if}`a` Yes.", {}, ""),  # never shown unless it was recorded as true
        ("{if}`a` Yes.", {"a": 1}, ""),  # one is no truth value
    ],
)
def test_a_page_shows_what_is_true(markdown, values, shown):
    assert finished(markdown, values, origin) == shown


def test_what_is_not_shown_can_be_kept_for_a_review():
    text = "{if}`a` Yes.\n{unless}`a` No."
    assert finished(text, {"a": True}, origin, hidden="(not shown) ") == "Yes.\n(not shown) No."


def test_a_page_of_own_data_says_so():
    assert finished("{origin}`assumed customers`", {}, lambda *_: "own") == "{bdg-primary-line}`own`"


@pytest.mark.parametrize(
    "value", ["- x", "+ x", "1. x", "12) x", "% x", "(a)=", ":::", "    x", "x\n\n# y", "&lt;", "<b>"]
)
def test_a_recorded_text_is_text_wherever_it_stands(value):
    shown = finished("{glue:text}`name` is best.", {"name": value}, origin)
    told = " ".join(value.splitlines()).strip()
    assert MarkdownIt("commonmark").render(shown) == f"<p>{escape(told)} is best.</p>\n"


@pytest.mark.parametrize("value", ["2024-12-30", "1.5", "A. Smith"])
def test_a_harmless_text_is_left_alone(value):
    assert plain(value) == value


def test_marks_are_read_with_the_numbers_of_their_line():
    text = "It is {glue:text}`a.b:.2f` {origin}`assumed customers judgements`.\nIt is {glue:text}`c`."
    assert list(marks(text)) == [Mark("assumed", ("customers", "judgements"), ("a.b",))]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("{origin}`assumed customers`", ("a",)),
        ("It is {origin}`assumed customers`.", ("a",)),
        ("Both are {origin}`assumed customers`.", ("a",)),
        ("The trade is {origin}`assumed customers`.", ()),
        ("It is {glue:text}`b` {origin}`assumed customers`.", ("b",)),
    ],
)
def test_a_mark_on_the_line_after_a_number_speaks_of_it(line, values):
    assert [mark.values for mark in marks(f"It is {{glue:text}}`a:.2f`.\n{line}")] == [values]
    assert [mark.values for mark in marks(f"It is {{glue:text}}`a:.2f`.\n\n{line}")] == [
        values if "b" in values else ()
    ]


@pytest.mark.parametrize(
    ("form", "value", "hides"),
    [
        (".0%", 0.004, True), (".0%", 0.006, False), (".1f", 0.04, True), (".1f", -0.04, True), (".0f", -0.0, True),
        (".1f", 0.0, False), ("", 0, False), ("", False, False), (".2e", 1e-9, False), ("", "0", False),
    ],
)  # fmt: skip
def test_a_format_that_hides_a_number_is_told(form, value, hides):
    text = f"It is {{glue:text}}`a:{form}`." if form else "It is {glue:text}`a`."
    assert hidden(text, {"a": value}) == (["a"] if hides else [])
    assert hidden(text, {}) == []


def test_conditions_are_named():
    assert conditions("{if}`a` x\n{unless}`b` y\nz {if}`c` inside is text") == ["a", "b"]
