"""What counts as what: a small case and a small run, made for the test."""

import contextlib
from dataclasses import replace

import nbformat
import pytest

from crmlib.cases import load_case
from crmlib.errors import InputError
from crmlib.publishing.checks import Verdict
from crmlib.publishing.runner import Run
from crmlib.publishing.verification import check_run, pin

CASE = """
title: A shop
chinese: 商店
sources: [s]
customers_origin: assumed
criteria:
  name: worth
  label: Worth
  chinese: 价值
  origin: ORIGIN
  judgements: {origin: recovered, from: [local.size], rows: [["3"]]}
  children:
    - {name: size, label: Size, chinese: 规模, origin: assumed}
    - {name: bond, label: Bond, chinese: 忠诚, origin: assumed}
files:
  log:
    path: log.csv
    origin: published
    about: A log
    key: [day]
    columns: [{id: day, kind: name}, {id: amount}]
"""
CODE = """
from crmlib import ahp, scaling
from crmlib.cases import load_case, record
case = load_case("shop", customers)
weights = ahp.tree_weights(case.tree, method)
record("local.size", weights.local_weights["size"])
record("global.size", weights.leaf_weights["size"])
record("score", scaling.scale(case.customers))
record("log.mean", scaling.scale(case.files["log"]))
record("years", years)
table(scaling.scale(case.files["log"]))
"""
VALUES = {"local.size": 0.75, "global.size": 0.75, "score": 1.0, "log.mean": 2.0, "years": 3}
RESULT = {"id": "global.size", "printed": "0.75", "kind": "result"}


def fact(**entries):
    return "{" + ", ".join(f'{key}: "{value}"' for key, value in ({"place": "p"} | entries).items()) + "}"


