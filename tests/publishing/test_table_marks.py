"""The marks of tables in a run with a set parameter, on a small notebook made for the test."""

from dataclasses import replace

import nbformat
import pandas as pd
import pytest

from crmlib.cases import load_case
from crmlib.publishing.provenance import Provenance
from crmlib.publishing.runner import Run
from crmlib.publishing.table_marks import own_marks, table_marks
from crmlib.tables import origin_mark, table
from tests.conftest import ROOT

CODE = """
from crmlib import ahp
from crmlib.cases import load_case
case = load_case("lubricant", customers)
weights = ahp.tree_weights(case.tree, method)
table(pd.DataFrame({"Weight": weights.leaf_weights, "Data weight": case.customers.mean()}).join(more))
"""


@pytest.fixture
def marked():
    """A function that gives the table's HTML and the marks of a run in which some parameters were set."""
    origins = {"Weight": "recovered", "Data weight": "assumed", "Mean": "assumed", "Printed": "published"}
    shown = table(pd.DataFrame({name: [1.0] for name in origins}), caption="Weight", origins=origins, origin="assumed")
    cell = nbformat.v4.new_code_cell(CODE)
    data, metadata = shown._repr_mimebundle_()
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    notebook = nbformat.v4.new_notebook(cells=[cell])

    def run(*changed):
        one = Run("lubricant", notebook, {"customers": "''", "method": "'row_sum'"}, frozenset(changed), 1.0)
        case = replace(load_case("lubricant", data=ROOT / "data"), changed=one.changed)
        provenance = Provenance(one.code, one.parameters, case, ROOT / "data")
        html = own_marks(one, provenance).cells[0].outputs[0].data["text/html"]
        return html, {mark.column or mark.place: str(mark.made) for mark in table_marks(one, provenance)}

    return run


def test_only_what_depends_on_a_set_parameter_is_marked_as_own(marked):
    html, made = marked("method")
    assert made == {"table: Weight": "own", "Weight": "own", "Data weight": "assumed", "Mean": "own"}
    assert f"<figcaption>Weight {origin_mark('own')}<" in html
    assert f">Weight<br>{origin_mark('own')}<" in html
    assert f">Data weight<br>{origin_mark('assumed')}<" in html


def test_without_set_parameters_no_mark_is_touched(marked):
    html, made = marked()
    assert made == {"table: Weight": "assumed", "Weight": "recovered", "Data weight": "assumed"}
    assert origin_mark("own") not in html
    assert html.count("crm-origin") == 5
