"""A case folder, checked on loading: its tree of criteria, its judgements, its customers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from crmlib.ahp import Criterion, aggregate_judgements, judgement_matrix
from crmlib.cases.files import read_customers, read_yaml
from crmlib.cases.origins import Origin
from crmlib.cases.published import read_published
from crmlib.errors import InputError, Problem

__all__ = ["Case", "load_case"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Rows = list[list[str | float]]


class Judgements(_Entry):
    """The comparisons of a criterion's children, above the diagonal or as a full matrix: one, or one an expert."""

    origin: Origin
    rows: Rows | None = None
    experts: dict[str, Rows] = {}

    @model_validator(mode="after")
    def _rows_or_experts(self) -> Self:
        if (self.rows is None) == (not self.experts):
            raise ValueError("Give either rows or experts")
        return self


class CriterionEntry(_Entry):
    """A node of the tree as case.yml describes it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    chinese: str
    origin: Origin
    meaning: str = ""
    unit: str = ""
    direction: Literal["benefit", "cost"] = "benefit"
    cuts: list[float] = []
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


class FileEntry(_Entry):
    """A further data file of a case, such as its orders: its name in the folder, where it comes from, what it holds."""

    path: str = Field(pattern=r"^[\w-]+\.\w+$")
    origin: Origin
    about: str


class CaseEntry(_Entry):
    """The whole of case.yml; `customers_origin`, `criteria` and `files` are left out where there are none."""

    title: str
    chinese: str
    sources: list[str]
    customers_origin: Origin | None = None
    criteria: CriterionEntry | None = None
    quadrants: list[QuadrantEntry] = []
    files: dict[str, FileEntry] = {}

    def walk(self) -> list[CriterionEntry]:
        """All entries of the tree, parents before children; none without a tree."""
        return self.criteria.walk() if self.criteria else []

    @property
    def file_names(self) -> dict[str, str]:
        """The data files in the folder of the case: ``customers``, if it has any, and the further ones."""
        own = {} if self.customers_origin is None else {"customers": "customers.csv"}
        return own | {name: file.path for name, file in self.files.items()}


@dataclass(frozen=True)
class Case:
    """A loaded case. `entry` is case.yml; `customers` has shape (customers, indicators), in their units.

    `tree` holds the judgements, of a group their geometric mean; `experts` holds the tree with each
    expert's own judgements, and is empty where nobody is named. A case without criteria has no tree.
    `files` tells where each data file is that was used, by name: ``customers``, if the case has any, and the
    further files that case.yml names. `printed` holds the published facts as text, by id.
    """

    name: str
    entry: CaseEntry
    tree: Criterion | None
    experts: dict[str, Criterion]
    customers: pd.DataFrame
    files: dict[str, Path]
    printed: pd.Series

    @property
    def _nodes(self) -> list[Criterion]:
        return list(self.tree.walk()) if self.tree else []

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of each data file."""
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self.files.items()}

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
    def cuts(self) -> dict[str, list[float]]:
        """The values that part the grades of an indicator, ascending, in its unit."""
        entries = self.entry.criteria.walk() if self.entry.criteria else []
        return {entry.name: entry.cuts for entry in entries if entry.cuts}

    @property
    def quadrants(self) -> dict[tuple[str, str], str]:
        """Label of each quadrant by the levels of current and potential value."""
        return {(entry.current, entry.potential): entry.label for entry in self.entry.quadrants}

    @property
    def segments(self) -> dict[str, str]:
        """The source's segment of each quadrant, by the quadrant's label."""
        return {entry.label: entry.segment for entry in self.entry.quadrants}


def load_case(
    name: str,
    customers: str | Path | None = None,
    data: str | Path = "data",
    *,
    files: Mapping[str, str | Path] | None = None,
) -> Case:
    """Load and check a case.

    Parameters
    ----------
    name
        A folder in `data` that holds ``case.yml``, ``published.yml`` and, unless the case has none,
        ``customers.csv``.
    customers
        Another customer table with the same columns; by default the case's own.
    files
        Other data files, by the names that case.yml gives them; an empty path means the case's own.

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
    names = _experts(entry.criteria, problems) if entry.criteria else []
    if problems:
        raise InputError(str(folder / "case.yml"), problems)
    trees = {name: _criterion(entry.criteria, problems, name) for name in names if entry.criteria}
    experts = {name: own for name, own in trees.items() if own is not None}
    facts = read_published(folder / "published.yml").facts
    indicators = list(tree.leaves) if tree else []
    printed = pd.Series({fact.id: fact.printed for fact in facts}, dtype=object)
    paths = _paths(name, entry, folder, {"customers": customers or ""} | dict(files or {}))
    table = pd.DataFrame(columns=indicators)
    if "customers" in paths:
        table = read_customers(paths["customers"], indicators)
    return Case(name, entry, tree, experts, customers=table, files=paths, printed=printed)


def _paths(name: str, entry: CaseEntry, folder: Path, replaced: Mapping[str, str | Path]) -> dict[str, Path]:
    """Where each data file of the case is: in its folder, unless the caller brings another."""
    own = entry.file_names
    given = {key: Path(path) for key, path in replaced.items() if path}
    problems = [
        Problem(f"file {key!r}", "the case has no such file", f"Its files are: {', '.join(own) or 'none'}")
        for key in given
        if key not in own
    ]
    if problems:
        raise InputError(f"The case {name!r}", problems)
    paths = {key: given.get(key, folder / path) for key, path in own.items()}
    missing = [
        Problem(f"file {key!r}", f"{path} is not there", "Check the name and the folder")
        for key, path in paths.items()
        if not path.is_file()
    ]
    if missing:
        raise InputError(f"The case {name!r}", missing)
    return paths


def _experts(entry: CriterionEntry, problems: list[Problem]) -> list[str]:
    """Names of the experts, who must be the same wherever experts judge."""
    judged = {node.name: list(node.judgements.experts) for node in entry.walk() if node.judgements is not None}
    named = [names for names in judged.values() if names]
    problems += [
        Problem(node, f"judged by {', '.join(names) or 'nobody named'}", f"Give the answers of {', '.join(named[0])}")
        for node, names in judged.items()
        if named and set(names) != set(named[0])
    ]
    return named[0] if named else []


def _criterion(entry: CriterionEntry, problems: list[Problem], expert: str | None = None) -> Criterion | None:
    """Build the tree, of one expert or of all; collect the problems of all its comparisons."""
    children = [
        child for child in (_criterion(child, problems, expert) for child in entry.children) if child is not None
    ]
    matrix = None
    try:
        if entry.judgements is not None:
            matrix = _matrix(entry.judgements, [child.name for child in entry.children], expert)
        return Criterion(entry.name, tuple(children), matrix) if len(children) == len(entry.children) else None
    except InputError as error:
        problems.extend(
            Problem(f"{entry.name}, {problem.where}", problem.found, problem.remedy) for problem in error.problems
        )
        return None


def _matrix(judgements: Judgements, names: list[str], expert: str | None) -> pd.DataFrame:
    """One expert's matrix, or the only one, or the geometric mean of all."""
    if judgements.rows is not None:
        return judgement_matrix(judgements.rows, names)
    matrices, problems = {}, []
    for name, rows in judgements.experts.items():
        try:
            matrices[name] = judgement_matrix(rows, names)
        except InputError as error:
            problems += [Problem(f"expert {name}, {p.where}", p.found, p.remedy) for p in error.problems]
    if problems:
        raise InputError("The judgements of the experts", problems)
    return aggregate_judgements(matrices) if expert is None else matrices[expert]