@pytest.fixture
def shop(tmp_path):
    """A function that checks the run of a small case: its facts, its prose, its changed parameters, its own files."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "customers.csv").write_text("customer,size,bond\nAn,1,2\nBo,2,1\n", encoding="utf-8")
    (folder / "log.csv").write_text("day,amount\n1,2\n", encoding="utf-8")

    def check(
        *facts,
        prose="",
        values=None,
        changed=(),
        own=False,
        parameters=None,
        local="input",
        mark="recovered",
        origin="assumed",
        code=CODE,
        heading="a | 1",
        made_up="",
    ):
        (folder / "case.yml").write_text(CASE.replace("ORIGIN", origin), encoding="utf-8")
        always = [fact(id="local.size", printed="0.75", kind=local)]
        always += [fact(id="log.rows", printed="1", kind="input", held="files.log")]
        listed = "".join(f"  - {one}\n" for one in (*always, *facts))
        (folder / "published.yml").write_text(f"source: s\nfacts:\n{listed}", encoding="utf-8")
        if not (changed or own):
            (folder / "expected.yml").write_text(f"made_up: [{made_up}]", encoding="utf-8")
        cell = nbformat.v4.new_code_cell(code)
        cell.outputs = [
            nbformat.v4.new_output("display_data", metadata={"scrapbook": {"name": name}, "crmlib": {"value": value}})
            for name, value in (VALUES if values is None else values).items()
        ]
        shown = {"crmlib": {"shown": [f"table: Scores [{mark}]", f"  {heading}"]}}
        cell.outputs.append(nbformat.v4.new_output("display_data", metadata=shown))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), cell])
        used = {"customers": "''", "method": "'eigenvector'", "years": "3"} | (parameters or {})
        run = Run("shop", notebook, used, frozenset(changed), 1.0)
        customers = folder / "customers.csv" if own else None
        case = replace(load_case("shop", customers, data=tmp_path), changed=run.changed)
        if not (changed or own):
            with contextlib.suppress(InputError):  # a mark that names nothing cannot be pinned
                pin(run, case, tmp_path)
        return {entry.name: entry for entry in check_run(run, case, tmp_path)}

    return check


def verdict(checks, name):
    return checks[name].verdict


def test_a_result_an_input_and_a_pin(shop):
    checks = shop(fact(**RESULT))
    assert {name: str(check.verdict) for name, check in checks.items()} == {
        "local.size": "taken over as printed",
        "log.rows": "taken over as printed",
        "global.size": "reproduced",
        "score": "as pinned",
        "log.mean": "as pinned",
        "years": "as pinned",
        "page": "as pinned",
    }


@pytest.mark.parametrize(
    ("claimed", "why"),
    [
        ({"id": "years", "printed": "3", "kind": "result"}, "does not compute it"),
        ({"id": "score", "printed": "1", "kind": "result"}, "computed from assumed data"),
        ({"id": "global.size", "printed": "0.75", "kind": "input"}, "no input"),
    ],
)
def test_what_claims_too_much_is_told(shop, claimed, why):
    checks = shop(fact(**claimed))
    assert verdict(checks, claimed["id"]) is Verdict.CLAIMS_TOO_MUCH
    assert why in checks[claimed["id"]].why


@pytest.mark.parametrize("claimed", [{"kind": "result"}, {"kind": "kept"}, {"kind": "kept", "held": "customers"}, None])
@pytest.mark.parametrize("value", ["2", 'len(["a", "b"])', "2 * one", "ahp.tree_weights(2)"])
def test_what_is_typed_in_the_code_is_told_of_facts_and_of_own_results(shop, claimed, value):
    code = CODE + f'one = 1\nif years > 1:\n    record("typed", {value})\n'
    facts = [fact(id="typed", printed="2", **claimed)] if claimed else []
    checks = shop(*facts, code=code, values=VALUES | {"typed": 2})
    assert verdict(checks, "typed") is Verdict.CLAIMS_TOO_MUCH
    assert "typed in its code" in checks["typed"].why


def test_what_an_example_makes_up_is_named_and_nothing_else_is(shop):
    code, values = CODE + 'record("typed", 2)', VALUES | {"typed": 2}
    assert not any(check.verdict.failed for check in shop(code=code, values=values, made_up="typed").values())
    assert "take it out of made_up" in shop(made_up="years")["years"].why
    assert verdict(shop(made_up="gone"), "gone") is Verdict.NOT_RECORDED


@pytest.mark.parametrize(
    ("kind", "line", "why"),
    [
        ("result", 'record("years", ahp.tree_weights(case.tree, case.printed["local.size"]))', "repeats them"),
        ("result", 'record("years", 3)\nrecord("ye" + "ars", ahp.tree_weights(case.tree))', "typed in its code"),
        ("result", 'record("ye" + end, ahp.tree_weights(case.tree))\nrecord("years", 3)', "typed in its code"),
        (
            "result",
            'if years < 0:\n    record("years", ahp.tree_weights(case.tree))\nrecord("years", 3)',
            "typed in its",
        ),
        ("kept", 'record("years", ahp.tree_weights(years))', "parameters alone"),
    ],
)
def test_a_decoy_beside_what_is_recorded_does_not_help(shop, kind, line, why):
    code = CODE.replace('record("years", years)', line)
    checks = shop(fact(id="years", printed="3", kind=kind), code=code)
    assert verdict(checks, "years") is Verdict.CLAIMS_TOO_MUCH
    assert why in checks["years"].why


@pytest.mark.parametrize(
    ("held", "told"),
    [(None, True), ("criteria.size", True), ("criteria.worth.chinese", False), ("judgements.worth.size.bond", False)],
)
def test_what_a_case_calls_published_is_held_by_a_fact(shop, held, told):
    printed = {"criteria.size": "Size", "criteria.worth.chinese": "价值"}.get(held, "3")
    kind = "input" if printed == "3" else "kept"
    checks = shop(*([fact(id="f", printed=printed, kind=kind, held=held)] if held else []), origin="published")
    found = [check.name for check in checks.values() if check.verdict.failed]
    assert found == (["criteria.worth"] if told else [])


def test_what_something_was_recovered_from_is_no_result(shop):
    checks = shop(fact(**RESULT), local="result")
    assert verdict(checks, "local.size") is Verdict.CLAIMS_TOO_MUCH
    assert checks["local.size"].why == "Something was recovered from it, so it is an input"


@pytest.mark.parametrize(
    ("held", "printed", "kind", "found"),
    [
        ("customers", "2", "kept", Verdict.KEPT),
        ("customers", "3", "kept", Verdict.MISMATCH),
        ("criteria.size.chinese", "规模", "kept", Verdict.KEPT),
        ("criteria.size.chinese", "规摸", "kept", Verdict.MISMATCH),
        ("parameters.years", "3", "input", Verdict.TAKEN_OVER),
        ("parameters.years", "4", "input", Verdict.MISMATCH),
        ("judgements.worth.size.bond", "3", "input", Verdict.TAKEN_OVER),
    ],
)
def test_what_the_case_holds_need_not_be_recorded(shop, held, printed, kind, found):
    assert verdict(shop(fact(id="held", printed=printed, kind=kind, held=held)), "held") is found


def test_what_is_held_and_recorded_must_agree_twice(shop):
    claimed = fact(id="years", printed="3", kind="input", held="parameters.years")
    assert verdict(shop(claimed), "years") is Verdict.TAKEN_OVER
    assert verdict(shop(claimed, values=VALUES | {"years": 4}), "years") is Verdict.MISMATCH


@pytest.mark.parametrize(
    ("erratum", "found"),
    [
        ({"corrected": "2", "held": "customers"}, Verdict.ERRATUM),
        ({"corrected": "3", "held": "customers"}, Verdict.MISMATCH),
        ({"corrected": "3"}, Verdict.NOT_RECORDED),
        ({"reading": "cannot be decided"}, Verdict.ERRATUM),
    ],
)
def test_errata(shop, erratum, found):
    entry = fact(id="slip", printed="7", origin="erratum", explanation="e", **erratum)
    assert verdict(shop(entry), "slip") is found


@pytest.mark.parametrize(
    ("prose", "found", "why"),
    [
        ("The data are {origin}`assumed customers`.", Verdict.TRUE, ""),
        ("The data are {origin}`published customers`.", Verdict.NOT_TRUE, "customers is assumed"),
        ("It is {glue:text}`global.size` {origin}`published facts.global.size`.", Verdict.TRUE, ""),
        ("It is {glue:text}`score` {origin}`published facts.global.size`.", Verdict.NOT_TRUE, "score is assumed"),
        ("It is {glue:text}`log.mean:.2f` {origin}`published files.log`.", Verdict.NOT_TRUE, "log.mean is recovered"),
        ("It is {glue:text}`years` {origin}`assumed parameters.years`.", Verdict.TRUE, ""),
        (
            "It is {glue:text}`score`.\nIt is {origin}`published facts.global.size`.",
            Verdict.NOT_TRUE,
            "score is assumed",
        ),
        ("It is {origin}`assumed parameters.year`.", Verdict.NOT_TRUE, "no parameter 'year'"),
        ("It is {origin}`assumed`.", Verdict.NOT_TRUE, "Name what it is said of"),
        ("It is {origin}`assumed customer`.", Verdict.NOT_TRUE, "names nothing"),
    ],
)
def test_marks_are_held_against_the_data(shop, prose, found, why):
    checks = shop(fact(**RESULT), prose=prose)
    (mark,) = [check for check in checks.values() if check.kind == "mark"]
    assert mark.verdict is found
    assert why in mark.why


def test_a_format_that_hides_is_told_unless_the_data_are_the_users(shop):
    prose, values = "It is {glue:text}`score:.0%`.", VALUES | {"score": 0.001}
    (told,) = [check for check in shop(prose=prose, values=values).values() if check.verdict.failed]
    assert (told.name, told.why) == ("cell 0: score", "Its format shows it as zero; give it more digits")
    assert not any(check.verdict.failed for check in shop(prose=prose, values=values, own=True).values())


def test_a_shortened_pin_is_told(shop, tmp_path):
    shop(fact(**RESULT))
    path = tmp_path / "shop" / "expected.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("2.000000000", "2"), encoding="utf-8")
    checks = shop(fact(**RESULT), changed=["none"])
    assert [check.name for check in checks.values() if check.verdict.failed] == ["log.mean"]
    assert checks["log.mean"].why == "Not a number with all its digits: crmlib pin"


def test_a_condition_needs_a_recorded_truth(shop):
    checks = shop(prose="{if}`claim.a` Yes.\n{if}`claim.b` No.", values=VALUES | {"claim.a": False})
    assert [check.name for check in checks.values() if check.verdict.failed] == ["cell 0: claim.b"]


def test_only_what_depends_on_a_changed_parameter_is_not_comparable(shop):
    taken = fact(id="years", printed="3", kind="input", held="parameters.years")
    shop(fact(**RESULT), taken)
    changed = VALUES | {"global.size": 0.7, "local.size": 0.7, "years": 9}
    checks = shop(fact(**RESULT), taken, changed=["method", "years"], values=changed, parameters={"years": "9"})
    found = {name: check.verdict for name, check in checks.items()}
    assert not any(check.failed for check in found.values())
    assert found["global.size"] is found["years"] is found["local.size"] is Verdict.YOUR_PARAMETERS
    assert found["score"] is found["log.mean"] is Verdict.PINNED
    wrong = shop(fact(**RESULT), taken, changed=["method"], values=changed | {"years": 3, "log.mean": 2.1})
    assert [name for name, check in wrong.items() if check.verdict.failed] == ["log.mean"]


def test_only_what_depends_on_own_data_is_not_comparable(shop):
    shop(fact(**RESULT))
    checks = shop(fact(**RESULT), own=True, values=VALUES | {"score": 5.0}, prose="Ours {origin}`assumed customers`.")
    found = {name: check.verdict for name, check in checks.items()}
    assert found.pop("cell 0: assumed customers") is found.pop("score") is found.pop("page") is Verdict.YOUR_DATA
    assert all(check in (Verdict.REPRODUCED, Verdict.TAKEN_OVER, Verdict.PINNED) for check in found.values())


def test_what_is_no_longer_recorded_is_a_failure_unless_it_depends_on_the_change(shop):
    shop(fact(**RESULT))
    fewer = {name: value for name, value in VALUES.items() if name not in ("score", "global.size")}
    checks = shop(fact(**RESULT), changed=["method"], values=fewer)
    assert verdict(checks, "global.size") is Verdict.YOUR_PARAMETERS
    assert verdict(checks, "score") is Verdict.NOT_RECORDED
    assert verdict(shop(fact(**RESULT), own=True, values=fewer), "score") is Verdict.YOUR_DATA


def test_nothing_is_lost_and_nothing_is_new(shop):
    shop(fact(**RESULT))
    fewer = {name: value for name, value in VALUES.items() if name != "score"} | {"new": 1}
    checks = shop(fact(**RESULT), values=fewer, changed=["none"])
    assert verdict(checks, "new") is Verdict.NAMES_NO_FACT


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Ours [recovered] | Log [published] | Size [assumed] | Printed [published]", []),
        ("Ours [published] | Log [recovered] | Size [recovered] | Printed [assumed]", ["Ours", "Size"]),
    ],
)
def test_a_column_is_not_marked_as_more_than_it_is_made_of(shop, heading, told):
    frame = """pd.DataFrame({"Ours": weights.leaf_weights, "Log": case.files["log"], "Printed": case.printed[ours]})"""
    code = CODE.replace('table(scaling.scale(case.files["log"]))\n', f"table({frame}.assign(Size=case.customers))\n")
    checks = shop(fact(**RESULT), mark="assumed", heading=heading, code=f"ours = case.tree.leaves{code}")
    failed = [check.name for check in checks.values() if check.verdict.failed]
    assert failed == [f"cell 1, table: Scores [assumed], column {name}" for name in told]


@pytest.mark.parametrize(("mark", "told"), [("recovered", False), ("assumed", False), ("published", True)])
def test_a_table_is_not_marked_as_more_than_it_is_made_of(shop, mark, told):
    failed = [check for check in shop(fact(**RESULT), mark=mark).values() if check.verdict.failed]
    assert [check.name for check in failed] == (["cell 1, table: Scores"] if told else [])


def test_a_table_that_depends_on_a_changed_parameter_is_not_comparable(shop):
    code = CODE.replace('table(scaling.scale(case.files["log"]))', "table(weights.leaf_weights)")
    shop(fact(**RESULT), code=code)
    checks = shop(fact(**RESULT), code=code, changed=["method"])
    assert verdict(checks, "cell 1, table: Scores") is Verdict.YOUR_PARAMETERS
    assert "cell 1, table: Scores" not in shop(fact(**RESULT), code=code, changed=["years"])
