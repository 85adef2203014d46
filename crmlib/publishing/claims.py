"""What a case folder claims of itself: the kind of each fact, and what it calls published."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from crmlib.cases import Case, Fact, Kind, Origin
from crmlib.publishing.provenance import Part, Provenance

__all__ = ["TYPED", "Claims"]

TYPED = "The notebook records what is typed in its code; take it from the case folder"


@dataclass(frozen=True)
class Claims:
    """The claims of a case beside what its notebook is made of.

    `cells` gives, for the name of a value, the cells that recorded it or could have.
    """

    case: Case
    provenance: Provenance
    cells: Callable[[str], Collection[int]]

    def typed(self, name: str) -> bool:
        """Whether a recorded value is made of the code alone."""
        return any(self.provenance.typed(name, cell) for cell in self.cells(name))

    def too_much(self, fact: Fact, *, recorded: bool) -> str:
        """Why a fact is not of the kind that it is called, or nothing."""
        used = fact.id in self.case.entry.recovered_from
        if fact.kind is Kind.RESULT and used:
            return "Something was recovered from it, so it is an input"
        if fact.kind is Kind.INPUT and not fact.held and not used:
            return "Neither held by the case nor the origin of something recovered, so it is no input"
        if recorded and self.typed(fact.id):
            return TYPED
        if recorded:
            return next(filter(None, (self._copied(fact, parts) for parts in self._calls(fact.id))), "")
        return ""

    def _calls(self, name: str) -> list[frozenset[Part]]:
        """The parts of each call that recorded a value, or that could have."""
        return [parts for cell in self.cells(name) for parts in self.provenance.calls(name, cell)]

    def _copied(self, fact: Fact, parts: frozenset[Part]) -> str:
        """Why what one call records is not what the fact is called."""
        kinds, paths = {part.kind for part in parts}, {part.name for part in parts if part.kind == "path"}
        if fact.kind is Kind.KEPT and not paths:
            return "It is made of parameters alone, and what a parameter takes over is an input"
        if fact.kind is not Kind.RESULT:
            return ""
        if "facts" in paths:
            return "It is made of printed facts, so it repeats them and is an input"
        if not {"method", "path"} <= kinds:
            return "The notebook does not compute it with a method from data of the case, so it is kept or an input"
        if self.provenance.made_of(parts) is Origin.ASSUMED:
            return "It is computed from assumed data, so it is kept"
        return ""

    def unheld(self) -> Iterator[str]:
        """Paths of what case.yml calls published although no fact holds it, and no recorded fact is made of it."""
        facts = [fact for fact in self.case.facts.values() if fact.kind is not None]
        held = [(fact.held or "").removesuffix(" * 100").split(".") for fact in facts]
        made = {part.name for fact in facts for parts in self._calls(fact.id) for part in parts if part.kind == "path"}
        for path, origin in self.case.entry.origins:
            if origin is Origin.PUBLISHED and path not in made and not any(_holds(one, path) for one in held):
                yield path


def _holds(held: list[str], path: str) -> bool:
    """Whether a fact that holds one thing vouches for another: the same, a part of it, or a column of its list."""
    root, *names = path.split(".")
    if root == "criteria":  # a printed judgement names what it compares
        return held[0] in ("criteria", "judgements") and names[0] in held[1:]
    if root == "lists":
        return held[:2] == [root, names[0]] and (held[2:3] == names[1:] or held[2:] in (["label"], ["chinese"]))
    return (["files", *held] if held[0] == "customers" else held)[: len(names) + 1] == [root, *names]
