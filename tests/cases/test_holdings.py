"""Things of a case by path; the case here is made for the test, so that every kind of thing is in it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.cases import Origin, load_case
from crmlib.cases.holdings import weakest
from crmlib.errors import InputError
from tests.conftest import ROOT

CASE = """
title: A shop
chinese: 商店
sources: [s]
customers_origin: assumed
cuts_origin: assumed
criteria:
  name: worth
  label: Worth
  chinese: 价值
  origin: published
  judgements: {origin: recovered, from: [weight.size], rows: [["1/3"]]}
  children:
    - {name: size, label: Size, chinese: 规模, origin: published, cuts: [1, 2]}
    - {name: bond, label: Bond, chinese: 忠诚, origin: assumed}
quadrants:
  - {current: high, potential: high, label: Best, chinese: 高, origin: published, segment: best}
  - {current: high, potential: low, label: Rest, chinese: 低, origin: assumed, segment: rest}
  - {current: low, potential: high, label: Rest too, chinese: 低, origin: assumed, segment: rest}
  - {current: low, potential: low, label: Rest as well, chinese: 低, origin: assumed, segment: rest}
lists:
  steps:
    about: Two steps
    items:
      one: {label: One, chinese: 一, origin: published, note: first}
      two: {label: Two, chinese: 二, origin: published, note: second}
  words:
    about: A word of ours
    items:
      ours: {label: Ours, origin: assumed}
files:
  shares:
    path: shares.csv
    origin: published
    about: Shares
    key: [brand]
    columns: [{id: brand, kind: name}, {id: share, kind: share}]
"""
FACTS = """
source: s
facts:
  - {id: weight.size, printed: "0.25", kind: input, place: p}
  - {id: years, printed: "3", kind: input, held: parameters.years, place: p}
  - {id: slip, printed: "4", origin: erratum, explanation: e, reading: r, place: p}
