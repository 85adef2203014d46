"""The self-test of the verification: a planted fault must turn it red, each fault alone."""

import json
from copy import deepcopy
from dataclasses import replace
from unittest.mock import patch

import pytest

from crmlib.cases import load_case
from crmlib.errors import InputError
from crmlib.publishing.checks import Verdict, failures
from crmlib.publishing.project import Project
from crmlib.publishing.runner import run_notebook
from crmlib.publishing.verification import check_run
from tests.conftest import ROOT
from tests.publishing.conftest import quiet_event_loops
from tests.publishing.harvest import clean_run
from tests.publishing.shell import execute_here, run_here

NOTEBOOK = "notebooks/lubricant.ipynb"


def failed_checks(checkout, case):
    """What the last verification of the copy found wrong with a case: verdicts by the name of the value."""
    text = (checkout.root / f"_build/verification/{case}.json").read_text(encoding="utf-8")
    verdicts = {check["name"]: Verdict(check["verdict"]) for check in json.loads(text)["checks"]}
    return {name: verdict for name, verdict in verdicts.items() if verdict.failed}


def test_control_without_a_fault_the_verification_is_green(checkout):
    result = checkout.crmlib("verify", "lubricant")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "lubricant: results reproduced 12 of 12, facts kept " in result.stdout
    assert "inputs taken over 25 of 25" in result.stdout
    assert "Documents: not looked up" in result.stdout
    results = json.loads((checkout.root / "_build/verification/lubricant.json").read_text(encoding="utf-8"))
    assert results["values"]["candidates.eigenvector.total_profit"] == 0
    junit = (checkout.root / "_build/verification/junit.xml").read_text(encoding="utf-8")
    assert 'failures="0"' in junit


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        pytest.param("data/lubricant/case.yml", '["4", "5", "6"]', '["4", "5", "7"]', "MISMATCH", id="judgement"),
        pytest.param("data/lubricant/published.yml", '"0.1842"', '"0.1843"', "gross_margin", id="mistyped weight"),
        pytest.param("data/lubricant/customers.csv", "63.4", "63.5", "MISMATCH", id="datum"),
        pytest.param(NOTEBOOK, 'method = \\"geometric_mean\\"', 'method = \\"eigenvector\\"', "MISMATCH", id="method"),
        pytest.param(
            NOTEBOOK, 'record(\\"indicators.count\\"', 'record(\\"customers.count\\"', "RECORDED TWICE", id="twice"
        ),
        pytest.param(
            NOTEBOOK, "case = cases.load_case", "1 / 0\\ncase = cases.load_case", "ZeroDivisionError", id="cell"
        ),
        pytest.param(NOTEBOOK, '"parameters"', '"hide-input"', "the parameters cell: found 0", id="no parameters"),
        pytest.param("crmlib/scaling.py", "ddof: int = 1,", "ddof: int = 0,", "MISMATCH", id="line of code"),
    ],
)
def test_a_planted_fault_turns_the_verification_red(checkout, path, old, new, told):
    checkout.replace(path, old, new)
    of_the_copy = path.startswith("crmlib") or told == "ZeroDivisionError"
    result = (checkout.with_kernels if of_the_copy else checkout.here)("verify", "lubricant")
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output


@pytest.fixture
def lubricant():
    """The lubricant notebook as it is, run once: faults in what it is compared with need no other run."""
    return clean_run(ROOT, "lubricant")


@pytest.mark.parametrize(
    ("file", "old", "new", "verdicts"),
    [
        pytest.param("published.yml", "# ", "# ", set(), id="control"),
        pytest.param("published.yml", '"0.3251"', '"0.3252"', {Verdict.MISMATCH}, id="printed weight"),
        pytest.param("published.yml", '"between"', '"low"', {Verdict.MISMATCH}, id="printed segment"),
        pytest.param(
            "published.yml", "global_weight.orders,", "global_weight.order,",
            {Verdict.NOT_RECORDED, Verdict.NAMES_NO_FACT, Verdict.NOT_AS_PINNED}, id="id",
        ),
        pytest.param(
            "expected.yml", '"ranking.order"', '"ranking.orders"',
            {Verdict.NOT_RECORDED, Verdict.NAMES_NO_FACT}, id="pin",
        ),
    ],
)  # fmt: skip
def test_a_fault_in_what_is_compared_turns_the_verification_red(lubricant, checkout, file, old, new, verdicts):
    checkout.replace(f"data/lubricant/{file}", old, new)
    case = load_case("lubricant", data=checkout.root / "data")
    assert {check.verdict for check in failures(check_run(lubricant, case, checkout.root / "data"))} == verdicts


def test_a_bound_that_its_quotation_does_not_say_is_refused(checkout):
    checkout.replace("data/lubricant/published.yml", '"< 0.1"', '"< 0.9"')
    with pytest.raises(InputError, match=r"quotes '都小于0\.1', which does not say 0\.9"):
        load_case("lubricant", data=checkout.root / "data")


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        pytest.param("# ", "# ", None, id="control"),
        pytest.param("{origin}`assumed customers`", "{origin}`published customers`", Verdict.NOT_TRUE, id="badge"),
        pytest.param("{origin}`assumed customers`", "{origin}`assumed judgements`", Verdict.NOT_TRUE, id="said of"),
        pytest.param("len(case.customers))", "7)", Verdict.CLAIMS_TOO_MUCH, id="count typed in a notebook"),
        pytest.param("{if}`claim.mean_steady`", "{if}`claim.steady`", Verdict.NOT_RECORDED, id="condition"),
    ],
)
def test_a_fault_in_what_a_notebook_claims_turns_the_verification_red(lubricant, old, new, verdict):
    """The run is as it was, for none of these faults changes a value: only what is said of it."""
    notebook = deepcopy(lubricant.notebook)
    cell = next(cell for cell in notebook.cells if old in cell["source"])
    cell["source"] = cell["source"].replace(old, new, 1)
    case = load_case("lubricant", data=ROOT / "data")
    found = failures(check_run(replace(lubricant, notebook=notebook), case, ROOT / "data"))
    assert {check.verdict for check in found} - {Verdict.NOT_AS_PINNED} == ({verdict} if verdict else set())


