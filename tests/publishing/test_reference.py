"""The reference of the library: whose pages a notebook needs, and what stands on them."""

import ast
import re
from importlib import import_module

import nbformat
import pytest

from crmlib.cases import load_case
from crmlib.publishing.reference import linked, pages_of, rooms_by_page
from crmlib.publishing.runner import Run
from crmlib.publishing.status import status_line
from tests.conftest import ROOT

BOOK = ROOT / "book"
PAGES = rooms_by_page(BOOK)
ROOMS = [room for rooms in PAGES.values() for room in rooms]


def pages_for(code):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line) for line in code.splitlines()])
    return pages_of(notebook, BOOK)


@pytest.mark.parametrize(
    ("code", "pages"),
    [
        ("from crmlib import ahp\nahp.priorities(judged)", ["library-ahp"]),
        ("from crmlib import clv\nclv.fit_bg_nbd(summary)", ["library-purchases"]),
        ("from crmlib.clv import fit_bg_nbd, chain_value", ["library-chains", "library-purchases"]),
        ("from crmlib.clv.cashflows import retention as stay\nstay.share_within(3)", ["library-cash-flows"]),
        ("from crmlib import matrix as places\nplaces.value_matrix(scores)", ["library-scores"]),
        ("weights = priorities = reducts = 1", []),
        ("from crmlib.cases import record", []),
    ],
)
def test_a_notebook_leads_to_the_pages_of_what_it_uses(code, pages):
    assert pages_for(code) == pages


def test_every_room_of_methods_has_one_page():
    assert len(set(ROOMS)) == len(ROOMS)
    told = {f"crmlib.{room}" for room in ROOMS} | {"crmlib.errors", "crmlib.cases", "crmlib.clv"}
    stub = ast.parse((ROOT / "crmlib" / "__init__.pyi").read_text(encoding="utf-8"))
    assert {node.module for node in stub.body if isinstance(node, ast.ImportFrom)} <= told
    wings = [name for room in ROOMS if room.startswith("clv.") for name in import_module(f"crmlib.{room}").__all__]
    assert sorted(wings) == sorted(import_module("crmlib.clv").__all__)


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in ("figures", "tables")])
def test_every_function_of_the_reference_has_an_example(room):
    module = import_module(f"crmlib.{room}")
    functions = [name for name in module.__all__ if callable(getattr(module, name)) and name[0].islower()]
    assert functions
    assert [name for name in functions if ">>>" not in getattr(module, name).__doc__] == []


def test_sources_and_names_are_links_and_code_is_left():
    links = {"holdout": ["crmlib.lifecycle.holdout", "crmlib.clv.holdout"]}
    lines = ["`holdout` [fader2005]_ of `x`, ``y`` and :math:`z`", ">>> '`holdout`'", "with [a]_ [1]_"]
    assert linked(lines, links, room="crmlib.clv") == [
        ":py:obj:`~crmlib.clv.holdout` :cite:t:`fader2005` of ``x``, ``y`` and :math:`z`",
        ">>> '`holdout`'",
        "with [a]_ [1]_",
    ]


def test_the_pages_lead_back_to_chapters_that_are_there():
    for page in PAGES:
        chapters = re.findall(r"\]\(([\w-]+)\)", (BOOK / f"{page}.md").read_text(encoding="utf-8"))
        assert chapters
        assert all(list(ROOT.glob(f"*/{chapter}.*")) for chapter in chapters)


def test_the_head_of_a_chapter_leads_to_the_functions_it_uses():
    case = load_case("lubricant", data=ROOT / "data")
    run = Run("lubricant", nbformat.v4.new_notebook(), {}, frozenset(), seconds=3.0)
    assert "Functions\n: {doc}`library-ahp`, {doc}`library-pareto`\n" in status_line(
        run, case, [], ["library-ahp", "library-pareto"]
    )
    assert "Functions" not in status_line(run, case, [])
