"""The marks of the tables of a run: what each says, what its table or column is made of, and marks put right."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import nbformat

from crmlib.cases import Origin
from crmlib.cases.holdings import weakest
from crmlib.publishing.provenance import Provenance
from crmlib.publishing.runner import Run
from crmlib.tables import remarked

__all__ = ["TableMark", "own_marks", "table_marks"]

_MARKED = re.compile(rf"(.*) \[({'|'.join(Origin)})\]")
_TITLE = "table: "


@dataclass(frozen=True)
class TableMark:
    """A mark at the caption of a table, or at one of its columns: what it says, and the weakest of what is shown."""

    cell: int
    output: int
    table: str
    column: str | None
    said: Origin
    made: Origin

    @property
    def place(self) -> str:
        """Where the mark stands, as a check names it."""
        return f"{self.table}, column {self.column}" if self.column else _MARKED.sub(r"\1", self.table)

    @property
    def claims_too_much(self) -> bool:
        """Whether something that the table or column is made of has a weaker origin than the mark says."""
        return weakest([self.said, self.made]) is not self.said


def table_marks(run: Run, provenance: Provenance) -> Iterator[TableMark]:
    """The marks of all tables of a run.

    A column whose making cannot be followed is own where its table is, unless it says that it was printed; otherwise
    its mark is left out.
    """
    for cell in run.code:
        outputs = run.notebook["cells"][cell].get("outputs", [])
        shown = [(at, _shown(output)) for at, output in enumerate(outputs) if _shown(output)[0].startswith(_TITLE)]
        for (at, lines), made in zip(shown, provenance.tables(cell), strict=False):
            if mark := _MARKED.fullmatch(lines[0].removeprefix(_TITLE)):
                yield TableMark(cell, at, lines[0], None, Origin(mark[2]), made)
            for mark in filter(None, map(_MARKED.fullmatch, _headings(lines))):
                said, origin = Origin(mark[2]), provenance.column(cell, mark[1])
                if origin is None and made is Origin.OWN and said is not Origin.PUBLISHED:
                    origin = Origin.OWN
                if origin is not None:
                    yield TableMark(cell, at, lines[0], mark[1], said, origin)


def _shown(output: nbformat.NotebookNode) -> list[str]:
    """The lines of what a cell shows, as they are pinned."""
    return list(output.get("metadata", {}).get("crmlib", {}).get("shown", [""]))


def _headings(table: list[str]) -> list[str]:
    return table[1][2:].split(" | ") if len(table) > 1 else []


def own_marks(run: Run, provenance: Provenance) -> nbformat.NotebookNode:
    """The notebook of a run, in which every marked table that depends on a set parameter is marked as own."""
    notebook = deepcopy(run.notebook)
    for mark in table_marks(run, provenance):
        if mark.made is Origin.OWN:
            data = notebook.cells[mark.cell]["outputs"][mark.output]["data"]
            name = mark.column or mark.place.removeprefix(_TITLE)
            data["text/html"] = remarked(data["text/html"], name, mark.said, Origin.OWN)
    return notebook
