"""Where packages are missing, the library says in words which, and how to get them."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

#: A package that only an extra brings, what needs it, and the extra.
NEEDED = [
    ("matplotlib", "import crmlib; crmlib.lorenz", "figures"),
    ("seaborn", "from crmlib import figures", "figures"),
    ("altair", "import crmlib.explorer", "figures"),
    ("pydantic", "import crmlib; crmlib.read_orders", "tables"),
    ("yaml", "from crmlib.cases.case import load_case", "tables"),
    ("python_calamine", "import crmlib; crmlib.table", "tables"),
    ("click", "import runpy; runpy.run_module('crmlib', run_name='__main__')", "book"),
]


def said_without(package, statement):
    """The last line that is written where a package is not installed."""
    code = f"import sys; sys.modules[{package!r}] = None; sys.argv = ['crmlib']; {statement}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stderr


@pytest.mark.parametrize(("package", "statement", "extra"), NEEDED)
def test_a_missing_package_is_named_with_its_extra(package, statement, extra):
    said = said_without(package, statement)
    assert said.endswith(f'{package} is not installed. Type: pip install "crmlib[{extra}]"\n')


def test_the_command_has_no_traceback():
    assert said_without(*NEEDED[-1][:2]).startswith("crmlib: click is not")


def test_nothing_is_said_where_nothing_is_missing():
    assert said_without("no_such_package", "import crmlib.explorer") == ""
