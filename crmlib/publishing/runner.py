"""Running notebooks with papermill: strict parameters, in parallel, results that do not change from run to run."""

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from crmlib.cases import recorded_values
from crmlib.errors import InputError, Problem
from crmlib.publishing.project import Project

__all__ = ["NotebookError", "Run", "declared_parameters", "run_notebook", "run_notebooks"]


class NotebookError(RuntimeError):
    """A notebook that stopped at a cell, told without the machinery that ran it."""


@dataclass(frozen=True)
class Run:
    """An executed notebook: its parameters as used, what it recorded, how long it took (seconds)."""

    case: str
    notebook: nbformat.NotebookNode
    parameters: dict[str, str]
    seconds: float
    values: list[tuple[str, int | float | str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", recorded_values(self.notebook))


def declared_parameters(path: Path) -> dict[str, Any]:
    """The parameters a notebook declares, as papermill reads them: name to default and help.

    Raises InputError if the notebook cannot be read or has not exactly one cell tagged ``parameters``.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises many kinds; all mean that the file is no notebook
        raise InputError(str(path), [Problem("the file", f"not a notebook ({error})", "Restore it")]) from None
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        remedy = "Tag the one cell that sets the parameters with 'parameters'"
        raise InputError(str(path), [Problem("the parameters cell", f"found {len(tagged)}", remedy)])
    return dict(papermill.inspect_notebook(str(path)))


def run_notebook(
    project: Project, case: str, parameters: Mapping[str, object] | None = None, *, position: int = 0
) -> Run:
    """Execute one case's notebook.

    Raises
    ------
    InputError
        For an unknown case, an undeclared parameter, or a notebook without parameters.
    NotebookError
        If a cell fails; names the cell and the message.
    """
    parameters = dict(parameters or {})
    path = project.notebook(case)
    declared = declared_parameters(path)
    if unknown := [name for name in parameters if name not in declared]:
        raise InputError(f"The run of {case!r}", [_unknown_parameter(name, list(declared)) for name in unknown])
    os.environ["PYTHONPATH"] = str(project.root)  # the kernel imports this checkout's crmlib
    os.environ["PYTHONHASHSEED"] = "0"
    started = time.perf_counter()
    try:
        notebook = papermill.execute_notebook(
            str(path), None, parameters, cwd=str(project.root), kernel_name="python3",
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            progress_bar={"desc": case, "position": position, "leave": True, "unit": "cell"},
        )  # fmt: skip
    except PapermillExecutionError as error:
        raise NotebookError(_told(path, error)) from None
    _strip_times(notebook)
    used = {name: str(entry["default"]) for name, entry in declared.items()}
    used |= {name: repr(value) for name, value in parameters.items()}
    return Run(case=case, notebook=notebook, parameters=used, seconds=time.perf_counter() - started)


def run_notebooks(project: Project, cases: Sequence[str]) -> list[Run]:
    """Execute several notebooks with their own parameters, as many at a time as there are processors."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        tasks = [pool.submit(run_notebook, project, case, position=at) for at, case in enumerate(cases)]
        try:
            return [task.result() for task in tasks]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _unknown_parameter(name: str, declared: list[str]) -> Problem:
    close = get_close_matches(name, declared, n=1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return Problem(f"parameter {name!r}", "is not declared by the notebook", f"{hint}It has {', '.join(declared)}")


def _told(path: Path, error: PapermillExecutionError) -> str:
    where = f"code cell {error.exec_count} of notebooks/{path.name}"
    if error.ename == InputError.__name__:  # says all that its reader needs
        return f"{error.evalue}\n({where} found this.)"
    return f"The notebook stopped at {where}:\n\n{_indented(error.source)}\n\n{error.ename}: {error.evalue}"


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())


def _strip_times(notebook: nbformat.NotebookNode) -> None:
    """Remove what differs between two runs of the same inputs."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
