"""Running notebooks with papermill: strict parameters, in parallel, results that do not change from run to run."""

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from crmlib.cases import Recorded, recorded_values
from crmlib.errors import InputError
from crmlib.publishing.parameters import default_parameters, parameter_problems
from crmlib.publishing.project import Project

__all__ = ["NotebookError", "Run", "run_notebook", "run_notebooks"]


class NotebookError(RuntimeError):
    """A notebook that stopped at a cell, told without the machinery that ran it."""


@dataclass(frozen=True)
class Run:
    """An executed notebook: the texts of its parameters as used, those that were changed, and how long it took (s).

    `readings` tells of each table that the user brought, by name, from which file it was read and how, a note each.
    """

    case: str
    notebook: nbformat.NotebookNode
    parameters: dict[str, str]
    changed: frozenset[str]
    seconds: float
    readings: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def recorded(self) -> list[Recorded]:
        """What the notebook recorded, in order, repetitions included."""
        return recorded_values(self.notebook)

    @property
    def values(self) -> dict[str, bool | int | float | str]:
        """The recorded values by name."""
        return {entry.name: entry.value for entry in self.recorded}

    @property
    def code(self) -> dict[int, str]:
        """Code by position of the cell, without the cells that only set parameters."""
        return {
            at: cell["source"]
            for at, cell in enumerate(self.notebook["cells"])
            if cell["cell_type"] == "code" and not _PARAMETER_TAGS.intersection(cell["metadata"].get("tags", []))
        }

    @property
    def prose(self) -> dict[int, str]:
        """Markdown by position of the cell."""
        cells = enumerate(self.notebook["cells"])
        return {at: cell["source"] for at, cell in cells if cell["cell_type"] == "markdown"}


_PARAMETER_TAGS = {"parameters", "injected-parameters"}


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
    defaults = default_parameters(path)
    if problems := parameter_problems(project, case, parameters):
        raise InputError(f"The run of {case!r}", problems)
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
    used = {name: repr(value) for name, value in (defaults | parameters).items()}
    changed = frozenset(name for name, value in parameters.items() if value != defaults[name])
    return Run(case, notebook, used, changed, seconds=time.perf_counter() - started)


def run_notebooks(project: Project, cases: Sequence[str]) -> list[Run]:
    """Execute several notebooks with their own parameters, as many at a time as there are processors."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        tasks = [pool.submit(run_notebook, project, case, position=at) for at, case in enumerate(cases)]
        try:
            return [task.result() for task in tasks]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


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
