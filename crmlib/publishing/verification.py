"""Verification: recorded values against published facts and pinned results, marks of origin against the data."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from crmlib.cases import Case, Fact, Kind, Origin, as_text, compare, complete, read_expected
from crmlib.errors import InputError
from crmlib.publishing.checks import Check, Value, Verdict
from crmlib.publishing.claims import TYPED, Claims
from crmlib.publishing.prose import conditions, glued, hidden, marks
from crmlib.publishing.provenance import Part, Provenance
from crmlib.publishing.runner import Run
from crmlib.publishing.snapshot import differences, page_text
from crmlib.publishing.table_marks import table_marks

__all__ = ["check_run", "pin"]

_AGREED = {Kind.RESULT: Verdict.REPRODUCED, Kind.KEPT: Verdict.KEPT, Kind.INPUT: Verdict.TAKEN_OVER}


def check_run(run: Run, case: Case, data: Path) -> list[Check]:
    """Compare everything that a run recorded, and every mark on its page, with the folder of its case.

    `case` was loaded with the files that the user brought; `data` is the folder of all cases. What depends on such a
    file or on a changed parameter is not comparable, everything else is compared as always.

    Examples
    --------
    A run that recorded nothing:

    >>> import nbformat
    >>> from crmlib.cases import load_case
    >>> run = Run("lubricant", nbformat.v4.new_notebook(), {}, frozenset(), seconds=0.0)
    >>> checks = {check.name: check for check in check_run(run, load_case("lubricant"), Path("data"))}
    >>> str(checks["global_weight.gross_profit"].verdict)
    'NOT RECORDED'
    """
    reader = _Reader(run, case, data)
    expected = read_expected(data / run.case / "expected.yml")
    checks = [reader.fact(fact) for fact in case.facts.values()]
    pins, made_up = expected.expected, expected.made_up
    checks += [reader.pinned(name, text, made_up=name in made_up) for name, text in pins.items()]
    checks += [
        Check(run.case, name, "own result", "", None, None, Verdict.NOT_RECORDED, why=_NOT_THERE)
        for name in made_up
        if name not in pins
    ]
    known = {check.name for check in checks}
    checks += [
        Check(run.case, name, "own result", "", value, None, Verdict.NAMES_NO_FACT, why="Pin it: crmlib pin")
        for name, value in reader.values.items()
        if name not in known and reader.comparable(name) is None
    ]
    counted = Counter(entry.name for entry in run.recorded)
    checks += [
        Check(run.case, name, "own result", "", reader.values[name], None, Verdict.TWICE)
        for name, count in counted.items()
        if count > 1
    ]
    return [*checks, *reader.unheld(), *reader.marks(), *reader.tables(), *reader.page(data / run.case / PAGE)]


#: The page of a case as text, pinned beside its values.
PAGE = "page.md"


class _Reader:
    """A run beside its case: what was recorded, and what it is made of."""

    def __init__(self, run: Run, case: Case, data: Path) -> None:
        self.case, self.run = case, run
        self.values: dict[str, Value] = run.values
        self._cell = {entry.name: entry.cell for entry in run.recorded}
        self._provenance = Provenance(run.code, run.parameters, case, data)
        self._claims = Claims(case, self._provenance, self._cells)
        self._parameters = {name: ast.literal_eval(text) for name, text in run.parameters.items()}

    def parts(self, name: str) -> frozenset[Part]:
        """What a value is made of that was recorded, or that the code could have recorded."""
        return frozenset(part for cell in self._cells(name) for part in self._provenance.parts(name, cell))

    def _cells(self, name: str) -> list[int]:
        """The cell that recorded a value, or all, which could have."""
        return [self._cell[name]] if name in self._cell else list(self.run.code)

    def comparable(self, name: str, held: str | None = None) -> Verdict | None:
        """None if a value can be compared, or the verdict that says why it cannot."""
        if not (self.case.replaced or self.run.changed):
            return None
        parts = {(part.kind, part.name) for part in self.parts(name) if part.case in ("", self.case.name)}
        parts |= {_held_part(held)} if held else set()
        if parts & {("path", f"files.{file}") for file in self.case.replaced}:
            return Verdict.YOUR_DATA
        if parts & {("parameter", parameter) for parameter in self.run.changed}:
            return Verdict.YOUR_PARAMETERS
        return None

    def fact(self, fact: Fact) -> Check:
        """A published fact beside the value that the case holds or the notebook recorded."""
        kind = "erratum" if fact.origin is Origin.ERRATUM else str(fact.kind)
        blank = Check(
            self.run.case, fact.id, kind, fact.printed, None, None, Verdict.ERRATUM, fact.place, seen=fact.seen
        )
        if fact.reading is not None:
            return blank
        if (not_comparable := self.comparable(fact.id, fact.held)) is not None:
            return replace(blank, verdict=not_comparable)
        agreed = Verdict.ERRATUM if kind == "erratum" else _AGREED[Kind(kind)]
        found = [self.values[fact.id]] if fact.id in self.values else []
        found += [self.case.held(fact.held, self._parameters)] if fact.held else []
        checks = [_compared(blank, fact.target, value, agreed) for value in found]
        check = next((check for check in checks if check.verdict.failed), checks[0] if checks else None)
        if check is None:
            return replace(blank, verdict=Verdict.NOT_RECORDED, why=_NOT_THERE)
        if not check.verdict.failed and (why := self._claims.too_much(fact, recorded=fact.id in self.values)):
            return replace(check, verdict=Verdict.CLAIMS_TOO_MUCH, why=why)
        recovered = self.case.entry.recovered_from.get(fact.id)
        return replace(check, why=f"Used to recover {recovered}") if recovered else check

    def unheld(self) -> Iterator[Check]:
        """Everything that case.yml calls published and no fact vouches for."""
        for path in self._claims.unheld():
            why = "case.yml calls it published: add the fact that holds it, or say where else it comes from"
            yield Check(self.run.case, path, "mark", "published", None, None, Verdict.CLAIMS_TOO_MUCH, why=why)

    def pinned(self, name: str, text: str, *, made_up: bool) -> Check:
        """A result of our own beside its pinned text."""
        blank = Check(self.run.case, name, "own result", text, None, None, Verdict.NOT_RECORDED)
        if (not_comparable := self.comparable(name)) is not None:
            return replace(blank, verdict=not_comparable)
        if name not in self.values:
            return replace(blank, why=_NOT_THERE)
        if not complete(text, self.values[name]):
            return replace(blank, ours=self.values[name], verdict=Verdict.MISMATCH, why=_INCOMPLETE)
        check = _compared(blank, text, self.values[name], Verdict.PINNED)
        if not check.verdict.failed and self._claims.typed(name) is not made_up:
            why = _NOT_MADE_UP if made_up else f"{TYPED}, or name it in expected.yml under made_up"
            return replace(check, verdict=Verdict.CLAIMS_TOO_MUCH, why=why)
        return check

    def page(self, pinned: Path) -> Iterator[Check]:
        """Every line that the reader sees and that is not as it was pinned, or one check that all are."""
        blank = Check(self.run.case, "page", "page", "", None, None, Verdict.PINNED)
        if self.case.replaced or self.run.changed:
            yield replace(blank, verdict=self._own)
            return
        before = pinned.read_text(encoding="utf-8") if pinned.is_file() else ""
        try:
            changed = list(differences(before, page_text(self.run, self.case)))
        except InputError:  # a mark names nothing; its own check tells it
            return
        for where, old, new in changed:
            why = "If you meant it: crmlib pin"
            yield replace(blank, name=f"page, {where}", printed=old, ours=new, verdict=Verdict.NOT_AS_PINNED, why=why)
        if not changed:
            yield blank

    def marks(self) -> Iterator[Check]:
        """Every mark of origin and every condition in the prose."""
        for cell, markdown in self.run.prose.items():
            for mark in marks(markdown):
                said = f"cell {cell}: {mark.word} {' '.join(mark.paths)}"
                yield self._mark(said, mark.word, mark.paths, mark.values)
            for name in dict.fromkeys(glued(markdown)):
                if name not in self.values:
                    verdict = self.comparable(name) or Verdict.NOT_RECORDED
                    yield Check(self.run.case, f"cell {cell}: {name}", "mark", "", None, None, verdict, why=_NOT_THERE)
            for name in hidden(markdown, self.values):
                verdict, value = self.comparable(name) or Verdict.NOT_TRUE, self.values[name]
                yield Check(self.run.case, f"cell {cell}: {name}", "mark", "0", value, None, verdict, why=_HIDDEN)
            for name in conditions(markdown):
                if not isinstance(self.values.get(name), bool):
                    why = "Record the claim as true or false"
                    yield Check(
                        self.run.case, f"cell {cell}: {name}", "mark", "", None, None, Verdict.NOT_RECORDED, why=why
                    )

    def tables(self) -> Iterator[Check]:
        """Every table or column whose mark claims more than what it is made of."""
        for mark in table_marks(self.run, self._provenance):
            if mark.claims_too_much:
                verdict = self._own if mark.made is Origin.OWN else Verdict.NOT_TRUE
                name, why = f"cell {mark.cell}, {mark.place}", f"It is made of what is {mark.made}"
                yield Check(self.run.case, name, "mark", mark.said, str(mark.made), None, verdict, why=why)

    @property
    def _own(self) -> Verdict:
        """Why what is own cannot be compared."""
        return Verdict.YOUR_DATA if self.case.replaced else Verdict.YOUR_PARAMETERS

    def _mark(self, said: str, word: str, paths: tuple[str, ...], values: tuple[str, ...]) -> Check:
        blank = Check(self.run.case, said, "mark", word, None, None, Verdict.TRUE)
        named = [path.split(".")[1] for path in paths if path.startswith("parameters.")]
        if unknown := [name for name in named if name not in self.run.parameters]:
            return replace(blank, verdict=Verdict.NOT_TRUE, why=f"The notebook has no parameter {unknown[0]!r}")
        if not self.run.changed.isdisjoint(named):
            return replace(blank, verdict=Verdict.YOUR_PARAMETERS)
        try:
            found = {" ".join(paths): self.case.origin(*paths)}
        except (InputError, ValueError) as error:
            return replace(blank, verdict=Verdict.NOT_TRUE, why=str(error) if paths else "Name what it is said of")
        found |= {name: str(self._provenance.origin(name, self._cell[name])) for name in values if name in self._cell}
        brought = {name: origin for name, origin in found.items() if origin == Origin.OWN}
        wrong = {name: origin for name, origin in found.items() if origin != word}
        if not wrong:
            return replace(blank, ours=word)
        name, origin = next(iter(wrong.items()))
        if brought:
            return replace(blank, ours=origin, verdict=self._own)
        return replace(blank, ours=origin, verdict=Verdict.NOT_TRUE, why=f"{name} is {origin}")


def _held_part(path: str) -> tuple[str, str]:
    """Kind and name of the part that a path of `crmlib.cases.holdings` belongs to, as `Part` has them."""
    root, *rest = path.partition(" ")[0].split(".")
    if root == "parameters":
        return "parameter", rest[0]
    file = {"customers": "customers", "files": rest[0] if rest else ""}.get(root)
    return "path", f"files.{file}" if file else root


_NOT_THERE = "The notebook no longer records it"
_NOT_MADE_UP = "It is made of more than the code, so take it out of made_up in expected.yml"
_INCOMPLETE = "Not a number with all its digits: crmlib pin"
_HIDDEN = "Its format shows it as zero; give it more digits"


def _compared(blank: Check, text: str, value: Value, agreed: Verdict) -> Check:
    comparison = compare(text, value)
    difference = None if comparison.difference != comparison.difference else comparison.difference  # NaN is no number
    verdict = agreed if comparison.agrees else Verdict.MISMATCH
    return replace(blank, ours=value, difference=difference, verdict=verdict)


def pin(run: Run, case: Case, data: Path) -> list[str]:
    """Pin the page and the values that no published fact checks, at `SIGNIFICANT` digits; tells what changed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import nbformat
    >>> from crmlib.cases import load_case
    >>> page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page")])
    >>> run = Run("lubricant", page, {}, frozenset(), seconds=0.0)
    >>> with TemporaryDirectory() as folder:
    ...     (Path(folder) / "lubricant").mkdir()
    ...     pin(run, load_case("lubricant"), Path(folder))[0].splitlines()
    ['# A page', '  - ', '  + # A page']
    """
    expected = {entry.name: as_text(entry.value) for entry in run.recorded if entry.name not in case.facts}
    values, page = data / run.case / "expected.yml", data / run.case / PAGE
    pinned, seen = read_expected(values), page.read_text(encoding="utf-8") if page.is_file() else ""
    before, text = pinned.expected, page_text(run, case)
    told = [
        f"{name}: {before.get(name, 'new')} → {expected.get(name, 'gone')}"
        for name in {**before, **expected}
        if before.get(name) != expected.get(name)
    ]
    told += [f"{where}\n  - {old}\n  + {new}" for where, old, new in differences(seen, text)]
    head = "# Our own results, pinned so that no change passes unseen. Not published anywhere.\n"
    written = {"expected": expected} | ({"made_up": pinned.made_up} if pinned.made_up else {})
    dumped = yaml.safe_dump(written, sort_keys=False, allow_unicode=True, default_style='"', width=1000)
    values.write_text(head + dumped, encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    return told
