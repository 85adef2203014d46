"""What is found of the faults that `planter` plants: in each chapter, in its files, and on the pages beside it.

``python -m tests.publishing.harvest 11 12 13`` plants with these seeds and prints the table of kinds for CONTRIBUTING.
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crmlib.cases import Case, load_case, read_published
from crmlib.errors import InputError
from crmlib.publishing.checks import Check, failures
from crmlib.publishing.documents import check_places
from crmlib.publishing.leaves import check_pages
from crmlib.publishing.project import Project
from crmlib.publishing.prose import finished
from crmlib.publishing.runner import Run
from crmlib.publishing.verification import check_run
from tests import reviewed
from tests.conftest import ROOT
from tests.prose import typed_numbers, wrong_roles
from tests.publishing.planter import (
    FileFault,
    ProseFault,
    code_faults,
    data_fault,
    file_faults,
    page_faults,
    prose_faults,
    record_faults,
    with_cells,
)
from tests.publishing.shell import run_here
from tests.statements import typed_statements

__all__ = ["Planted", "checked", "clean_run", "harvests", "pages"]

clean_run = cache(run_here)
reviews = cache(reviewed.lists)


@dataclass(frozen=True)
class Planted:
    """A planted fault: its kind, its place, and whether something turned red and named it."""

    kind: str
    place: str
    found: bool


def dice(seed: str, what: str) -> random.Random:
    return random.Random(f"{seed} {what}")  # noqa: S311 (no secret)


def checked(run: Run, data: Path) -> list[Check]:
    """What the verification finds wrong."""
    return failures(check_run(run, load_case(run.case, data=data), data))


def prose(chapter: str, seed: str, data: Path) -> Iterator[Planted]:
    """Faults in the Markdown, one a cell in each round."""
    run, case = clean_run(ROOT, chapter), load_case(chapter, data=data)
    waiting = list(prose_faults(run, dice(seed, chapter), each=1))
    while waiting:
        round_ = {fault.cell: fault for fault in reversed(waiting)}
        waiting = [fault for fault in waiting if round_[fault.cell] is not fault]
        checks = checked(with_cells(run, {at: {"source": fault.markdown} for at, fault in round_.items()}), data)
        for fault in round_.values():
            found = _told(fault, run, case, checks) or _linted(fault, chapter)
            yield Planted(fault.kind, f"{chapter}, cell {fault.cell}", found)


def _told(fault: ProseFault, run: Run, case: Case, checks: Iterable[Check]) -> bool:
    """Whether a check tells a line that a fault changed, or its cell."""
    texts = (run.prose[fault.cell], fault.markdown)
    before, after = (set(finished(text, run.values, case.origin, hidden="(not shown) ").split("\n")) for text in texts)
    return any(
        check.name.startswith(f"cell {fault.cell}:") or {check.printed, str(check.ours)} & (before ^ after)
        for check in checks
    )


def _linted(fault: ProseFault, chapter: str) -> bool:
    """Whether the lints of the prose see it."""
    known = {text for texts in reviews()[chapter].values() for text in texts}
    new = [one for one in typed_statements(fault.markdown) if one.text not in known]
    return bool(new or typed_numbers(fault.markdown) or list(wrong_roles("", fault.markdown)))


def files(chapter: str, seed: str, data: Path) -> Iterator[Planted]:
    """Faults in facts and pins: each must be refused on loading, or be told by name while others are there too."""
    project = Project(data.parent)
    names = ("published.yml", "expected.yml")
    texts = {name: (data / chapter / name).read_text(encoding="utf-8") for name in names}
    whole = {name: yaml.load(text, Loader=yaml.CSafeLoader) for name, text in texts.items()}
    later = []
    for fault in file_faults(whole["published.yml"]["facts"], whole["expected.yml"]["expected"], dice(seed, chapter)):
        alone = deepcopy(whole[fault.file])
        fault.change(alone)
        try:
            _write(data / chapter / fault.file, alone)
            load_case(chapter, data=data)
            published = read_published(data / chapter / "published.yml")
            check_places(project.documents, project.bibliography, {chapter: published})
        except InputError as error:
            yield Planted(fault.kind, f"{chapter}, {fault.name}", fault.name in str(error))
        else:
            later.append(fault)
        _write(data / chapter / fault.file, whole[fault.file])
    gone = [fault for fault in later if fault.kind == "fact gone"]  # a mark of a fact that is gone stops the page
    for faults in [[fault for fault in later if fault not in gone], *([fault] for fault in gone)]:
        yield from _found_together(chapter, faults, whole, data)


def _found_together(chapter: str, faults: list[FileFault], whole: dict[str, Any], data: Path) -> Iterator[Planted]:
    together = deepcopy(whole)
    for fault in faults:
        fault.change(together[fault.file])
    for name, entries in together.items():
        _write(data / chapter / name, entries)
    checks = checked(clean_run(ROOT, chapter), data)
    unnamed = [fault for fault in faults if not _named(fault, checks)]
    printed = {fact["id"]: fact["printed"] for fact in together["published.yml"]["facts"]}
    errata = " ".join(str(check.ours) for check in failures(check_pages(Project(data.parent)))) if unnamed else ""
    for fault in faults:
        found = fault not in unnamed or (fault.kind == "fact" and printed[fault.name] in errata)
        yield Planted(fault.kind, f"{chapter}, {fault.name}", found)
    for name, entries in whole.items():
        _write(data / chapter / name, entries)


def _write(path: Path, entries: Any) -> None:
    text = yaml.dump(entries, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, encoding="utf-8")


def _named(fault: FileFault, checks: Iterable[Check]) -> bool:
    told = f"fact: {fault.name} is "
    return any(check.name == fault.name or told in f"{check.printed} {check.ours}" for check in checks)


def records(chapter: str, seed: str, data: Path) -> Iterator[Planted]:
    """Values dropped or renamed, in several cells at once."""
    run = clean_run(ROOT, chapter)
    faults = list(record_faults(run, dice(seed, chapter), each=2))
    checks = checked(with_cells(run, {at: {"outputs": outputs} for _, _, at, outputs in faults}), data)
    for kind, name, at, _ in faults:
        told = {check.name.rpartition(": ")[2] for check in checks}
        yield Planted(kind, f"{chapter}, cell {at}, {name}", bool({name, f"{name}.x"} & told))


def code(chapter: str, seed: str, data: Path) -> Iterator[Planted]:
    """Faults in what code cells show, all in one run, one a cell; those that change nothing to see are not counted."""
    run = clean_run(ROOT, chapter)
    faults = list(code_faults(run))
    one_a_cell = {fault.cell: fault for fault in dice(seed, chapter).sample(faults, len(faults))}
    other = run_here(ROOT, chapter, {cell: fault.code for cell, fault in one_a_cell.items()})
    told = {line for check in checked(other, data) for line in (check.printed, str(check.ours))}
    for cell, fault in one_a_cell.items():
        if changed := set(_shown(run, cell)) ^ set(_shown(other, cell)):
            yield Planted(fault.kind, f"{chapter}, cell {cell}", bool(changed & told))


def _shown(run: Run, cell: int) -> list[str]:
    outputs = run.notebook.cells[cell].get("outputs", [])
    return [line for output in outputs for line in output["metadata"].get("crmlib", {}).get("shown", [])]


def tables(chapter: str, seed: str, data: Path) -> Iterator[Planted]:
    """A digit changed in every data file of the case: each must be refused on loading, or be told by its file."""
    paths, choice = sorted((data / chapter).glob("*.csv")), dice(seed, chapter)
    before = {path: path.read_bytes() for path in paths}
    for path in list(paths):
        path.write_text(data_fault(path, choice), encoding="utf-8")
        try:
            load_case(chapter, data=data)
        except InputError as error:
            yield Planted("digit of a data file", f"{chapter}, {path.name}", path.name in str(error))
            path.write_bytes(before[path])
            paths.remove(path)
    told = " ".join(check.printed for check in checked(clean_run(ROOT, chapter), data))
    yield from (Planted("digit of a data file", f"{chapter}, {path.name}", path.name in told) for path in paths)
    for path, content in before.items():
        path.write_bytes(content)


def pages(seed: str, root: Path) -> Iterator[Planted]:
    """A word of each kind exchanged on every page beside the chapters, one a page in each round."""
    project = Project(root)
    paths = [*sorted(project.book.glob("*.md")), *sorted(project.data.glob("*/README.md"))]
    before = {path: path.read_text(encoding="utf-8") for path in paths}
    planted = {path: list(page_faults(text, dice(seed, path.as_posix()))) for path, text in before.items()}
    for number in range(max(map(len, planted.values()))):
        round_ = {path: faults[number] for path, faults in planted.items() if number < len(faults)}
        for path in paths:
            path.write_text(round_.get(path, ("", before[path]))[1], encoding="utf-8")
        told = {check.name.partition(", ")[0] for check in failures(check_pages(Project(root)))}
        for path, (kind, _) in round_.items():
            page = path.stem if path.parent == project.book else f"{path.parent.name}-data"
            yield Planted(f"{kind} on a page", page, page in told)
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


harvests: list[Callable[[str, str, Path], Iterator[Planted]]] = [prose, files, records, code, tables]


def main(seeds: Iterable[str]) -> None:
    """Plant with all seeds and print the table of kinds, and what was not found."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "book", "notebooks"):
            shutil.copytree(ROOT / name, Path(folder) / name, ignore=shutil.ignore_patterns("vendor"))
        planted = [
            one
            for seed in seeds
            for found in (
                *(harvest(case, seed, Path(folder) / "data") for case in Project(ROOT).cases for harvest in harvests),
                pages(seed, Path(folder)),
            )
            for one in found
        ]
    all_, found = Counter(one.kind for one in planted), Counter(one.kind for one in planted if one.found)
    print("| kind | planted | found |\n| --- | --- | --- |")
    print(*(f"| {kind} | {count} | {found[kind]} |" for kind, count in sorted(all_.items())), sep="\n")
    print(f"| all | {all_.total()} | {found.total()} |")
    print(*(f"not found: {one.kind}, {one.place}" for one in planted if not one.found), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:] or ["11"])
