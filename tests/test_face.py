"""What `import crmlib` gives, and what it costs."""

import importlib
import json
import pkgutil
import subprocess
import sys

import pytest

import crmlib

#: What only those pay for who use it.
HEAVY = {
    "altair",
    "IPython",
    "matplotlib",
    "openpyxl",
    "pandera",
    "pydantic",
    "python_calamine",
    "scipy.integrate",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.special",
    "scipy.stats",
    "seaborn",
    "yaml",
}
#: Rooms that need an extra.
BEYOND = {"crmlib.cases", "crmlib.figures", "crmlib.tables"}


def loaded_by(statement):
    """Modules in memory after the statement, run in an interpreter of its own."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_face_loads_nothing_but_itself():
    loaded = loaded_by("import crmlib")
    assert {name for name in loaded if name.startswith("crmlib")} == {"crmlib"}
    assert not loaded & {"numpy", "pandas", "narwhals", "scipy"}


def test_no_method_loads_what_it_does_not_need():
    methods = [name for name in crmlib.__all__ if crmlib._ROOM_OF[name] not in BEYOND]
    assert len(methods) > 60
    loaded = loaded_by("import numpy, pandas, crmlib\n" + "\n".join(f"crmlib.{name}" for name in methods))
    assert "crmlib.clv.purchases.fitting" in loaded
    assert not loaded & HEAVY
    assert "scipy.stats" in loaded_by("import crmlib; crmlib.concentration; import scipy; scipy.stats")


def test_tables_of_any_engine_are_loaded_only_where_a_log_is_read():
    assert "narwhals" not in loaded_by("import crmlib; crmlib.priorities; crmlib.value_matrix; crmlib.minimal_rules")


@pytest.mark.parametrize("name", crmlib.__all__)
def test_every_name_is_public_where_it_comes_from(name):
    room = importlib.import_module(crmlib._ROOM_OF[name])
    assert name in room.__all__
    assert getattr(crmlib, name) is getattr(room, name)
    assert name in dir(crmlib)
    assert getattr(crmlib, name).__doc__


def test_a_room_is_reached_from_the_face_and_another_name_is_not():
    assert crmlib.lifecycle.survival
    with pytest.raises(AttributeError, match="no attribute 'surviva'"):
        _ = crmlib.surviva


def packages():
    return [
        crmlib,
        *(
            importlib.import_module(found.name)
            for found in pkgutil.walk_packages(crmlib.__path__, "crmlib.")
            if found.ispkg
        ),
    ]


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.__name__)
def test_no_name_hides_a_module(package):
    modules = {found.name for found in pkgutil.iter_modules(package.__path__)}
    assert not modules & set(getattr(package, "__all__", ()))
