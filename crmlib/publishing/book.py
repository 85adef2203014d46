"""The book: sources assembled, pages rendered, the finished build put in place in one move."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import yaml
from filelock import FileLock, Timeout
from tqdm import tqdm

from crmlib.cases import Case
from crmlib.publishing.checks import Check
from crmlib.publishing.leaves import PINS
from crmlib.publishing.pages import crosswalk_table, errata_page, sources_page, verification_page
from crmlib.publishing.project import Project
from crmlib.publishing.prose import finished, legends
from crmlib.publishing.provenance import Provenance
from crmlib.publishing.reference import pages_of
from crmlib.publishing.results import write_results
from crmlib.publishing.runner import Run
from crmlib.publishing.security import protect
from crmlib.publishing.status import status_line
from crmlib.publishing.table_marks import own_marks

__all__ = ["BuildError", "assemble", "new_build", "render"]


class BuildError(RuntimeError):
    """A build that could not finish, told in words."""


@contextmanager
def new_build(project: Project, name: str) -> Iterator[Path]:
    """Give an empty folder to build in; on success it becomes ``_build/<name>`` in one move.

    Whatever happens before, the last good build stays where it is. Only one build runs at a time.
    """
    builds = project.build / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(project.build / "lock", timeout=0):
            _remove_leftovers(project.build)
            folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=builds))
            folder.chmod(0o755)
            yield folder
            _put_in_place(folder, project.build / name)
            _remove_leftovers(project.build)
    except Timeout:
        raise BuildError("Another build is running in this folder. Wait until it ends, then start again.") from None


def _put_in_place(folder: Path, target: Path) -> None:
    link = target.with_name(f"{target.name}.new")
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(folder.relative_to(target.parent), target_is_directory=True)
        link.replace(target)
    except OSError:  # Windows without the right to make links: the nearest thing is two quick moves
        old = folder.with_name(f"{folder.name}-old")
        if target.exists():
            target.rename(old)
        folder.rename(target)


def _remove_leftovers(build: Path) -> None:
    """Remove the builds that nothing points to: interrupted ones, and those that were replaced."""
    kept = {link.resolve() for link in build.iterdir() if link.is_symlink()}
    for folder in (build / "builds").iterdir():
        if folder.resolve() not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def assemble(
    project: Project, folder: Path, runs: Sequence[Run], cases: dict[str, Case], checks: Sequence[Check]
) -> None:
    """Write the results and put prose, executed notebooks and generated pages together in ``folder/source``.

    Chapters whose notebook was not run are left out of the table of contents.
    """
    write_results(runs, checks, folder / "results")
    source = folder / "source"
    shutil.copytree(project.book, source, ignore=shutil.ignore_patterns(PINS))
    for page in source.glob("*.md"):
        _write(page, legends(page.read_text(encoding="utf-8")))
    generated = source / "generated"
    generated.mkdir()
    for run in runs:
        own = [check for check in checks if check.case == run.case]
        nbformat.write(_finished(run, cases[run.case], project.data), source / f"{run.case}.ipynb")
        _write(
            generated / f"{run.case}-status.md",
            status_line(run, cases[run.case], own, pages_of(run.notebook, project.book)),
        )
        if (sheet := project.data / run.case / "README.md").is_file():
            shutil.copy(sheet, generated / f"{run.case}-datasheet.md")
        downloads = source / "downloads" / run.case
        downloads.mkdir(parents=True)
        shutil.copy(project.notebook(run.case), downloads)
        shutil.copy(folder / "results" / f"{run.case}.json", downloads / "results.json")
        for path in sorted((project.data / run.case).iterdir()):
            shutil.copy(path, downloads)
        for name, path in cases[run.case].files.items():
            shutil.copy(path, (downloads / cases[run.case].entry.file_names[name]).with_suffix(path.suffix))
    _write(generated / "errata.md", errata_page(project.published))
    _write(generated / "sources.md", sources_page(project.documents, project.published, cases))
    _write(generated / "crosswalk.md", crosswalk_table(cases.values()))
    _write(source / "verification.md", verification_page(runs, cases, checks))
    contents = yaml.safe_load((source / "_toc.yml").read_text(encoding="utf-8"))
    for part in contents["parts"]:
        part["chapters"] = [entry for entry in part["chapters"] if list(source.glob(f"{entry['file']}.*"))]
    contents["parts"] = [part for part in contents["parts"] if part["chapters"]]
    _write(source / "_toc.yml", yaml.safe_dump(contents, sort_keys=False))


def _finished(run: Run, case: Case, data: Path) -> nbformat.NotebookNode:
    """The executed notebook with its prose as the page shows it, and the marks of its tables put right."""
    notebook = own_marks(run, Provenance(run.code, run.parameters, case, data))
    for at, markdown in run.prose.items():
        notebook.cells[at]["source"] = finished(markdown, run.values, case.origin)
    return notebook


def render(project: Project, folder: Path, *, strict: bool) -> Path:
    """Render ``folder/source`` with Jupyter Book from nothing; returns the folder of the pages.

    `strict` makes every warning an error.

    Raises
    ------
    BuildError
        With the warnings and errors of Jupyter Book.
    """
    command = [
        sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(folder / "source"),
        "--config", str(project.root / "_config.yml"), "--path-output", str(folder / "out"), "--all",
        *(["-n", "-W", "--keep-going"] if strict else []),
    ]  # fmt: skip
    log = []
    library = {"PYTHONPATH": str(Path(__file__).parents[2])}  # whose docstrings are pages
    environment = os.environ | library | {"PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"}
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", env=environment
        ) as process,
        tqdm(total=100, desc="pages", unit="%", bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}") as progress,
    ):
        assert process.stdout is not None  # noqa: S101 (asked for above; this tells the type checker)
        for coloured in process.stdout:
            line = re.sub(r"\x1b\[[\d;]*m", "", coloured)  # Sphinx colours its words even in a pipe
            log.append(line)
            # Sphinx reads all pages, then writes them: each makes half of the bar.
            if step := re.search(r"(reading sources|writing output)\.\.\. *\[ *(\d+)%\]", line):
                done = int(step[2]) / 2 + (50 if step[1] == "writing output" else 0)
                progress.update(max(done - progress.n, 0))
        progress.update(100 - progress.n)
    if process.returncode:
        told = [line for line in log if re.search(r"\b(WARNING|ERROR|CRITICAL)\b", line)]
        raise BuildError("Jupyter Book could not render the pages:\n\n" + "".join(told or log[-20:]))
    html = folder / "html"
    (folder / "out" / "_build" / "html").rename(html)
    (html / ".buildinfo").unlink()  # a hash of this machine's paths, only for incremental builds
    shutil.rmtree(folder / "out")
    protect(html)
    return html


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
