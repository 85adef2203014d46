import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.cases import as_text, compare, complete, read_expected, read_published
from crmlib.errors import InputError
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("printed", "value", "agrees"),
    [
        ("0.6095", 0.60945, True), ("0.6095", 0.60955, True), ("0.6095", 0.609449, False), ("0.6095", 0.609551, False),
        ("0.8", 0.84, True), ("0.80", 0.84, False), ("7", 7, True), ("7", 8, False), ("-1.5", -1.54, True),
        ("−1.5", -1.54, True), ("1e-3", 0.0012, True), ("< 0.1", 0.0999, True), ("< 0.1", 0.1, False),
        ("> 0.9", 0.91, True), ("> 0.5", 0.5, False), ("high", "high", True), ("high", "low", False),
        ("high", 1.0, False), ("0.5", "0.5", True), ("0.5", "half", False), ("5", "5", True),
    ],
)  # fmt: skip
def test_the_tolerance_is_half_a_unit_of_the_last_printed_digit(printed, value, agrees):
    assert compare(printed, value).agrees is agrees


@pytest.mark.parametrize(
    ("printed", "value", "difference"),
    [("0.5", 0.75, 0.25), ("< 0.5", 0.25, -0.25), ("high", "low", math.nan), ("high", 1.0, math.nan)],
)
def test_the_difference_is_ours_less_what_is_printed(printed, value, difference):
    assert compare(printed, value).difference == pytest.approx(difference, nan_ok=True)


def test_a_whole_number_of_ten_digits_is_pinned_without_a_point():
    assert as_text(1234567890.0) == "1234567890"


def test_what_is_pinned_is_read_back(tmp_path):
    path = tmp_path / "expected.yml"
    path.write_text("expected: {a: '0.5000000000', b: high}", encoding="utf-8")
    assert read_expected(path).expected == {"a": "0.5000000000", "b": "high"}


@given(st.floats(-1e6, 1e6), st.integers(0, 8))
def test_a_value_always_agrees_with_its_own_rounding(value, digits):
    assert compare(f"{value:.{digits}f}", value).agrees


def published(tmp_path, facts):
    path = tmp_path / "published.yml"
    path.write_text(f"source: s\nfacts:\n{facts}", encoding="utf-8")
    return read_published(path)


FACT = "id: a, printed: '1', place: p, kind: result"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("  - {id: a, printed: 0.5, place: p, kind: result}", "facts.0.printed: found 0.5, which is not text"),
        ("  - {id: a, printed: '1', kind: result}", "facts.0.place: is missing"),
        (f"  - {{{FACT}}}\n  - {{{FACT}}}", "id 'a': is given twice"),
        ("  - {id: a, printed: '1', place: p}", "fact 'a': has no kind. Say whether it is a result, kept, input."),
        ("  - {id: a, printed: '1', place: p, kind: echo}", "facts.0.kind: found 'echo'"),
        ("  - {id: a, printed: '1', place: p, origin: erratum}", "an erratum without explanation"),
        ("  - {id: a, printed: '1', place: p, origin: erratum, explanation: e}", "without a reading"),
        (
            "  - {id: a, printed: '1', place: p, origin: erratum, explanation: e, corrected: '2', reading: r}",
            "without a reading",
        ),
        (f"  - {{{FACT}, origin: erratum, explanation: e, reading: r}}", "is an erratum and result"),
        (f"  - {{{FACT}, corrected: '2'}}", "Declare it with origin: erratum"),
        (f"  - {{{FACT}, reading: r}}", "Declare it with origin: erratum"),
        (f"  - {{{FACT}, origin: assumed}}", "facts.0.origin: found 'assumed'"),
        (f"  - {{{FACT}, tolerance: 1}}", "tolerance: is not a known entry"),
        ("  - {id: a, printed: '', place: p, kind: result}", "one line of text"),
        (f"  - {{{FACT}, held: customers}}", "is a result that the case folder holds"),
        ("  - {id: a, printed: '1', place: p, kind: kept, held: parameters.x}", "is kept and held by a parameter"),
        ("  - {id: a, printed: '1', place: p, kind: input, held: lists.x}", "is an input held by lists"),
        (f"  - {{{FACT}, at: {{t: 1}}, source: t}}", "has both at and source"),
        (f"  - {{{FACT}, at: {{t: one}}}}", "facts.0.at.t"),
        (f"  - {{{FACT}, at: {{t: 1}}, text: one}}", "is not literal. Give at, text and normalised together"),
        (f"  - {{{FACT}, text: one, normalised: one is 1}}", "is not literal"),
        (f"  - {{{FACT}, at: {{t: 1}}}}", "quotes '1' alone. Quote what stands beside it"),
        (f"  - {{{FACT}, at: {{t: 7-9}}, text: 共1个, normalised: n}}", "stands in lines 7-9 of t. Name the one line"),
        (f"  - {{{FACT}, at: {{t: 7}}, text: 两个维度, normalised: n}}", "which does not say 1. Quote the characters"),
        (
            "  - {id: a, printed: '< 0.9', place: p, kind: kept, at: {t: 7}, text: 都小于0.1, normalised: n}",
            "which does not say 0.9",
        ),
    ],
)
def test_bad_facts_are_named(tmp_path, facts, message):
    with pytest.raises(InputError) as error:
        published(tmp_path, facts)
    assert message in str(error.value)


