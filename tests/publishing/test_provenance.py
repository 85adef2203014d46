"""What values are made of is read from code: the ways that are followed; others are missed (see the module)."""

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.cases import Origin, load_case, read_expected
from crmlib.publishing.provenance import Part, Provenance
from tests.conftest import ROOT

DATA = ROOT / "data"
HEAD = """
import pandas as pd
from crmlib import ahp, cases, figures
from crmlib.cases import record
from crmlib.scaling import scale as scaled
case = cases.load_case("lubricant", customers)
"""
METHOD, CUSTOMERS = Part("method", "crmlib.ahp.tree_weights"), Part("path", "files.customers", "lubricant")
JUDGEMENTS = Part("path", "judgements", "lubricant")
FACTS = Part("path", "facts", "lubricant")


@pytest.fixture(scope="module")
def lubricant():
    return load_case("lubricant", data=DATA)


def provenance(case, code, parameters=("customers", "method", "seed")):
    return Provenance({1: HEAD, 2: code}, parameters, case, DATA)


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ('record("x", 7)', set()),
        ('record("x", len(["a", "b"]))', set()),
        ('record("x", seed)', {Part("parameter", "seed")}),
        ('record("x", len(case.customers))', {CUSTOMERS}),
        (
            'w = ahp.tree_weights(case.tree, method)\nrecord("x", w.leaf_weights)',
            {METHOD, JUDGEMENTS, Part("parameter", "method")},
        ),
        ('record("x", scaled(case.customers))', {Part("method", "crmlib.scaling.scale"), CUSTOMERS}),
        ('record("x", case.files["orders"])', {Part("path", "files.orders", "lubricant")}),
        ('record("x", case.lists["stages"])', {Part("path", "lists.stages", "lubricant")}),
        ('record("x", case.printed["a"])', {Part("path", "facts", "lubricant")}),
        ('record("x", case)', {CUSTOMERS, JUDGEMENTS, FACTS}),
        ('record("x", case.origin("customers"))', set()),
        ('a, b = 1, case.customers\nrecord("x", a)', set()),
        ('a, b = 1, case.customers\nrecord("x", b)', {CUSTOMERS}),
        ('a, *b = seed, case.customers\nrecord("x", a)', {CUSTOMERS, Part("parameter", "seed")}),  # says too much
        ('f = pd.DataFrame()\nf["y"] = case.customers\nrecord("x", f)', {CUSTOMERS}),
        ('f = []\nf.append(seed)\nrecord("x", f)', {Part("parameter", "seed")}),
        ('f = 0\nf += seed\nrecord("x", f)', {Part("parameter", "seed")}),
        ('record("x", (n := seed))', {Part("parameter", "seed")}),
        ('for row in case.customers:\n    last = row\nrecord("x", last)', {CUSTOMERS}),
        ('n = 0\nfor row in case.customers:\n    n += 1\nrecord("x", n)', {CUSTOMERS}),
        ('f = []\nfor row in case.customers:\n    f.append(1)\nrecord("x", len(f))', {CUSTOMERS}),
        ('n = 0\nwhile n < seed:\n    n += 1\nrecord("x", n)', {Part("parameter", "seed")}),
        ('with f(seed) as y:\n    pass\nrecord("x", y)', {Part("parameter", "seed")}),
        (
            'match seed:\n    case 1:\n        y = 1\n    case z:\n        y = 2\nrecord("x", y)',
            {Part("parameter", "seed")},
        ),
        ('if seed:\n    record("x", 1)\nelse:\n    record("x", 2)', {Part("parameter", "seed")}),
        ('f = {}\nif seed:\n    f["a"] = 1\nrecord("x", f)', {Part("parameter", "seed")}),
        ('f = {}\nf["a"].append(seed)\nrecord("x", f)', {Part("parameter", "seed")}),
        ('record("x", value=seed)', {Part("parameter", "seed")}),
        ('record(name="x", value=seed)', {Part("parameter", "seed")}),
        ('cases.record("x", seed)', {Part("parameter", "seed")}),
        ('record("x", cases.load_case("lubricant").customers)', {CUSTOMERS, JUDGEMENTS, FACTS}),
        ('record("x", cases.load_case(name="lubricant").customers)', {CUSTOMERS, JUDGEMENTS, FACTS}),
        ('record("x", case.held("customers"))', {CUSTOMERS, JUDGEMENTS, FACTS}),
        (
            'case = cases.load_case("ahp-basics")\nrecord("x", case.judgements)',
            {JUDGEMENTS, Part("path", "judgements", "ahp-basics")},
        ),
        ('import crmlib.ahp\nrecord("x", crmlib.ahp.tree_weights(seed))', {METHOD, Part("parameter", "seed")}),
        ('if seed:\n    y = 1\nelse:\n    y = 2\nrecord("x", y)', {Part("parameter", "seed")}),
        ('record("x", [customer for customer in case.customers])', {CUSTOMERS}),
        ('record("x", [seed for seed in (1, 2)])', set()),
        ('record("x", [seed for seed in seed])', {Part("parameter", "seed")}),
        ('again = case\nrecord("x", again.customers)', {CUSTOMERS, JUDGEMENTS, FACTS}),
        ('f = {}\nf["a"] = 1\nf.update(b=seed)\nrecord("x", f)', {Part("parameter", "seed")}),
        ('f = pd.DataFrame()\nf.loc[0, "a"] = seed\nrecord("x", f)', {Part("parameter", "seed")}),
        ('record("x", (lambda seed: seed + 1)(2))', set()),
        ('figures.bars(seed, alt="a")\nrecord("x", 1)', set()),
        ('record("y", seed)\nrecord("x", 1)', set()),
        ('for k in "ab":\n    record(f"{k}.z", 1)\nrecord("x", seed)', {Part("parameter", "seed")}),
    ],
)
def test_parts(lubricant, code, parts):
    assert provenance(lubricant, code).parts("x", 2) == parts


