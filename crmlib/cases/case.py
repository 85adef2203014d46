"""A case folder, checked on loading: its tree of criteria, its judgements, its customers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import pandas as pd

from crmlib.ahp import Criterion, aggregate_judgements, judgement_matrix
from crmlib.cases import holdings
from crmlib.cases.entries import CaseEntry, CriterionEntry, Judgements
from crmlib.cases.files import read_yaml
from crmlib.cases.origins import Origin
from crmlib.cases.published import Fact, read_published
from crmlib.errors import InputError, Problem
from crmlib.grids import Grid, Quadrant
from crmlib.reading.declarations import Table
from crmlib.reading.tables import read_table

__all__ = ["Case", "load_case"]


@dataclass(frozen=True)
class Case:
    """A loaded case. `entry` is case.yml; `customers` has shape (customers, indicators), in their units.

    `tree` holds the judgements, of a group their geometric mean; `experts` holds the tree with each
    expert's own judgements, and is empty where nobody is named. A case without criteria has no tree.
    `folder` is where the case lies; `files` tells where each data file is that was used, by name: ``customers``, if
    the case has any, and the further files that case.yml names; `replaced` names those that the user brought, and
    `changed` the parameters of the notebook that the user set. `facts` holds the published facts by id. `tables` holds
    the further files as they were read, by name: a row is named by its key, or where it has none by its number in the
    file, so that whoever finds fault with it later names it as a spreadsheet does.
    """

    name: str
    entry: CaseEntry
    tree: Criterion | None
    experts: dict[str, Criterion]
    customers: pd.DataFrame
    folder: Path
    files: dict[str, Path]
    facts: dict[str, Fact]
    tables: dict[str, pd.DataFrame]
    replaced: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    def origin(self, *paths: str, computed: bool = False) -> str:
        """Where things of the case come from: of several, the weakest origin.

        What is computed from published things is not printed itself: with `computed` it is recovered.

        A path names a thing, such as ``"customers"``, ``"judgements"``, ``"files.orders"`` or ``"lists.stages"``;
        `crmlib.cases.holdings` lists all. Another case is named before a colon: ``"lubricant:customers"``.

        Raises
        ------
        InputError
            If a path names nothing in the case, or something without an origin.

        Examples
        --------
        >>> case = load_case("lubricant")
        >>> case.origin("judgements"), case.origin("judgements", "customers")
        ('recovered', 'assumed')
        """
        if not paths:
            raise InputError(f"The case {self.name!r}", [Problem("a mark of origin", "names nothing", "Add a path")])
        found = [holdings.find(self._named(path), path.rpartition(":")[2]) for path in paths]
        weakest = holdings.weakest([origin for holding in found for origin in holding.origins])
        return str(Origin.RECOVERED if computed and weakest in (Origin.PUBLISHED, Origin.ERRATUM) else weakest)

    def _named(self, path: str) -> "Case":
        other = path.rpartition(":")[0]
        if other and other not in self._others:
            self._others[other] = load_case(other, data=self.folder.parent)
        return self._others[other] if other else self

    @cached_property
    def _others(self) -> dict[str, "Case"]:
        """The cases that paths have named so far, each loaded once."""
        return {}

    def held(self, path: str, parameters: Mapping[str, object] | None = None) -> int | float | str:
        """The value at a path, of a group its count; `parameters` holds the defaults of the notebook.

        Raises
        ------
        InputError
            If the path names nothing in the case.

        Examples
        --------
        >>> case = load_case("lubricant")
        >>> case.held("customers"), case.held("customers.2.gross_profit"), case.held("parameters.draws", {"draws": 9})
        (7, 55.9, 9)
        """
        return holdings.value(self, path, parameters or {})

    @property
    def printed(self) -> pd.Series:
        """The published facts as text, by id."""
        return pd.Series({name: fact.printed for name, fact in self.facts.items()}, dtype=object)

    @cached_property
    def lists(self) -> dict[str, pd.DataFrame]:
        """The lists of case.yml by name: one row an item, with label, chinese, origin and its further columns."""
        return {
            name: pd.DataFrame.from_dict(
                {item: {**entry.model_dump(), "origin": str(entry.origin)} for item, entry in listed.items.items()},
                orient="index",
            )
            for name, listed in self.entry.lists.items()
        }

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
        return {entry.name: entry.cuts for entry in self.entry.walk() if entry.cuts}

    @property
    def quadrants(self) -> dict[tuple[str, str], str]:
        """Label of each quadrant by the levels of current and potential value."""
        return {(entry.current, entry.potential): entry.label for entry in self.entry.quadrants}

    @property
    def grid(self) -> Grid | None:
        """The quadrants of the value matrix as a grid, or None if the case has none."""
        if not self.entry.quadrants:
            return None
        segments = [entry.segment for entry in self.entry.quadrants]
        cells = [
            # Where a source has one word for several places, it does not print which place is whose.
            Quadrant(
                (entry.current, entry.potential), entry.label, entry.chinese, "", entry.origin,
                entry.origin if segments.count(entry.segment) == 1 else Origin.ASSUMED,
            )
            for entry in self.entry.quadrants
        ]  # fmt: skip
        source = (self.entry.sources or [""])[0]
        return Grid(self.entry.title, self.entry.chinese, ("current_value", "potential_value"), source, tuple(cells))

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
        Another customer table, in any form that `crmlib.reading.tables.read_table` takes; by default the case's own.
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
    indicators = list(tree.leaves) if tree else []
    facts = {fact.id: fact for fact in read_published(folder / "published.yml").facts}
    given = {key: Path(path) for key, path in ({"customers": customers or ""} | dict(files or {})).items() if path}
    paths = _paths(name, entry, folder, given)
    tables = {key: _read(paths[key], declared) for key, declared in entry.tables.items()}
    table = tables.pop("customers", pd.DataFrame(columns=indicators))[indicators].astype(float)
    return Case(name, entry, tree, experts, table, folder, paths, facts, tables, replaced=frozenset(given))


def _read(path: Path, declared: Table) -> pd.DataFrame:
    reading = read_table(path, declared)
    if declared.key:
        return reading.table.set_index(list(declared.key))
    return reading.table.set_axis(pd.Index(reading.rows, name="row"))


def _paths(name: str, entry: CaseEntry, folder: Path, given: Mapping[str, Path]) -> dict[str, Path]:
    """Where each data file of the case is: in its folder, unless the caller brings another."""
    own = entry.file_names
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
