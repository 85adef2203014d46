"""A notebook run in this process: quicker than a kernel, which the command line and a few tests use."""

import contextlib
import warnings
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from crmlib.cases import recorded_values
from crmlib.publishing.parameters import declared_parameters
from crmlib.publishing.project import Project
from crmlib.publishing.runner import Run


@contextlib.contextmanager
def _shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    shell.showtraceback = lambda *_, **__: None
    try:
        yield shell
    finally:
        InteractiveShell.clear_instance()


def run_here(
    root: Path, case: str, changed: Mapping[int, str] | None = None, until: Collection[str] | None = None
) -> Run:
    """Run a chapter of a checkout with some code cells changed, on the library of this process.

    A cell that fails shows nothing and records nothing, and the next ones go on; with `until` the run ends as soon as
    all these values are recorded.
    """
    project = Project(root)
    notebook = deepcopy(nbformat.read(project.notebook(case), as_version=4))
    with contextlib.chdir(root), warnings.catch_warnings(), _shell() as shell:
        warnings.simplefilter("ignore")
        left = None if until is None else set(until)
        for at, cell in enumerate(notebook.cells):
            if cell["cell_type"] == "code" and left != set():
                with capture_output() as captured:
                    last = shell.run_cell((changed or {}).get(at, cell["source"])).result
                shown = [(output.data, output.metadata) for output in captured.outputs]
                shown += [shell.display_formatter.format(last)] if last is not None else []
                cell["outputs"] = [
                    nbformat.v4.new_output("display_data", data=data, metadata=metadata) for data, metadata in shown
                ]
                left = left and left - {entry.name for entry in recorded_values(notebook)}
    used = {name: str(entry["default"]) for name, entry in declared_parameters(project.notebook(case)).items()}
    return Run(case, notebook, used, frozenset(), seconds=1.0)
