"""A notebook run in this process, on the library of this process: quicker than a kernel, which a few tests use."""

import contextlib
import warnings
from collections.abc import Collection, Generator, Iterator, Mapping
from copy import deepcopy
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from crmlib.cases import recorded_values
from crmlib.publishing.parameters import declared_parameters
from crmlib.publishing.project import Project
from crmlib.publishing.runner import Run

__all__ = ["execute_here", "run_here"]


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
    """Run a chapter of a checkout with some code cells changed.

    A cell that fails shows nothing and records nothing, and the next ones go on; with `until` the run ends as soon as
    all these values are recorded.
    """
    project = Project(root)
    notebook = deepcopy(nbformat.read(project.notebook(case), as_version=4))
    with contextlib.closing(_executed(notebook, root, changed or {})) as steps:
        for _ in steps:
            if until is not None and {entry.name for entry in recorded_values(notebook)}.issuperset(until):
                break
    used = {name: str(entry["default"]) for name, entry in declared_parameters(project.notebook(case)).items()}
    return Run(case, notebook, used, frozenset(), seconds=1.0)


def execute_here(
    path: str, _: object, parameters: Mapping[str, object], *, cwd: str, **__: object
) -> nbformat.NotebookNode:
    """What a test may put in the place of `papermill.execute_notebook`: the same notebook, without a kernel."""
    notebook = load_notebook_node(path)
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters), kernel_name="python3", language="python")
    for count, (at, error) in enumerate(_executed(notebook, Path(cwd), {}), start=1):
        if error is not None:
            source = notebook.cells[at]["source"]
            raise PapermillExecutionError(at, count, source, type(error).__name__, str(error), [])
    return notebook


def _executed(
    notebook: nbformat.NotebookNode, root: Path, changed: Mapping[int, str]
) -> Generator[tuple[int, BaseException | None], None, None]:
    """Run the code cells one after the other: the position of each, and what stopped it."""
    with contextlib.chdir(root), warnings.catch_warnings(), _shell() as shell:
        warnings.simplefilter("ignore")
        for at, cell in enumerate(notebook.cells):
            if cell["cell_type"] != "code":
                continue
            with capture_output() as captured:
                result = shell.run_cell(changed.get(at, cell["source"]))
            shown = [(output.data, output.metadata) for output in captured.outputs]
            shown += [shell.display_formatter.format(result.result)] if result.result is not None else []
            cell["outputs"] = [
                nbformat.v4.new_output("display_data", data=data, metadata=metadata) for data, metadata in shown
            ]
            yield at, result.error_before_exec or result.error_in_exec
