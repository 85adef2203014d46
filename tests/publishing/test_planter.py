"""CI sees what the reader sees: faults made by rule in every chapter are found, each by itself.

The seed is fixed here. ``CRMLIB_SEED`` gives another one, as CI does once a week.
"""

import os
import random
import shutil
from collections import Counter
from functools import cache

import pytest

from crmlib.cases import load_case
from crmlib.publishing.checks import failures
from crmlib.publishing.project import Project
from crmlib.publishing.verification import check_run
from tests.conftest import ROOT
from tests.publishing.planter import code_faults, data_fault, file_faults, prose_faults
from tests.publishing.shell import run_here

SEED = os.environ.get("CRMLIB_SEED", "11")
CHAPTERS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in Project(ROOT).cases]

clean_run = cache(run_here)


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def checked(run, data):
    return failures(check_run(run, load_case(run.case, data=data), data))


def dice(chapter):
    return random.Random(f"{SEED} {chapter}")  # noqa: S311 (no secret)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_faults_in_prose_facts_pins_and_records_are_found(chapter, data):
    run, choice = clean_run(ROOT, chapter), dice(chapter)
    assert checked(run, data) == [], "the control: without a fault the chapter is green"
    planted, missed = Counter(), []
    for fault in [*prose_faults(run, choice, each=2), *file_faults(run, data / chapter, choice, each=2)]:
        before = {name: (data / chapter / name).read_text(encoding="utf-8") for name in fault.files}
        for name, text in fault.files.items():
            (data / chapter / name).write_text(text, encoding="utf-8")
        planted[fault.kind] += 1
        missed += [] if checked(fault.run, data) else [f"{fault.kind}: {fault.told}"]
        for name, text in before.items():
            (data / chapter / name).write_text(text, encoding="utf-8")
    assert sum(planted.values()) >= 10
    assert missed == [], f"seed {SEED}, of {dict(planted)}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_faults_in_tables_and_figures_are_found(chapter):
    """All in one run, one a cell; what the reader would see otherwise in that cell must be told."""
    run, faults = clean_run(ROOT, chapter), list(code_faults(clean_run(ROOT, chapter)))
    one_a_cell = {fault.cell: fault for fault in dice(chapter).sample(faults, len(faults))}
    other = run_here(ROOT, chapter, {cell: fault.code for cell, fault in one_a_cell.items()})
    told = {line for check in checked(other, ROOT / "data") for line in (check.printed, str(check.ours))}
    changed = {cell: set(shown(run, cell)) ^ set(shown(other, cell)) for cell in one_a_cell}
    visible = {cell: lines for cell, lines in changed.items() if lines}
    assert len(visible) >= 1
    assert [f"{one_a_cell[cell].kind}, cell {cell}" for cell, lines in visible.items() if not lines & told] == []


def shown(run, cell):
    outputs = run.notebook.cells[cell].get("outputs", [])
    return [line for output in outputs for line in output["metadata"].get("crmlib", {}).get("shown", [])]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_changed_digit_in_any_data_file_is_found(chapter, data):
    run, choice = clean_run(ROOT, chapter), dice(chapter)
    for path in sorted((data / chapter).glob("*.csv")):
        before = path.read_bytes()
        path.write_text(data_fault(path, choice), encoding="utf-8")
        assert any(path.name in check.printed for check in checked(run, data)), path.name
        path.write_bytes(before)
