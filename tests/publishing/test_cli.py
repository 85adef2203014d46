import json
import re
from html import unescape

import pytest
from click.testing import CliRunner

from crmlib.publishing import cli
from tests.conftest import ROOT


def test_your_own_customers(checkout):
    own = checkout.root / "own.csv"
    lines = (ROOT / "data/lubricant/customers.csv").read_text(encoding="utf-8").splitlines()
    lines = [lines[0], *lines[2:], lines[1].replace("1,", "<script>张三,", 1)]
    own.write_text("\n".join(f"{line},{'Wuxi' if at else '<em>city</em>'}" for at, line in enumerate(lines)), "utf-8")
    result = checkout.here("run", "lubricant", "--customers", str(own))
    assert result.exit_code == 0, result.output
    assert "lubricant: results reproduced 12 of 12, facts kept 25 of 33, inputs taken over 25 of 25" in result.stdout
    assert "checks failed 0" in result.stdout
    html = (checkout.root / "_build/run-lubricant/html/lubricant.html").read_text(encoding="utf-8")
    assert "not comparable" in html
    assert ">own</span>" in html
    assert "&lt;script&gt;张三" in html
    assert "<script>张三" not in html
    assert "own.csv; 7 rows; 1 column left out: <em>city</em>" in unescape(re.sub("<[^>]*>", "", html))
    results = json.loads((checkout.root / "_build/run-lubricant/results/lubricant.json").read_text(encoding="utf-8"))
    assert results["readings"] == {"customers": ["own.csv", "7 rows", "1 column left out: <em>city</em>"]}


def test_bad_customers_are_told_without_a_traceback(checkout):
    own = checkout.root / "own.csv"
    text = (ROOT / "data/lubricant/customers.csv").read_text(encoding="utf-8")
    own.write_text(text.replace("63.4", "many").replace("5.2", "", 1), encoding="utf-8")
    result = checkout.here("run", "lubricant", "--customers", str(own))
    assert result.exit_code == 1
    assert "row 2, column 'gross_profit' (customer '1'): found 'many'" in result.stderr
    assert "Traceback" not in result.stderr


def test_your_own_orders_as_a_shop_exports_them(checkout):
    own = checkout.root / "shop.csv"
    rows = (line.split(",") for line in (ROOT / "data/cdnow/orders.csv").read_text(encoding="utf-8").splitlines()[1:])
    lines = [f"{who};{day[8:]}/{day[5:7]}/{day[:4]};{cds};US$ {paid}" for who, day, cds, paid in rows if day[8:] < "13"]
    own.write_text("\n".join(["Buyer;Sold on;CDs;实付金额", *lines]), encoding="utf-16")
    result = checkout.here("run", "cdnow", "--file", f"orders={own}", "--column", "date=Sold on")
    assert result.exit_code == 1
    assert "may be day or month first. Say which comes first" in result.stderr
    result = checkout.crmlib(
        "run", "cdnow", "--file", f"orders={own}", "--column", "date=Sold on", "--date-order", "dmy"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(lines)} rows\n  read as UTF-16 text" in result.stdout
    results = json.loads((checkout.root / "_build/run-cdnow/results/cdnow.json").read_text(encoding="utf-8"))
    assert "1 column left out: CDs" in results["readings"]["orders"]
    assert results["values"]["log.rows"] == len(lines)
    assert results["values"]["log.repeated"] == len(lines) - len(set(lines))


@pytest.fixture
def invoke(monkeypatch):
    monkeypatch.chdir(ROOT)
    return lambda *arguments: CliRunner().invoke(cli.main, arguments)


def test_list_names_cases_and_parameters(invoke):
    result = invoke("list")
    assert result.exit_code == 0
    assert "lubricant: A lubricant company and its seven customers" in result.output
    assert 'method = "geometric_mean"    eigenvector, geometric_mean, column_sum or row_sum' in result.output


@pytest.mark.parametrize("command", ["", "list", "run", "verify", "book", "pin", "ahp"])
def test_every_command_has_help(invoke, command):
    result = invoke(*([command] if command else []), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "lubricants"], "no such notebook. The cases are: ahp-basics, "),
        (["verify", "nothing"], "no such notebook"),
        (["run", "lubricant", "--customers", "none.csv"], "none.csv cannot be used:\n  - the file: is not there"),
        (["run", "lubricant", "--file", "orders=none.csv"], "Its files are: customers"),
        (["run", "lubricant", "--file", "orders"], "Write NAME=FILE"),
        (["run", "lubricant", "-p", "method"], "has no '='"),
    ],
)
def test_wrong_calls_are_told(invoke, arguments, message):
    result = invoke(*arguments)
    assert result.exit_code == 1
    assert message in result.output


def test_outside_the_book(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.main, ["list"])
    assert result.exit_code == 1
    assert "is not inside the book's folder" in result.output


def test_the_unforeseen_goes_to_a_file(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.Project, "find", lambda: 1 / 0)
    result = CliRunner().invoke(cli.main, ["list"])
    assert result.exit_code == 1
    assert "Something unforeseen went wrong: division by zero" in result.output
    assert "ZeroDivisionError" in (tmp_path / "crmlib-error.log").read_text(encoding="utf-8")


def test_an_unknown_choice_is_told(checkout):
    result = checkout.here("run", "lubricant", "-p", "threshold=magic")
    assert result.exit_code == 1
    assert "found 'magic'. Give one of mean, median" in result.stderr
    assert "Traceback" not in result.output


def test_list_offers_the_files_that_a_notebook_takes_and_no_others(invoke):
    lines = invoke("list").output.splitlines()
    assert (
        "    --file orders=FILE    One row an order: customer, date, number of CDs (not used), amount in US dollars"
        in lines
    )
    assert not any(line.startswith("    --file survivors=") for line in lines)
    assert not any(line.startswith("    orders = ") for line in lines)
