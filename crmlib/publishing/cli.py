"""The command line: list, run, verify, book, pin, ahp."""

import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import pandas as pd

from crmlib import __version__
from crmlib.cases import Case, load_case
from crmlib.errors import InputError, Problem
from crmlib.publishing.ahp import ahp
from crmlib.publishing.book import BuildError, assemble, new_build, render
from crmlib.publishing.checks import Check, Verdict, failures
from crmlib.publishing.documents import check_documents, check_places, per_document
from crmlib.publishing.leaves import BOOK, check_pages, pin_pages
from crmlib.publishing.options import named_pair
from crmlib.publishing.parameters import declared_parameters, parsed_parameters
from crmlib.publishing.project import Project
from crmlib.publishing.results import summary, summary_table, write_results
from crmlib.publishing.runner import NotebookError, Run, run_notebook, run_notebooks
from crmlib.publishing.verification import check_run, pin
from crmlib.reading.declarations import Table
from crmlib.reading.tables import Reading, read_table

__all__ = ["main"]


class _Commands(click.Group):
    """Tells every error in words; what nobody foresaw goes to a file, not to the screen."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (InputError, NotebookError, BuildError) as error:
            raise click.ClickException(str(error)) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except Exception as error:
            log = Path("crmlib-error.log").resolve()
            log.write_text(traceback.format_exc(), encoding="utf-8")
            raise click.ClickException(
                f"Something unforeseen went wrong: {error}\nThe details are in {log}; please report them."
            ) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Reproduce the cases of the book, on the published facts or on your own customers."""


@main.command("list")
@click.argument("cases", nargs=-1)
def list_cases(cases: Sequence[str]) -> None:
    """List the CASES (default: all), the parameters of their notebooks, and what their files must hold."""
    project = Project.find()
    for case in cases or project.cases:
        entry = load_case(case, data=project.data).entry
        click.echo(f"{case}: {entry.title} ({entry.chinese})")
        for name, parameter in declared_parameters(project.notebook(case)).items():
            if name == "customers" and entry.customers_origin:
                click.echo("    --customers FILE    Your own customers, a row each; these columns, in any order:")
                click.echo("\n".join(f"        {column}" for column in entry.customers_table.columns))
            elif name in entry.files:
                click.echo(f"    --file {name}=FILE    {entry.files[name].about}")
                columns = entry.tables[name].columns if name in entry.tables else ()
                click.echo("".join(f"        {column}\n" for column in columns), nl=False)
            else:
                click.echo(f"    {name} = {parameter['default']}    {parameter['help']}")


@main.command()
@click.argument("case")
@click.option("--customers", type=click.Path(path_type=Path), help="Your own customers: a spreadsheet or CSV file.")
@click.option("--sheet", help="The sheet of the workbook, if several fit.")
@click.option("--encoding", help="Of a file of text, if it is not found out, such as gb18030.")
@click.option("--column", "columns", multiple=True, metavar="ID=HEADING",
              help="The heading of a column that has another name in your file; repeatable.")  # fmt: skip
