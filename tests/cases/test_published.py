import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.cases import compare, read_expected, read_published
from crmlib.errors import InputError


@pytest.mark.parametrize(
    ("printed", "value", "agrees"),
    [
        ("0.6095", 0.60945, True), ("0.6095", 0.60955, True), ("0.6095", 0.609449, False), ("0.6095", 0.609551, False),
        ("0.8", 0.84, True), ("0.80", 0.84, False), ("7", 7, True), ("7", 8, False), ("-1.5", -1.54, True),
        ("−1.5", -1.54, True), ("1e-3", 0.0012, True), ("< 0.1", 0.0999, True), ("< 0.1", 0.1, False),
        ("> 0.9", 0.91, True), ("high", "high", True), ("high", "low", False), ("high", 1.0, False),
        ("0.5", "0.5", True), ("0.5", "half", False), ("5", "5", True),
    ],
)  # fmt: skip
def test_the_tolerance_is_half_a_unit_of_the_last_printed_digit(printed, value, agrees):
    assert compare(printed, value).agrees is agrees


@given(st.floats(-1e6, 1e6), st.integers(0, 8))
def test_a_value_always_agrees_with_its_own_rounding(value, digits):
    assert compare(f"{value:.{digits}f}", value).agrees


def published(tmp_path, facts):
    path = tmp_path / "published.yml"
    path.write_text(f"source: s\nfacts:\n{facts}", encoding="utf-8")
    return read_published(path)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("  - {id: a, printed: 0.5, place: p}", "facts.0.printed: found 0.5, which is not text"),
        ("  - {id: a, printed: '1'}", "facts.0.place: is missing"),
        ("  - {id: a, printed: '1', place: p}\n  - {id: a, printed: '2', place: p}", "id 'a': is given twice"),
        ("  - {id: a, printed: '1', place: p, origin: erratum}", "no corrected reading"),
        ("  - {id: a, printed: '1', place: p, origin: assumed}", "origin"),
        ("  - {id: a, printed: '1', place: p, tolerance: 1}", "tolerance: is not a known entry"),
        ("  - {id: a, printed: '', place: p}", "one line of text"),
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
    path.write_text("facts:\n  - {id: a, printed: '1', place: p}", encoding="utf-8")
    with pytest.raises(InputError, match="source: is missing"):
        read_published(path)


def test_a_fact_may_have_a_source_of_its_own(tmp_path):
    path = tmp_path / "published.yml"
    own = "  - {id: a, printed: '1', place: p, source: t}"
    path.write_text(f"facts:\n{own}", encoding="utf-8")
    assert read_published(path).facts[0].source == "t"
    path.write_text(f"facts:\n{own}\n  - {{id: b, printed: '1', place: p}}", encoding="utf-8")
    with pytest.raises(InputError, match="source: is missing"):
        read_published(path)


def test_a_case_without_expected_values_pins_nothing(tmp_path):
    assert read_expected(tmp_path / "expected.yml") == {}
