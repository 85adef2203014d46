from dataclasses import replace

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from crmlib.cases import load_case
from crmlib.publishing.pages import status_line, verification_page
from crmlib.publishing.runner import Run
from crmlib.publishing.verification import Check, Verdict
from tests.conftest import ROOT

CASE = load_case("lubricant", data=ROOT / "data")
RUN = Run("lubricant", nbformat.v4.new_notebook(), {"method": "geometric_mean"}, seconds=3.0)
CHECK = Check("lubricant", "a", "published", "published", "0.5", 0.5, 0.0, Verdict.REPRODUCED, "place")


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from(["published", "own result"])), min_size=1))
def test_a_page_never_claims_more_than_was_seen(drawn):
    checks = [replace(CHECK, verdict=verdict, kind=kind) for verdict, kind in drawn]
    failed = any(check.verdict.failed for check in checks)
    status = status_line(RUN, CASE, checks)
    page = verification_page([RUN], {"lubricant": CASE}, checks)
    assert failed == ("VERIFICATION FAILED" in status) == ("Verification failed" in page)
    assert not failed or "bdg-ref-success" not in status
    assert not failed or "Published values reproduced" not in page


def test_the_status_counts_origins_and_says_how_the_page_was_made():
    status = status_line(RUN, CASE, [CHECK, replace(CHECK, name="b", verdict=Verdict.YOUR_DATA)])
    assert "1 of 2 published values reproduced" in status
    assert "1 not comparable: your data" in status
    assert "16 judgements recovered" in status
    assert "96 values assumed" in status
    assert CASE.checksums["customers"] in status
    assert "under half a minute" in status


def test_failures_come_first_and_names_are_text():
    bad = replace(CHECK, name="<b>", verdict=Verdict.MISMATCH)
    page = verification_page([RUN], {"lubricant": CASE}, [CHECK, bad])
    assert page.index("&lt;b&gt;") < page.index(">a<")


def test_the_answers_of_every_expert_count_as_assumed():
    case = load_case("j-company", data=ROOT / "data")
    judgements = 3 * len(case.judgements)
    line = status_line(Run("j-company", nbformat.v4.new_notebook(), {}, seconds=3.0), case, [CHECK])
    assert f"{judgements + 16 + 22 * 16} values assumed" in line