def test_facts_need_a_source_and_a_source_needs_no_facts(tmp_path):
    path = tmp_path / "published.yml"
    path.write_text("facts: []", encoding="utf-8")
    assert read_published(path).facts == []
    path.write_text(f"facts:\n  - {{{FACT}}}", encoding="utf-8")
    with pytest.raises(InputError, match="has no source"):
        read_published(path)


def test_a_fact_may_have_sources_of_its_own(tmp_path):
    entry = published(
        tmp_path, f"  - {{{FACT}}}\n  - {{id: b, printed: '12', place: p, kind: kept, at: {{t: 1, u: 2}}}}"
    )
    assert [entry.sources(fact) for fact in entry.facts] == [["s"], ["t", "u"]]
    assert entry.facts[1].at == {"t": "1", "u": "2"}


def test_a_case_without_expected_values_pins_nothing(tmp_path):
    assert read_expected(tmp_path / "expected.yml").expected == {}


@given(st.floats(-1e300, 1e300), st.sampled_from([-1, 1]))
def test_a_pinned_number_holds_to_a_millionth(value, sign):
    """What is pinned agrees with itself, and no longer after a change of one in a million, also of zeros at the end."""
    text = as_text(value)
    assert compare(text, value).agrees
    if abs(value) > 1e-300:
        assert not compare(text, value * (1 + sign * 1e-6)).agrees


@given(st.floats(-1e300, 1e300) | st.integers(-(10**9), 10**9))
def test_only_a_pin_with_all_its_digits_is_complete(value):
    text = as_text(value)
    assert complete(text, value)
    mantissa, mark, exponent = text.partition("e")
    if "." in mantissa:
        assert not complete(mantissa[:-1] + mark + exponent, value)
    assert not complete("1e6", 1234567)
    assert not any(complete(pin, value) for pin in ("< 1e9", "< 9999999", "> 0", "about 1", "−1.000000000", "∞"))


@pytest.mark.parametrize(("pin", "value"), [("high", "high"), ("05", "05"), ("true", True)])
def test_a_text_has_no_digits_to_lack(pin, value):
    assert complete(pin, value) is True


@pytest.mark.parametrize("value", [0.5, 1.0, 7.25, 100.0, 1e10, 1234567890.0, 1e-7])
def test_zeros_at_the_end_are_pinned(value):
    assert not compare(as_text(value), value * (1 + 1e-6)).agrees


@pytest.mark.parametrize(
    ("printed", "value", "agrees"), [("true", True, True), ("true", False, False), ("1", True, False)]
)
def test_truth_is_no_number(printed, value, agrees):
    assert compare(printed, value).agrees is agrees


@pytest.mark.parametrize("path", sorted((ROOT / "data").glob("*/expected.yml")), ids=lambda path: path.parent.name)
def test_a_change_of_a_millionth_in_any_pinned_number_of_any_chapter_goes_red(path):
    numbers = [text for text in read_expected(path).expected.values() if re.fullmatch(r"-?\d+\.\d+(e[+-]\d+)?", text)]
    loose = [text for text in numbers if float(text) and compare(text, float(text) * (1 + 1e-6)).agrees]
    assert loose == []