@click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="What 03/04/2019 means, if unclear.")
@click.option(
    "--on-bad",
    type=click.Choice(["refuse", "leave out"]),
    default="refuse",
    show_default=True,
    help="What to do with customers of whom a value is missing or cannot be read.",
)
@click.option("--file", "files", multiple=True, metavar="NAME=FILE", help="Your own data for another file; repeatable.")
@click.option("-p", "--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="Set a parameter; repeatable.")
def run(
    case: str, customers: Path | None, sheet: str | None, encoding: str | None, columns: Sequence[str],
    date_order: str | None, on_bad: str, files: Sequence[str], pairs: Sequence[str],
) -> None:  # fmt: skip
    """Run one CASE, verify it and render its page.

    With --customers, the case is computed for your own customers. Other data, such as orders, are given with
    --file orders=FILE. "crmlib list CASE" tells the names of the files and of their columns; headings may be
    English or Chinese, in any order. Facts and results that depend on your data or parameters are then reported as
    not comparable.
    """
    project = Project.find()
    notebook = project.notebook(case)
    texts = dict(named_pair("--parameter", pair, "NAME=VALUE") for pair in pairs)
    brought = dict(named_pair("--file", pair, "NAME=FILE") for pair in files)
    brought |= {"customers": str(customers)} if customers else {}
    entry = load_case(case, data=project.data).entry
    texts, own = _parted(texts, brought, entry.file_names)
    parameters = parsed_parameters(notebook, texts)
    mapping = dict(named_pair("--column", pair, "ID=HEADING") for pair in columns)
    read = partial(read_table, sheet=sheet, encoding=encoding, date_order=date_order, on_bad=on_bad)
    tables = {name: table for name, table in entry.tables.items() if name in own}
    readings = _readings(own, tables, mapping, read)
    notes = {name: [own[name].name, f"{len(one.table)} rows", *one.notes] for name, one in readings.items()}
    own |= {name: _plain_copy(project, case, name, one, whole=not tables[name].key) for name, one in readings.items()}
    loaded = load_case(case, data=project.data, files=own)
    with new_build(project, f"run-{case}") as folder:
        for name, path in own.items():
            if name in loaded.entry.tables:
                parameters[name] = path.relative_to(project.root).as_posix()
                continue
            copy = project.build / "own" / case / f"{name}{path.suffix}"  # a path that any machine would show
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            parameters[name] = copy.relative_to(project.root).as_posix()
        executed = replace(run_notebook(project, case, parameters), readings=notes)
        loaded = replace(loaded, changed=executed.changed)
        checks = check_run(executed, loaded, project.data)
        assemble(project, folder, [executed], {case: loaded}, checks)
        render(project, folder, strict=False)
    target = project.build / f"run-{case}"
    _report([case], checks, show_all=False)
    click.echo(f"Page:    {target / 'html' / f'{case}.html'}\nResults: {target / 'results' / f'{case}.json'}")
    _exit_on_failures(checks)


@main.command()
@click.argument("cases", nargs=-1)
@click.option("--documents", type=click.Path(path_type=Path), help="Folder of the source documents, to look facts up.")
@click.option("--all", "show_all", is_flag=True, help="Show every check, not only what failed.")
def verify(cases: Sequence[str], documents: Path | None, show_all: bool) -> None:
    """Run the notebooks of the CASES (default: all) and compare every value with what was printed.

    Prints a line a case, and what failed. Exits with 1 if a value differs, if a printed fact is not held or
    recorded, if a recorded value is neither a fact nor pinned, or if a mark of origin is not true of the data.

    With --documents, every fact is also looked up in its document, at its line. The documents are not part
    of the book; without them this check is skipped.
    """
    project = Project.find()
    names = list(cases) or project.cases
    for name in names:
        project.notebook(name)
    published = {name: facts for name, facts in project.published.items() if not cases or name in cases}
    check_places(project.documents, project.bibliography, published)
    places = check_documents(project.documents, published, documents) if documents else []
    with new_build(project, "verification") as folder:
        runs = run_notebooks(project, names)
        pages = [] if cases else check_pages(project)
        checks = [*_check_all(project, runs, _load(project, names)), *pages, *places]
        write_results(runs, checks, folder)
    _report(names, checks, show_all=show_all)
    if documents:
        click.echo("\n".join(per_document(project.documents, places)))
    else:
        click.echo("Documents: not looked up; give their folder with --documents")
    click.echo(f"Results: {project.build / 'verification'} (JSON a case, junit.xml)")
    _exit_on_failures(checks)


@main.command()
def book() -> None:
    """Run all notebooks, verify them, render the book.

    The finished book replaces the old one in one move, and only if everything was verified.
    """
    project = Project.find()
    cases = _load(project, project.cases)
    check_places(project.documents, project.bibliography, project.published)
    seconds: dict[str, float] = {}
    with new_build(project, "book") as folder:
        with _stage("1/3 Running the notebooks", seconds):
            runs = run_notebooks(project, list(cases))
        with _stage("2/3 Verifying what they recorded", seconds):
            checks = [*_check_all(project, runs, cases), *check_pages(project)]
            assemble(project, folder, runs, cases, checks)
        _report(list(cases), checks, show_all=False)
        if failures(checks):
            raise click.ClickException("The verification failed, so the book was not replaced.")
        with _stage("3/3 Rendering the pages", seconds):
            render(project, folder, strict=True)
    click.echo("Seconds: " + ", ".join(f"{name[4:].lower()} {taken:.1f}" for name, taken in seconds.items()), err=True)
    click.echo(f"The book: {project.build / 'book' / 'html' / 'index.html'}")


@main.command("pin")
@click.argument("case")
def pin_case(case: str) -> None:
    """Pin the results of a CASE that no source prints, and its page, after a change that you meant.

    Writes data/CASE/expected.yml and page.md, and tells what changed; review it before you commit. With "book" for
    CASE it pins the pages beside the chapters.
    """
    project = Project.find()
    if case == BOOK:
        changed = pin_pages(project)
    else:
        changed = pin(run_notebook(project, case), load_case(case, data=project.data), project.data)
    click.echo("\n".join(changed) or "Nothing changed.")


main.add_command(ahp)


def _readings(
    own: Mapping[str, Path], tables: Mapping[str, Table], mapping: dict[str, str], read: Callable[..., Reading]
) -> dict[str, Reading]:
    """The brought tables, each as it was read; prints what was done. `mapping` gives headings by column."""
    readings = {}
    for name, table in tables.items():
        mine = {column.id: mapping.pop(column.id) for column in table.columns if column.id in mapping}
        readings[name] = read(own[name], table, columns=mine)
        click.echo(f"{own[name]}: {len(readings[name].table)} rows")
        click.echo("".join(f"  {note}\n" for note in readings[name].notes), nl=False)
    if mapping:
        where = f"--column {', '.join(mapping)}"
        raise InputError("The command", [Problem(where, "is no column of your files", "See crmlib list CASE")])
    return readings


def _plain_copy(project: Project, case: str, name: str, reading: Reading, *, whole: bool) -> Path:
    """A table as it was read, in a plain file: the notebook reads no other form.

    A `whole` one keeps what was left out: without a key, rows that differ there alone are not the same.
    """
    copy = project.build / "own" / case / f"{name}.csv"
    copy.parent.mkdir(parents=True, exist_ok=True)
    others = [reading.others.add_prefix("left out: ")] if whole else []
    table = pd.concat([reading.table, *others], axis=1)
    table.to_csv(copy, index=False, lineterminator="\n")
    return copy


def _parted(
    texts: Mapping[str, str], brought: Mapping[str, str], names: Collection[str]
) -> tuple[dict[str, str], dict[str, Path]]:
    """Parameters and data files apart: a parameter that names a file of the case is a data file, however it is given.

    Examples
    --------
    >>> texts, own = _parted({"years": "3", "customers": "mine.csv"}, {"orders": "o.csv"}, ["customers", "orders"])
    >>> texts, {name: str(path) for name, path in own.items()}
    ({'years': '3'}, {'customers': 'mine.csv', 'orders': 'o.csv'})
    """
    own = {**{name: text for name, text in texts.items() if name in names and text}, **brought}
    return {name: text for name, text in texts.items() if name not in names}, {n: Path(p) for n, p in own.items()}


def _load(project: Project, names: Sequence[str]) -> dict[str, Case]:
    return {name: load_case(name, data=project.data) for name in names}


def _check_all(project: Project, runs: Sequence[Run], cases: Mapping[str, Case]) -> list[Check]:
    return [check for one in runs for check in check_run(one, cases[one.case], project.data)]


def _report(cases: Sequence[str], checks: Sequence[Check], *, show_all: bool) -> None:
    shown = list(checks) if show_all else failures(checks)
    if shown:
        click.echo(
            summary_table(shown).to_markdown(index=False, tablefmt="simple", disable_numparse=True, maxcolwidths=40)
        )
    for case in cases:
        click.echo(summary(case, [check for check in checks if check.case == case]))
    if pages := [check.verdict for check in checks if check.case == BOOK]:
        click.echo(
            f"{BOOK}: pages as pinned {pages.count(Verdict.PINNED)}, lines changed {pages.count(Verdict.NOT_AS_PINNED)}"
        )


def _exit_on_failures(checks: Sequence[Check]) -> None:
    if failures(checks):
        sys.exit(1)


@contextmanager
def _stage(name: str, seconds: dict[str, float]) -> Iterator[None]:
    click.echo(name, err=True)
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started
