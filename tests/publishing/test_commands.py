"""Every command that the book and the README tell their reader to type does what it should."""

import json
import re

import pytest

from crmlib.publishing import cli
from tests.conftest import ROOT

#: Files that a reader brings, and a file of the book that has the same form.
BROUGHT = {
    "my-customers.csv": "data/lubricant/customers.csv",
    "my-orders.csv": "data/cdnow/orders.csv",
    "mine.csv": "data/brand-switching/switching.csv",
    "answers.csv": "data/ahp-basics/experts.csv",
}
#: Commands that another test runs, or that change the book; what a reader fills in is filled in here.
ELSEWHERE = {
    "crmlib book": "tests/publishing/test_faults.py, .ci/run",
    "crmlib verify": "tests/publishing/test_faults.py",
    "crmlib list": "tests/publishing/test_cli.py",
    "crmlib pin speed": "for whoever measured anew",
    "crmlib run lubricant --customers my-customers.csv": "tests/publishing/test_cli.py",
    "crmlib run lubricant -p method=eigenvector": "tests/publishing/test_faults.py",
    "crmlib run j-company": "the same run as crmlib verify j-company",
    "crmlib run cdnow --file orders=my-orders.xlsx": "tests/cases/test_orders.py reads workbooks",
    "crmlib run cdnow": "with a day, below",
    "crmlib verify --documents FOLDER": "tests/publishing/test_documents.py",
}
FILLED_IN = ["crmlib run cdnow -p calibration_end=1997-12-30", "crmlib run lifecycle -p until=2025-06"]


def told():
    pages = [path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "book").glob("*.md")]]
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        pages.append("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"))
    commands = {command.strip() for page in pages for command in re.findall(r"(?:[` ]|^)(crmlib [^`\n]+)", page, re.M)}
    return sorted(command for command in commands if command.split()[1] in cli.main.commands)


def test_what_is_tested_elsewhere_is_still_told():
    assert set(ELSEWHERE) <= set(told())


@pytest.mark.parametrize("command", [*(command for command in told() if command not in ELSEWHERE), *FILLED_IN])
def test_a_command_of_the_book_runs(checkout, monkeypatch, command):
    monkeypatch.setattr(cli, "render", lambda *_, **__: None)  # the pages are rendered by other tests
    words = command.split()[1:]
    for brought, own in BROUGHT.items():
        words = [re.sub(rf"(^|=){re.escape(brought)}$", rf"\g<1>{own}", word) for word in words]
    result = checkout.here(*words)
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output
