"""Running notebooks with papermill: strict parameters, in parallel, results that do not change from run to run."""

import ast
import math
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from crmlib.cases import Recorded, recorded_values
from crmlib.errors import InputError, Problem
from crmlib.publishing.project import Project

__all__ = ["NotebookError", "Run", "declared_parameters", "parsed_parameters", "run_notebook", "run_notebooks"]


class NotebookError(RuntimeError):
    """A notebook that stopped at a cell, told without the machinery that ran it."""


@dataclass(frozen=True)
class Run:
    """An executed notebook: the texts of its parameters as used, those that were changed, and how long it took (s)."""

    case: str
    notebook: nbformat.NotebookNode
    parameters: dict[str, str]
    changed: frozenset[str]
    seconds: float

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


def parsed_parameters(path: Path, texts: Mapping[str, str]) -> dict[str, object]:
    """Parameters as somebody typed them, each of the kind of its default; what does not fit stays text."""
    defaults = _defaults(path)
    return {name: _parsed(text, defaults.get(name)) for name, text in texts.items()}


def _parsed(text: str, default: object) -> object:
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if isinstance(default, list):
        return _list(text)
    kinds = (int, float) if isinstance(default, float) else (int,) if isinstance(default, int) else ()
    for kind in kinds:
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _list(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _defaults(path: Path) -> dict[str, object]:
    return {name: ast.literal_eval(entry["default"]) for name, entry in declared_parameters(path).items()}


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
    defaults = _defaults(path)
    problems = [_unknown_parameter(name, list(defaults)) for name in parameters if name not in defaults]
    problems += [
        _wrong_kind(name, defaults[name], value)
        for name, value in parameters.items()
        if name in defaults and not _fits(defaults[name], value)
    ]
    if problems:
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


def _fits(default: object, value: object) -> bool:
    """Whether a value is of the kind of the default, and finite; a whole number will do for a number."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    return isinstance(value, type(default)) or (isinstance(default, float) and isinstance(value, int))


def _wrong_kind(name: str, default: object, value: object) -> Problem:
    kinds = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", list: "a list"}
    return Problem(f"parameter {name!r}", f"found {value!r}", f"Give {kinds[type(default)]}, such as {default!r}")


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
