import pytest
from click.testing import CliRunner

from crmlib.ahp import compare_methods, incomplete_weights, priorities
from crmlib.cases import read_experts
from crmlib.publishing import cli
from tests.conftest import ROOT

EXAMPLE = ROOT / "data" / "ahp-basics" / "experts.csv"


def ahp(*arguments):
    return CliRunner().invoke(cli.main, ["ahp", *map(str, arguments)])


def row(output, name):
    return next(line.split() for line in output.splitlines() if line.startswith(f"{name} "))


def four(values):
    return [f"{value:.4f}" for value in values]


@pytest.mark.parametrize("method", ["eigenvector", "geometric_mean"])
def test_the_report_agrees_with_the_library(method):
    result = ahp(EXAMPLE, "--method", method, "--table", "saaty2005")
    assert result.exit_code == 0
    experts = read_experts(EXAMPLE).judgements
    for name, matrix in experts.items():
        complete = incomplete_weights(matrix).completed if matrix.isna().to_numpy().any() else matrix
        found = priorities(complete, method, "saaty2005")
        assert row(result.output, name)[1:] == four([*found.weights, found.consistency.consistency_ratio])
    assert f"Weights by the method {method}; CR by the table saaty2005" in result.output
    assert "Consensus of the group: 0." in result.output


def test_missing_and_contradictory_judgements_are_said():
    output = ahp(EXAMPLE).output
    filled = incomplete_weights(read_experts(EXAMPLE).judgements["Chen"]).filled["judgement"].item()
    assert f"Chen: loyalty against growth, completed with {filled:.3g}" in output
    assert "Bo: profit against advice contradicts the others most. Judged 1/5" in output
    assert "The least change that is enough: profit against advice from 1/5 to 2." in output
    assert "Anna:" not in output


def test_one_expert_is_no_group(tmp_path):
    file = tmp_path / "one.csv"
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(lines[:7]), encoding="utf-8")
    output = ahp(file).output
    assert "The group" not in output
    assert "Missing" not in output
    assert "Methods side by side, on the judgements of Anna" in output
    weights = compare_methods(read_experts(file).judgements["Anna"]).weights
    assert row(output, "advice")[1:] == four(weights.loc["advice"])


def test_a_contradiction_that_no_single_judgement_repairs(tmp_path):
    file = tmp_path / "circles.csv"
    circles = [("a", "b", 9), ("b", "c", 9), ("c", "a", 9), ("d", "e", 9), ("e", "f", 9), ("f", "d", 9)]
    links = [(x, y, 1) for x in "abc" for y in "def"]
    rows = [f"Ann,{x},{y},{value}" for x, y, value in circles + links]
    file.write_text("\n".join(["expert,first,second,judgement", *rows]), encoding="utf-8")
    assert "No change of a single judgement is enough." in ahp(file).output


def test_three_criteria_blame_nobody(tmp_path):
    file = tmp_path / "three.csv"
    judged = ["profit,loyalty,3", "profit,growth,1/5", "loyalty,growth,2"]
    file.write_text("\n".join(["expert,first,second,judgement", *(f"Ann,{row}" for row in judged)]), encoding="utf-8")
    output = ahp(file).output
    pairs = "profit against loyalty; profit against growth; loyalty against growth"
    assert f"each of these could be the wrong one: {pairs}.\n" in output
    assert "With three criteria it is always so" in output
    assert f"is a factor of 10.9, in any one of: {pairs}.\n" in output
    assert "contradicts the others most" not in output


def test_disconnected_judgements_are_told(tmp_path):
    file = tmp_path / "two-islands.csv"
    file.write_text("expert,first,second,judgement\nAnn,a,b,2\nAnn,c,d,3\n", encoding="utf-8")
    result = ahp(file)
    assert result.exit_code == 1
    assert "a, b" in result.output
    assert "Traceback" not in result.output


def test_bad_answers_are_told_without_a_traceback(tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(EXAMPLE.read_text(encoding="utf-8").replace("1/5", "1/5 or so"), encoding="utf-8")
    result = ahp(file)
    assert result.exit_code == 1
    assert "row 11, column 'judgement' (expert 'Bo')" in result.output
    assert "Traceback" not in result.output


def test_names_of_the_report_are_free_for_criteria_and_experts(tmp_path):
    file = tmp_path / "names.csv"
    rows = [f"{who},CR,b,3\n{who},CR,c,5\n{who},b,c,2" for who in ("The group", "Bo")]
    file.write_text("\n".join(["expert,first,second,judgement", *rows]), encoding="utf-8")
    lines = [line.split() for line in ahp(file).output.splitlines() if line.startswith(("The group ", "Bo "))]
    assert [line[-4:] for line in lines] == [["0.6483", "0.2297", "0.1220", "0.0032"]] * 3


def test_a_scale_is_an_option_and_what_was_done_is_told(tmp_path):
    file = tmp_path / "signed.csv"
    file.write_text("Who,a_b,a_c,b_c\nAnn,-3,-5,-2\n", encoding="utf-8")
    assert "minus-first" in ahp(file).output
    output = ahp(file, "--scale", "minus-first", "--column", "expert=Who").output
    assert "read as one row an expert, 3 comparisons" in output
    assert row(output, "Ann")[1:] == ["0.6483", "0.2297", "0.1220", "0.0032"]


def test_unknown_choices_are_told():
    assert "'magic' is not one of 'eigenvector'" in ahp(EXAMPLE, "--method", "magic").output
    assert ahp(EXAMPLE, "--table", "magic").exit_code == 2
    assert "is not there" in ahp("none.csv").output


def test_help_says_what_the_file_holds():
    output = ahp("--help").output
    assert "expert, first, second" in output
    assert "format such columns as text" in " ".join(output.split())
