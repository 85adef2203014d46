import re
from dataclasses import replace
from types import SimpleNamespace

import junitparser
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from crmlib.cases import load_case
from crmlib.publishing.checks import Check, Verdict
from crmlib.publishing.pages import crosswalk_table, errata_page, sources_page, verification_page
from crmlib.publishing.project import Project
from crmlib.publishing.results import counts, summary, write_results
from crmlib.publishing.runner import Run
from crmlib.publishing.status import status_line
from tests.conftest import ROOT

CASE = load_case("lubricant", data=ROOT / "data")
CHECK = Check("lubricant", "a", "result", "0.5", 0.5, 0.0, Verdict.REPRODUCED, "place")
KINDS = ["result", "kept", "input", "erratum", "own result", "mark"]


def a_run(case="lubricant"):
    return Run(case, nbformat.v4.new_notebook(), {"method": "'geometric_mean'"}, frozenset(), seconds=3.0)


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from(KINDS)), min_size=1))
def test_a_page_never_claims_more_than_was_seen(drawn):
    checks = [replace(CHECK, verdict=verdict, kind=kind) for verdict, kind in drawn]
    failed = any(check.verdict.failed for check in checks)
    status = status_line(a_run(), CASE, checks)
    page = verification_page([a_run()], {"lubricant": CASE}, checks)
    assert failed == ("VERIFICATION FAILED" in status) == ("Verification failed" in page)
    assert not failed or "bdg-ref-success" not in status
    assert not failed or "reproduced" not in status
    agreed = sum(kind == "result" and verdict.comparable for verdict, kind in drawn)
    assert failed or not agreed or f"{agreed} of " in status


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from(KINDS))))
def test_the_three_kinds_are_counted_apart(drawn):
    found = counts(replace(CHECK, verdict=verdict, kind=kind) for verdict, kind in drawn)
    for kind in ("result", "kept", "input"):
        assert found[f"{kind}_all"] == sum(other == kind for _, other in drawn)
        assert found[kind] == sum(o == kind and v.comparable and not v.failed for v, o in drawn)


@pytest.mark.parametrize(
    ("kinds", "said", "unsaid"),
    [
        (["result"], "1 of 1 printed results reproduced", "kept"),
        (["kept", "kept"], "2 of 2 facts kept as printed", "reproduced"),
        (["kept"], "the sources print no result", "reproduced"),
        (["input"], "1 of 1 inputs taken over", "reproduced"),
        (["own result"], "our own results, printed nowhere else", "reproduced"),
        (["result", "erratum"], "errata explained: 1", "kept"),
    ],
)
def test_the_status_says_the_kinds_apart(kinds, said, unsaid):
    status = status_line(a_run(), CASE, [replace(CHECK, name=str(at), kind=kind) for at, kind in enumerate(kinds)])
    assert said in status
    assert unsaid not in status.split("How this page")[0]


def test_the_status_counts_origins_and_says_how_the_page_was_made():
    status = status_line(a_run(), CASE, [CHECK, replace(CHECK, name="b", verdict=Verdict.YOUR_DATA)])
    assert "1 of 2 printed results reproduced" in status
    assert "1 not comparable" in status
    assert "judgements recovered: 16" in status
    assert "cells of customers' data assumed: 84" in status
    assert "names of criteria assumed: 12" in status
    assert CASE.checksums["customers"] in status
    assert "under half a minute" in status


def test_one_line_on_a_case():
    told = summary("lubricant", [CHECK, replace(CHECK, kind="kept", verdict=Verdict.KEPT)])
    assert told == (
        "lubricant: results reproduced 1 of 1, facts kept 1 of 1, inputs taken over 0 of 0, errata explained 0, "
        "own results as pinned 0, checks failed 0"
    )


HOSTILE = "<script>alert(1)</script> `` | $x$ {eval}`1` &lt;\n\n# Heading\n::::\x07"


def html_of(markdown):
    """The page as MyST's parser reads it, roles and mathematics included."""
    parser = MarkdownIt("commonmark").enable("table")
    for plugin in (colon_fence_plugin, deflist_plugin, dollarmath_plugin, front_matter_plugin, myst_role_plugin):
        parser.use(plugin)
    return parser.render(markdown)


def test_whatever_a_value_or_a_parameter_holds_is_text():
    bad = replace(CHECK, name=HOSTILE, printed=HOSTILE, ours=HOSTILE, why=HOSTILE, verdict=Verdict.MISMATCH)
    page = html_of(verification_page([a_run()], {"lubricant": CASE}, [CHECK, bad]))
    status = html_of(status_line(replace(a_run(), parameters={"method": HOSTILE}), CASE, [CHECK]).split("dropdown}")[1])
    for html in (page, status):
        assert "alert(1)" in html
        assert "<script>" not in html
        assert not re.search(r"<h1>Heading|class=\"(math|myst)|role=|<eqn", html.replace("crm-", ""))


def test_the_names_of_grids_are_text_in_the_crosswalk():
    cells = tuple(replace(cell, name="a|b $x$", chinese=" 7") for cell in CASE.grid.cells)
    rows = crosswalk_table([SimpleNamespace(name="lubricant", grid=replace(CASE.grid, cells=cells))]).splitlines()
    html = html_of("\n".join(rows))
    assert html.count(">a|b $x$  7</td>") == 4
    assert html.count("<tr>") == len(rows) - 1


@pytest.mark.parametrize("text", [HOSTILE, "a\x00b"])
def test_junit_holds_any_text(tmp_path, text):
    bad = replace(CHECK, name=text, ours=text, place=text, why=text, verdict=Verdict.MISMATCH)
    write_results([a_run()], [bad], tmp_path)
    (suite,) = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert suite.failures == 1


def test_failures_come_first_and_names_are_text():
    bad = replace(CHECK, name="<b>", verdict=Verdict.MISMATCH)
    page = verification_page([a_run()], {"lubricant": CASE}, [CHECK, bad])
    assert page.index("&lt;b&gt;") < page.index(">a<")


def test_the_answers_of_every_expert_count_as_assumed():
    case = load_case("j-company", data=ROOT / "data")
    line = status_line(a_run("j-company"), case, [replace(CHECK, case="j-company")])
    assert f"judgements assumed: {3 * len(case.judgements)}" in line
    assert f"data assumed: {22 * 16}" in line


def test_data_that_somebody_brings_are_not_called_assumed():
    own = load_case("lubricant", ROOT / "data/lubricant/customers.csv", data=ROOT / "data")
    notes = ["mine.xlsx", "7 rows", "sheet '2025'", "3 columns left out: `city`"]
    status = status_line(replace(a_run(), readings={"customers": notes}), own, [CHECK])
    assert "data assumed" not in status
    assert "computed from your own data" in status
    assert "\n- customers: `` mine.xlsx; 7 rows; sheet '2025'; 3 columns left out: `city` ``\n" in status


def test_every_erratum_and_every_text_has_its_place_on_the_page_of_sources():
    project = Project.find(ROOT)
    errata = errata_page(project.published)
    found = [fact for entry in project.published.values() for fact in entry.facts if fact.origin == "erratum"]
    assert len(found) > 10
    assert all(fact.explanation in errata for fact in found)
    cases = {name: load_case(name, data=project.data) for name in project.cases}
    page = sources_page(project.documents, project.published, cases)
    texts = [text for document in project.documents.documents for text in document.texts]
    assert all(f"`{text.source}`" in page for text in texts)
    assert set(project.cases) >= {name for text in texts for name in text.chapters}
