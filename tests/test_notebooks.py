"""Every notebook keeps the rules of the house; each message says how to mend it."""

import ast
import json

import pytest
import yaml

from crmlib.cases import Origin
from tests.conftest import ROOT
from tests.notebook_code import LAST, cases_loaded, code_problems

TAGS = {"parameters", "hide-input"}
LONGEST_CELL = 30


def notebooks():
    return [pytest.param(path, id=path.stem) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == "code"]


def parameters_of(cells):
    trees = [ast.parse(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def mark_problems(node):
    """A table says where its contents come from, and is told so by the case, not by the author."""
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "table"):
        return
    told = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg in ("origin", "origins")}
    if not told:
        yield "give the table origin=case.origin(...) or origins={...}."
    words = {str(origin) for origin in Origin}
    inside = [part for value in told.values() for part in ast.walk(value)]
    typed = {part.value for part in inside if isinstance(part, ast.Constant)} & words
    calls = [ast.unparse(part) for part in inside if isinstance(part, ast.Call)]
    paths = {word for word in typed for call in calls if f"'{word}'" in call and ".origin(" in call}
    if typed - paths:
        yield f"{sorted(typed)} is typed; take it from case.origin(...)."


def alt_problems(node):
    """A figure says in words what it shows."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("figures.", "explorer.")):
        alt = next((keyword.value for keyword in node.keywords if keyword.arg == "alt"), None)
        if alt is None or not str(getattr(alt, "value", "x")).strip():
            yield f"give {ast.unparse(node.func)} an alt= that says what it shows."


def problems(cells, has_sources=True):
    found = []
    if sum("parameters" in cell["metadata"].get("tags", []) for cell in cells) != 1:
        found.append("Tag exactly one cell with 'parameters'.")
    trees = [ast.parse(cell["source"]) for cell in cells]
    loaded = set().union(*map(cases_loaded, trees))
    for number, (cell, tree) in enumerate(zip(cells, trees, strict=True), start=1):
        nodes = list(ast.walk(tree))
        if cell["outputs"] or cell["execution_count"]:
            found.append(f"Cell {number}: clear the outputs (jupyter nbconvert --clear-output --inplace).")
        if unknown := set(cell["metadata"].get("tags", [])) - TAGS:
            found.append(f"Cell {number}: unknown tags {sorted(unknown)}; use {sorted(TAGS)}.")
        if any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) for node in nodes):
            found.append(f"Cell {number}: move the definition into crmlib and test it there.")
        if any(isinstance(node, ast.Assert) for node in nodes):
            found.append(f"Cell {number}: record the value instead of asserting it; crmlib verify checks it.")
        if len(cell["source"].splitlines()) > LONGEST_CELL:
            found.append(f"Cell {number}: over {LONGEST_CELL} lines; move the computation into crmlib.")
        if "parameters" not in cell["metadata"].get("tags", []):
            told = code_problems(tree, parameters_of(cells), loaded)
            found += [f"Cell {number}: {problem}" for problem in told if has_sources or problem != LAST]
        found += [f"Cell {number}: {problem}" for node in nodes if has_sources for problem in mark_problems(node)]
        typed = {node.value for node in nodes if isinstance(node, ast.Constant)} & {*map(str, Origin)} - {"own"}
        if typed:
            found.append(f"Cell {number}: {sorted(typed)} is typed; take an origin from case.origin(...).")
        found += [f"Cell {number}: {problem}" for node in nodes for problem in alt_problems(node)]
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and "._" in ".".join(
                [str(node.module), *(name.name for name in node.names)]
            ):
                found.append(f"Cell {number}: import public names only.")
    return found


@pytest.mark.parametrize("path", notebooks())
def test_a_notebook_keeps_the_rules(path):
    case = yaml.safe_load((ROOT / "data" / path.stem / "case.yml").read_text(encoding="utf-8"))
    assert problems(code_cells(path), has_sources=bool(case["sources"])) == []


@pytest.mark.parametrize("path", notebooks())
def test_a_notebook_has_a_case_and_a_place_in_the_book(path):
    assert (ROOT / "data" / path.stem / "published.yml").is_file(), f"Add data/{path.stem}/published.yml."
    contents = (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    assert f"file: {path.stem}\n" in contents, f"Add '- file: {path.stem}' to book/_toc.yml."


def cell(source, tags=(), outputs=(), count=None):
    return {"source": source, "metadata": {"tags": list(tags)}, "outputs": list(outputs), "execution_count": count}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (cell("x = 1", outputs=[{}]), "clear the outputs"),
        (cell("x = 1", count=3), "clear the outputs"),
        (cell("x = 1", ["parameters"]), "exactly one cell"),
        (cell("x = 1", ["hide-cell"]), "unknown tags"),
        (cell("def f():\n    return 1"), "move the definition"),
        (cell("class A:\n    x = 1"), "move the definition"),
        (cell("assert True"), "record the value"),
        (cell("x = 1\n" * 31), "over 30 lines"),
        (cell("figures.bars(frame, 'x')"), "give figures.bars an alt="),
        (cell("figures.bars(frame, 'x', alt=' ')"), "give figures.bars an alt="),
        (cell("explorer.value_explorer(tree)"), "give explorer.value_explorer an alt="),
        (cell("from crmlib.ahp.weights import _x"), "public names"),
        (cell("table(frame, caption='x')"), "give the table origin"),
        (cell("table(frame, caption='x', origin='assumed')"), "is typed"),
        (cell("table(frame, caption='x', origin=None if own else 'assumed')"), "is typed"),
        (cell("table(frame, caption='x', origins={'CR': 'recovered'})"), "is typed"),
        (cell("mark = 'published'"), "is typed"),
        (cell("value = eval('1 + 1')"), "eval hides"),
        (cell("value = vars(frame)['a']"), "vars hides"),
        (cell("from numpy import *"), "one by one"),
        (cell("text = open('data/shop/published.yml').read()"), "open hides"),
        (cell("import yaml"), "yaml reaches past the case"),
        (cell("from pathlib import Path"), "pathlib reaches past the case"),
        (cell("import os.path as p"), "os reaches past the case"),
        (cell("import numpy as np\nnp.mean = max"), "changes a module"),
        (cell("case = load_case('shop')\nbox = getattr(case, 'pri' 'nted')"), "hides what it takes"),
        (cell("frame = pd.read_csv('data/shop/log.csv')"), "reads past the case"),
        (cell("frame = np.load('weights.npy')"), "reads past the case"),
        (cell("np.copyto(weights, others)"), "in place"),
        (cell("np.add(a, b, out=weights)"), "writes into another name"),
        (cell("from crmlib.tables import table as show"), "under its own name"),
        (cell("show = table"), "call table itself"),
        (cell("seen = list(map(record, names, values))"), "call record itself"),
        (cell("years = years + 1"), "years is a parameter"),
        (cell("for years in range(3):\n    pass"), "years is a parameter"),
        (cell("case = load_case('shop')\ncase.customers['a'] = 1"), "changes the case"),
        (cell("case = load_case('shop')\ncase.lists['a'] = 1"), "changes the case"),
        (cell("case = load_case('shop')\ncase.name = 'b'"), "changes the case"),
        (cell("case = load_case('shop')\ncase.customers.insert(0, 'a', 1)"), "changes the case"),
        (cell("case = load_case('shop')\ncase.customers.drop(columns='a', inplace=True)"), "changes the case"),
        (cell("case = load_case(name)"), "write name = load_case"),
        (cell("orders = load_case('shop').files"), "write name = load_case"),
        (cell("frame.query('a > @limit')"), "hides what it compares"),
        (cell("orders = pd.read_csv(case.files['orders'])"), "take case.tables"),
        (cell("record(name='a', value=1)"), "write record(name, value)"),
        (cell("record(*pair)"), "write record(name, value)"),
        (cell("table(frame=frame, caption='x', origin=None)"), "the frame by position"),
        (cell("table(frame, **how)"), "the rest by name"),
        (cell("display(table(frame, caption='x', origin=None))"), "last expression of its cell"),
        (cell("table(frame, caption='x', origin=None)\nx = 1"), "last expression of its cell"),
    ],
)
def test_the_linter_finds_each_fault(bad, message):
    good = cell("years = 1", ["parameters"])
    assert problems([good]) == []
    assert any(message in problem for problem in problems([good, bad]))
