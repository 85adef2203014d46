"""Parameters are refused in words before anything runs."""

import pytest

from crmlib.cases import load_case
from crmlib.publishing.parameters import default_parameters, parameter_problems, parsed_parameters
from crmlib.publishing.project import Project
from tests.conftest import ROOT

PROJECT = Project(ROOT)
NUMBERS_THAT_MAY_BE_ANYTHING = {"margin", "profit"}


def told(case, texts):
    """What is said of parameters as somebody types them."""
    given = parsed_parameters(PROJECT.notebook(case), texts)
    return [str(problem) for problem in parameter_problems(PROJECT, case, given)]


@pytest.mark.parametrize(
    ("case", "name", "text", "message"),
    [
        ("lubricant", "method", "eigen", "Give one of eigenvector, geometric_mean, column_sum, row_sum"),
        ("lubricant", "draws", "0", "Give a number at least 2"),
        ("lubricant", "draws", "many", "Give a whole number, such as 20000"),
        ("lubricant", "methd", "eigenvector", "Did you mean 'method'?"),
        ("brand-switching", "brand", "Z", "Give one of A, B, C"),
        ("brand-switching", "chances", "[0.3, 2]", "found 2. Give a number at least 0, at most 1"),
        ("brand-switching", "chances", "[{}]", "Give a list of numbers or texts"),
        ("lifecycle", "cutoff", "June", "Write a month as 2024-12"),
        ("lifecycle", "cutoff", "2024-13", "Write a month as 2024-12"),
        ("cdnow", "calibration_end", "1997-9-30", "Write a day as 2024-12-31"),
        ("customer-pyramid", "tier_percent", "[1, 2]", "has 2 items. Give 4"),
        ("customer-pyramid", "tier_percent", "[1, 2, 3, 4]", "adds up to 10. Together they are 100"),
        ("clv-basics", "retention", "1", "Give a number at least 0, below 1"),
        ("ahp-certainty", "left_out", "Nobody", "Give one of Director, Accountant, Sales, Service"),
        ("ahp-basics", "judgements", '[["3", "0"], ["2"]]', "Write a judgement as 3 or 1/3"),
    ],
)
def test_what_does_not_fit_is_told_with_what_would(case, name, text, message):
    found = told(case, {name: text})
    assert found
    assert message in found[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_choice_by_name_is_held_against_the_own_file(tmp_path, encoding):
    own = tmp_path / "own.csv"
    own.write_text("brand,share\n甲品牌,0.5\n乙品牌,0.5\n", encoding=encoding)
    assert told("brand-switching", {"brand": "乙品牌", "shares": str(own)}) == []
    assert "Give one of 甲品牌, 乙品牌" in told("brand-switching", {"brand": "A", "shares": str(own)})[0]


@pytest.mark.parametrize("case", PROJECT.cases)
def test_every_default_is_allowed_and_every_parameter_declared(case):
    """A number has a range, a text its choices or form; only amounts of money may be anything."""
    defaults, loaded = default_parameters(PROJECT.notebook(case)), load_case(case, data=ROOT / "data")
    assert parameter_problems(PROJECT, case, defaults) == []
    assert set(defaults) - set(loaded.files) - {"folder"} == set(loaded.entry.parameters)
    for name, entry in loaded.entry.parameters.items():
        assert entry.range or entry.choices or entry.names or entry.form or name in NUMBERS_THAT_MAY_BE_ANYTHING


def test_a_computed_default_is_refused(checkout):
    checkout.replace("notebooks/lubricant.ipynb", "seed = 2026", "seed = 2025 + 1")
    with pytest.raises(Exception, match="compute with it in the next cell"):
        default_parameters(checkout.root / "notebooks/lubricant.ipynb")