@pytest.mark.parametrize("name", ["score", "score.high", "score.high.1"])
@pytest.mark.parametrize("first", ['"score"', 'f"score"', 'f"sc{k}"', '"sc" + k', "k"])
def test_a_recorded_name_is_found_however_it_is_written(lubricant, name, first):
    assert provenance(lubricant, f"record({first}, seed)").parts(name, 2) == {Part("parameter", "seed")}


@pytest.mark.parametrize(
    ("code", "origin"),
    [
        ('record("x", 7)', Origin.ASSUMED),
        ('record("x", seed)', Origin.ASSUMED),
        ('record("x", case.printed["a"])', Origin.PUBLISHED),
        ('record("x", ahp.identify(case.printed["a"]))', Origin.RECOVERED),
        ('record("x", ahp.tree_weights(case.tree, method))', Origin.RECOVERED),
        ('record("x", ahp.tree_weights(case.tree, method) * case.customers)', Origin.ASSUMED),
        ('record("x", case.criteria)', Origin.ASSUMED),
        ('record("x", ahp.tree_weights(case.tree, case.criteria))', Origin.RECOVERED),
        ('other = cases.load_case("ahp-basics")\nrecord("x", other.judgements)', Origin.PUBLISHED),
        ('record("customers.count", 7)', Origin.PUBLISHED),  # a fact
    ],
)
def test_origins(lubricant, code, origin):
    name = "customers.count" if "customers.count" in code else "x"
    assert provenance(lubricant, code).origin(name, 2) is origin


@given(st.permutations(range(6)), st.integers(0, 5))
def test_nothing_is_lost_on_the_way_through_names(order, hops):
    """A chain of assignments in any order still leads back to the data; names are followed without regard to order."""
    chain = ["v0 = case.customers", *(f"v{n} = g(v{n - 1})" for n in range(1, 6))]
    code = "\n".join(chain[at] for at in order) + f'\nrecord("x", v{hops})'
    ast.parse(code)
    case = load_case("lubricant", data=DATA)
    assert CUSTOMERS in provenance(case, code).parts("x", 2)


def code_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {at: "".join(cell["source"]) for at, cell in enumerate(cells) if cell["cell_type"] == "code"}


def test_only_what_needs_the_features_of_the_lifecycle_depends_on_them():
    code = code_of(ROOT / "notebooks" / "lifecycle.ipynb")
    read = Provenance(code, (), load_case("lifecycle", data=DATA), DATA)
    names = read_expected(DATA / "lifecycle" / "expected.yml").expected
    features = Part("path", "files.features", "lifecycle")
    depending = {name.partition(".")[0] for name in names for at in code if features in read.parts(name, at)}
    assert depending == {"features", "score", "warning", "claim"}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_pinned_value_of_a_notebook_is_found_in_its_code(path):
    code = code_of(path)
    read = Provenance(code, (), load_case(path.stem, data=DATA), DATA)
    names = read_expected(DATA / path.stem / "expected.yml").expected
    assert [name for name in names if not any(read.parts(name, at) or read.records(name, at) for at in code)] == []
