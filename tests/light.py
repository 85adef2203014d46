"""The methods in an environment that has nothing but them: every example runs, and what needs more says so in words.

Run by ``.ci/light`` from outside the checkout's environment, with the installed library and no pytest.
"""

import doctest
import pkgutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import crmlib

#: Rooms whose packages come with an extra, and what they ask for.
EXTRAS = {"cases": "tables", "explorer": "figures", "figures": "figures", "tables": "tables"}
BEYOND = {*EXTRAS, "__main__", "drawing", "marks", "publishing", "reading"}


def examples() -> tuple[int, int]:
    """Examples of the methods that failed, and how many there are."""
    names = [found.name for found in pkgutil.walk_packages(crmlib.__path__, "crmlib.", onerror=lambda name: None)]
    methods = [name for name in names if name.split(".")[1] not in BEYOND]
    results = [doctest.testmod(import_module(name)) for name in ["crmlib", *methods]]
    return sum(result.failed for result in results), sum(result.attempted for result in results)


def told(name: str) -> str:
    """What is said of a room whose packages are not there."""
    try:
        import_module(f"crmlib.{name}")
    except ImportError as error:
        return str(error)
    return "nothing"


if __name__ == "__main__":
    if find_spec("matplotlib") or find_spec("pydantic"):
        sys.exit("This environment is not empty: it has Matplotlib or pydantic.")
    failed, attempted = examples()
    silent = [name for name, extra in EXTRAS.items() if f'pip install "crmlib[{extra}]"' not in told(name)]
    command = subprocess.run([sys.executable, "-m", "crmlib", "list"], capture_output=True, text=True, check=False)
    if "Traceback" in command.stderr or 'pip install "crmlib[book]"' not in command.stderr:
        silent.append("the command")
    print(
        f"{attempted} examples of the methods, {failed} failed; {len(EXTRAS)} rooms and the command ask for an extra."
    )
    sys.exit(f"These do not: {silent}" if silent else min(failed, 1))
