"""The house: what may import what, nothing public without a user, every source in the bibliography."""

import ast
import json
import re
import sys

import pytest

from tests.conftest import ROOT, SharedRuns

MODULES = sorted((ROOT / "crmlib").rglob("*.py"))
ROOMS = {"reading": 1, "cases": 2, "explorer": 3, "drawing": 3, "figures": 3, "marks": 3, "tables": 3, "publishing": 4}
METHODS_MAY_IMPORT = {"numpy", "scipy", "pandas"}
TABLES_OF_ANY_ENGINE = {"crmlib.transactions", "crmlib.pareto.distributed"}


def room(dotted):
    """0 for methods, then the reading of tables, cases, figures and tables, publishing."""
    return ROOMS.get(dotted.split(".")[1] if "." in dotted else "", 0)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_go_down_only(path):
    here = room(dotted(path))
    if path.name == "__main__.py":
        here = ROOMS["publishing"]
    for module in imports(path):
        if module.startswith("crmlib"):
            assert room(module) <= here, f"{dotted(path)} may not import {module}"
        elif here == 0 and path.name not in ("__init__.py", "__main__.py"):
            top = module.split(".")[0]
            allowed = METHODS_MAY_IMPORT | sys.stdlib_module_names
            if dotted(path).startswith(tuple(TABLES_OF_ANY_ENGINE)):
                allowed |= {"narwhals"}
            assert top in allowed, f"a method may not import {top}"


def sources():
    """Syntax trees of all that may use the library: its own modules, the notebooks and the documented large run."""
    for path in [*MODULES, ROOT / "tests" / "bench" / "hundred_million.py"]:
        if path.name != "__init__.py":
            yield ast.parse(path.read_text(encoding="utf-8"))
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield ast.parse("".join(cell["source"]))


def test_every_public_function_has_a_user():
    used = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
    public = set()
    for path in MODULES:
        if path.name != "__init__.py":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                    public |= set(ast.literal_eval(node.value))
    unused = sorted(public - used - {"main"})
    assert not unused, f"public, but no chapter, notebook or command uses {unused}"


def test_every_source_key_is_in_the_bibliography():
    keys = set(re.findall(r"^@\w+\{([\w-]+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.M))
    cited = {
        key for path in MODULES for key in re.findall(r"\[(\w+)\]_", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert cited
    assert not cited - keys


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320, "is it still one noun?"


@pytest.mark.parametrize(
    ("test", "scope"),
    [
        ("tests/publishing/test_planter.py::test_faults[ahp-basics-code]", "ahp-basics"),
        ("tests/publishing/test_planter.py::test_control[ahp-basics]", "ahp-basics"),
        ("tests/browser/test_security.py::test_text", "browser"),
        ("tests/test_matrix.py::test_a[1]", "tests/test_matrix.py::test_a[1]"),
    ],
)
def test_what_shares_a_run_goes_to_one_worker(test, scope):
    assert SharedRuns._split_scope(None, test) == scope
