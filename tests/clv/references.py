"""The reference values that the literature and independent programs give for customer lifetime value."""

import json

from tests.conftest import ROOT

CASES = {
    case["name"]: case
    for case in json.loads((ROOT / "tests" / "reference" / "clv_cases.json").read_text(encoding="utf-8"))
}


def reference(name):
    """Inputs, expected value and absolute tolerance of one case."""
    case = CASES[name]
    return case["inputs"], case["expected"], case["tolerance"]["value"]