"""


@pytest.fixture
def case(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "case.yml").write_text(CASE, encoding="utf-8")
    (folder / "published.yml").write_text(FACTS, encoding="utf-8")
    (folder / "customers.csv").write_text("customer,size,bond\nAn,1,2\nBo,2,1\n", encoding="utf-8")
    (folder / "shares.csv").write_text("brand,share\nA,0.6\nB,0.4\n", encoding="utf-8")
    return load_case("shop", data=tmp_path)


@pytest.mark.parametrize(
    ("path", "origin", "value"),
    [
        ("customers", "assumed", 2),
        ("files.customers", "assumed", 2),
        ("files.shares", "published", 2),
        ("files.shares.A.share", "published", 0.6),
        ("indicators", "assumed", 2),
        ("criteria", "assumed", 3),
        ("criteria.size", "published", "Size"),
        ("criteria.size.chinese", "published", "规模"),
        ("criteria.worth.children", "assumed", 2),
        ("criteria.worth.leaves", "assumed", 2),
        ("judgements", "recovered", 1),
        ("judgements.worth", "recovered", 1),
        ("judgements.worth.size.bond", "recovered", "1/3"),
        ("cuts", "assumed", 1),
        ("quadrants", "assumed", 4),
        ("quadrants.best", "published", 1),
        ("quadrants.rest.chinese", "assumed", "低"),
        ("lists.steps", "published", 2),
        ("lists.steps.chinese", "published", "一、二"),
        ("lists.steps.two", "published", "Two"),
        ("lists.steps.two.note", "published", "second"),
        ("lists.words.ours", "assumed", "Ours"),
        ("parameters.years", "published", 3),
        ("parameters.seed", "assumed", 7),
        ("parameters.cuts.2", "assumed", 15),
        ("facts.weight.size", "published", "0.25"),
        ("facts.slip", "erratum", "4"),
    ],
)
def test_paths(case, path, origin, value):
    assert case.origin(path) == origin
    assert case.held(path, {"years": 3, "seed": 7, "cuts": [4, 15]}) == value


def test_a_parameter_that_the_user_set_is_his_own(case):
    changed = replace(case, changed=frozenset(["years"]))
    assert [changed.origin(f"parameters.{name}") for name in ("years", "seed")] == ["own", "assumed"]


def test_a_random_index_is_published_where_facts_hold_its_table():
    basics = load_case("ahp-basics", data=ROOT / "data")
    assert basics.held("random_index.saaty1980.3") == 0.58
    assert basics.origin("random_index.saaty1980") == "published"
    assert load_case("lubricant", data=ROOT / "data").origin("random_index.saaty1980.3") == "assumed"
    with pytest.raises(InputError, match="names nothing in it"):
        basics.held("random_index.saaty1980.99")


def test_what_is_computed_from_published_things_is_recovered(case):
    assert case.origin("files.shares", computed=True) == "recovered"
    assert case.origin("files.shares", "customers", computed=True) == "assumed"


def test_grids_are_things_of_the_library(case):
    assert case.held("grids.acquisition_maintenance.high.high.chinese") == "忠诚客户"


def test_a_share_in_per_cent(case):
    assert case.held("files.shares.A.share * 100") == 60.0


@pytest.mark.parametrize(
    "path",
    ["", "customer", "files", "files.share", "criteria.sizes", "judgements.size.a.b", "quadrants.worst",
     "lists.steps.six", "lists.steps.one.remark", "facts.weight", "grids.x.high.high",
     "grids.acquisition_maintenance.high.middle", "criteria.size.walk", "criteria.size.label.more", "cuts.size",
     "judgements.worth.size.bond.more", "lists.steps.chinese.more", "lists.steps.one.note.more", "quadrants.best.copy",
     "grids.current_loyalty.high.high.strategy"],  # its origin is not that of the name
)  # fmt: skip
def test_a_path_that_names_nothing_is_told(case, path):
    with pytest.raises(InputError, match=r"path '.*': names nothing in it"):
        case.origin(path)


@pytest.mark.parametrize(
    "path",
    ["files.shares.C.share", "files.shares.A.price", "files.shares.A", "parameters.year", "parameters.years.1",
     "parameters.cuts.0", "parameters.cuts.3", "parameters.cuts.x", "criteria.size * 100", "customers * 1000"],
)  # fmt: skip
def test_a_value_that_is_not_there_is_told(case, path):
    with pytest.raises(InputError, match="names nothing in it"):
        case.held(path, {"years": 3, "cuts": [4, 15]})


def test_a_judgement_is_never_rounded_to_another(case):
    path = case.folder / "case.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('[["1/3"]]', "[[2.3]]"), encoding="utf-8")
    assert load_case("shop", data=case.folder.parent).held("judgements.worth.size.bond") == pytest.approx(2.3)


def test_data_that_somebody_brings_are_own(case, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("customer,size,bond\nCy,1,2\n", encoding="utf-8")
    own = load_case("shop", other, data=tmp_path)
    assert own.origin("customers") == "own"
    assert own.origin("judgements", "customers") == "own"
    assert own.origin("files.shares") == "published"


def test_another_case_is_named_before_a_colon():
    case = load_case("ahp-certainty", data=ROOT / "data")
    assert case.origin("lubricant:judgements") == "recovered"
    assert case.origin("lubricant:judgements", "lubricant:customers") == "assumed"


def test_lists_are_tables(case):
    assert case.lists["steps"].loc["two"].to_dict() == {
        "label": "Two", "chinese": "二", "origin": "published", "note": "second",
    }  # fmt: skip


@given(st.lists(st.sampled_from(list(Origin)), min_size=1))
def test_what_is_made_of_several_things_is_as_weak_as_the_weakest(origins):
    found = weakest(origins)
    assert found in origins
    assert found is weakest([found, *origins])
    if Origin.OWN in origins:
        assert found is Origin.OWN
    elif Origin.ASSUMED in origins:
        assert found is Origin.ASSUMED


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{origin: recovered, from: [weight.size],", "{origin: recovered,", "Name under 'from' the facts"),
        ("{origin: recovered,", "{origin: assumed,", "Name under 'from' the facts"),
        ("origin: published, note: first}", "origin: published}", "Give every item the same columns"),
        ("note: first", "note: 1", "which is not text"),
        ("items:\n      ours: {label: Ours, origin: assumed}", "items: {}", "at least 1 item"),
        ("label: Best, chinese: 高, origin: published,", "label: Best, chinese: 高,", "quadrants.0.origin: is missing"),
    ],
)
def test_what_is_wrong_in_case_yml_is_named(case, old, new, message):
    path = case.folder / "case.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_case("shop", data=case.folder.parent)
    assert message in str(error.value)