def test_a_fact_moved_out_of_its_text_turns_the_verification_red(checkout):
    checkout.replace("data/lubricant/published.yml", '57", lubricant_article4', '87", lubricant_article4')
    result = checkout.here("verify", "lubricant")
    assert result.exit_code == 1
    assert "stands in line 87, outside of lubricant_article1 (7-85)" in result.output


def test_a_changed_parameter_is_neither_verified_nor_failed(checkout):
    """Only what depends on it is not comparable; a fault elsewhere is still found."""
    parameters = {"method": "eigenvector"}
    with quiet_event_loops(), patch("papermill.execute_notebook", execute_here):
        run, data = run_notebook(Project(checkout.root), "lubricant", parameters), checkout.root / "data"
    case = replace(load_case("lubricant", data=data), changed=run.changed)
    checks = {check.name: check.verdict for check in check_run(run, case, data)}
    assert not any(verdict.failed for verdict in checks.values())
    assert checks["global_weight.gross_profit"] is Verdict.YOUR_PARAMETERS
    assert checks["candidates.eigenvector.total_profit"] is Verdict.PINNED
    tables = [name for name, verdict in checks.items() if ", table: " in name and verdict is Verdict.YOUR_PARAMETERS]
    assert any("Local and global weights" in name for name in tables)
    assert not any("The judgements" in name for name in tables)
    checkout.replace("data/lubricant/expected.yml", '"candidates.row_sum.trust": "', '"candidates.row_sum.trust": "9')
    wrong = failures(check_run(run, load_case("lubricant", data=data), data))
    assert [check.name for check in wrong] == ["candidates.row_sum.trust"]


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("draws=many", "parameter 'draws': found 'many'. Give a whole number, such as 20000."),
        ("draws=1.5", "parameter 'draws': found '1.5'. Give a whole number, such as 20000."),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_refused_before_anything_runs(checkout, pair, told):
    result = checkout.here("run", "lubricant", "-p", pair)
    assert result.exit_code == 1
    assert told in result.stderr


@pytest.mark.parametrize("rate", [float("nan"), float("inf")])
def test_a_parameter_that_is_not_finite_is_refused_before_anything_runs(rate):
    with pytest.raises(InputError, match=r"parameter 'discount_rate': found (nan|inf)\. Give a number, such as 0\.1\."):
        run_notebook(Project(ROOT), "brand-switching", {"discount_rate": rate})


def test_a_misspelt_parameter_is_refused(checkout):
    result = checkout.here("run", "lubricant", "-p", "methd=eigenvector")
    assert result.exit_code == 1
    assert "parameter 'methd': is not declared by the notebook. Did you mean 'method'?" in result.stderr


def test_a_book_is_not_replaced_when_the_verification_fails(checkout):
    for other in set((checkout.root / "notebooks").glob("*.ipynb")) - {checkout.root / NOTEBOOK}:
        other.unlink()  # one chapter is enough here, and quicker
    good = checkout.root / "_build" / "builds" / "book-good"
    good.mkdir(parents=True)
    (good / "page").write_text("the last good book", encoding="utf-8")
    (checkout.root / "_build" / "book").symlink_to("builds/book-good")
    checkout.replace("data/lubricant/published.yml", '"0.3251"', '"0.3252"')
    result = checkout.here("book")
    assert result.exit_code == 1
    assert "the book was not replaced" in result.stderr
    assert (checkout.root / "_build" / "book" / "page").read_text(encoding="utf-8") == "the last good book"


def test_the_22_customers_of_j_company_are_guarded_too(checkout):
    """Two faults in one run: only the expert's judgement reaches the weights, only the datum reaches the shares."""
    checkout.replace("data/j-company/case.yml", 'finance: [["3"]]', 'finance: [["5"]]')
    checkout.replace("data/j-company/customers.csv", "Northgate,504", "Northgate,904")
    assert checkout.here("verify", "j-company").exit_code == 1
    assert {"local_weight.current_value", "purchases.share_of_five"} <= set(failed_checks(checkout, "j-company"))


def test_one_changed_datum_turns_every_chapter_red(checkout):
    """Each run ends at the first value that the datum reaches."""
    changed = {
        "brand-switching": ("switching.csv", "B,0.20,0.70,0.10", "B,0.20,0.69,0.11", "next.B"),
        "cdnow": ("orders.csv", "1,1997-01-18,2,29.73", "1,1997-01-18,2,29.83", "rfm.spent.frequent_lately"),
        "clv-basics": ("base.csv", "Anhe,Key,9200", "Anhe,Key,9300", "equity.total"),
        "customer-pyramid": ("revenue.csv", "K0002,23328,33561", "K0002,23328,33571", "now.value_share.top"),
        "d-company": ("orders.csv", "75-inch blackboard,3,45900", "75-inch blackboard,3,45800", "revenue.total"),
        "lifecycle": ("channels.csv", "Referral,626,293,185", "Referral,626,293,186", "conversion.rate.Referral"),
    }
    for case, (file, old, new, reached) in changed.items():
        checkout.replace(f"data/{case}/{file}", old, new)
        run, data = run_here(checkout.root, case, until={reached}), checkout.root / "data"
        checks = {check.name: check.verdict for check in check_run(run, load_case(case, data=data), data)}
        assert checks[reached] is Verdict.MISMATCH, case
