"""A case folder, checked on loading: its tree of criteria, its judgements, its customers."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from crmlib.ahp import Criterion, judgement_matrix
from crmlib.cases.files import read_customers, read_yaml
from crmlib.cases.origins import Origin
from crmlib.cases.published import read_published
from crmlib.errors import InputError, Problem

__all__ = ["Case", "load_case"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Judgements(_Entry):
    """The comparisons of a criterion's children, above the diagonal or as a full matrix."""

    origin: Origin
    rows: list[list[str | float]]


class CriterionEntry(_Entry):
    """A node of the tree as case.yml describes it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    chinese: str
    origin: Origin
    meaning: str = ""
    unit: str = ""
    direction: Literal["benefit", "cost"] = "benefit"
    judgements: Judgements | None = None
    children: list["CriterionEntry"] = []

    def walk(self) -> list["CriterionEntry"]:
        """This entry and all below it, parents before children."""
        return [self, *(entry for child in self.children for entry in child.walk())]


class QuadrantEntry(_Entry):
    """A quadrant of the value matrix: its two levels, its label, and the segment the source puts it in."""

    current: Literal["high", "low"]
    potential: Literal["high", "low"]
    label: str
    segment: str


class CaseEntry(_Entry):
    """The whole of case.yml; `customers_origin` and `criteria` are left out where there are none."""

    title: str
    chinese: str
    sources: list[str]
    customers_origin: Origin | None = None
    criteria: CriterionEntry | None = None
    quadrants: list[QuadrantEntry] = []

    def walk(self) -> list[CriterionEntry]:
        """All entries of the tree, parents before children; none without a tree."""
        return self.criteria.walk() if self.criteria else []


@dataclass(frozen=True)
class Case:
    """A loaded case. `entry` is case.yml; `customers` has shape (customers, indicators), in their units.

    `customers_path` and `customers_checksum` (SHA-256) tell which file they came from; a case without
    customers has an empty table, no path and an empty checksum. `printed` holds the published facts as
    text, by id. A case without criteria has no tree.
    """

    name: str
    entry: CaseEntry
    tree: Criterion | None
    customers: pd.DataFrame
    customers_path: Path | None
    customers_checksum: str
    printed: pd.Series

    @property
    def _nodes(self) -> list[Criterion]:
        return list(self.tree.walk()) if self.tree else []

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """One row a criterion: label, Chinese, origin, unit, direction, parent and the origin of its comparison."""
        rows = {}
        for entry in self.entry.walk():
            for child in entry.children:
                compared = entry.judgements.origin if entry.judgements else Origin.ASSUMED
                rows[child.name] = {"parent": entry.name, "judged": str(compared)}
            described = entry.model_dump(include={"label", "chinese", "unit", "direction", "meaning"})
            rows[entry.name] = {"parent": "", "judged": ""} | rows.get(entry.name, {}) | described
            rows[entry.name]["origin"] = str(entry.origin)
        return pd.DataFrame.from_dict(rows, orient="index").loc[[node.name for node in self._nodes]]

    @cached_property
    def judgements(self) -> pd.DataFrame:
        """One row a judgement: below which criterion, first, second, how many times as important, origin."""
        rows = []
        for entry, node in zip(self.entry.walk(), self._nodes, strict=True):
            if entry.judgements is not None and node.judgements is not None:
                for first, second in combinations(node.judgements.index, 2):
                    judgement = node.judgements.loc[first, second]
                    rows.append((node.name, first, second, judgement, entry.judgements.origin))
        return pd.DataFrame(rows, columns=["below", "first", "second", "judgement", "origin"])

    @property
    def costs(self) -> list[str]:
        """Indicators in which less is better."""
        return [name for name in self.customers.columns if self.criteria.loc[name, "direction"] == "cost"]

    @property
    def quadrants(self) -> dict[tuple[str, str], str]:
        """Label of each quadrant by the levels of current and potential value."""
        return {(entry.current, entry.potential): entry.label for entry in self.entry.quadrants}

    @property
    def segments(self) -> dict[str, str]:
        """The source's segment of each quadrant, by the quadrant's label."""
        return {entry.label: entry.segment for entry in self.entry.quadrants}


def load_case(name: str, customers: str | Path | None = None, data: str | Path = "data") -> Case:
    """Load and check a case.

    Parameters
    ----------
    name
        A folder in `data` that holds ``case.yml``, ``published.yml`` and, unless the case has none,
        ``customers.csv``.
    customers
        Another customer table with the same columns; by default the case's own.

    Raises
    ------
    InputError
        Lists every bad place of the first file that cannot be used.
    """
    folder = Path(data) / name
    if not (folder / "case.yml").is_file():
        known = ", ".join(sorted(path.parent.name for path in Path(data).glob("*/case.yml")))
        raise InputError(f"The case {name!r}", [Problem("its name", "no such case", f"The cases are: {known}")])
    entry = read_yaml(folder / "case.yml", CaseEntry)
    problems: list[Problem] = []
    tree = _criterion(entry.criteria, problems) if entry.criteria else None
    if problems:
        raise InputError(str(folder / "case.yml"), problems)
    facts = read_published(folder / "published.yml").facts
    indicators = list(tree.leaves) if tree else []
    printed = pd.Series({fact.id: fact.printed for fact in facts}, dtype=object)
    if entry.customers_origin is None:
        return Case(name, entry, tree, pd.DataFrame(columns=indicators), None, "", printed)
    table = Path(customers) if customers else folder / "customers.csv"
    return Case(
        name=name,
        entry=entry,
        tree=tree,
        customers=read_customers(table, indicators),
        customers_path=table,
        customers_checksum=hashlib.sha256(table.read_bytes()).hexdigest(),
        printed=printed,
    )


def _criterion(entry: CriterionEntry, problems: list[Problem]) -> Criterion | None:
    """Build the tree; collect the problems of all its comparisons instead of stopping at the first."""
    children = [child for child in (_criterion(child, problems) for child in entry.children) if child is not None]
    matrix = None
    try:
        if entry.judgements is not None:
            matrix = judgement_matrix(entry.judgements.rows, [child.name for child in entry.children])
        return Criterion(entry.name, tuple(children), matrix) if len(children) == len(entry.children) else None
    except InputError as error:
        problems.extend(
            Problem(f"{entry.name}, {problem.where}", problem.found, problem.remedy) for problem in error.problems
        )
        return None
