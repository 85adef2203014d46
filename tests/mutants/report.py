"""What mutmut found: a score for each module, and every mutant that lived and is not known to be equivalent.

``make mutants`` runs it. It fails if a module scores below `LEAST`.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from mutmut.__main__ import get_diff_for_mutant
from mutmut.mutation.data import SourceFileMutationData
from mutmut.stats import status_by_exit_code

LEAST = 0.95
LIVED = {"survived", "no tests"}
#: A mutant that never ends is found out, too.
FOUND = {"killed", "timeout", "segfault", "caught by type check"}
#: Arguments that guard against what cannot happen there, or skip a check for speed; others change no answer.
GUARDS = re.compile(r",?\s*\b(strict|check_finite|copy)=\w+|,\s*(?=\))")
EQUIVALENT = Path(__file__).with_name("equivalent.yml")


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed: the lines that it takes away and puts in."""

    name: str
    before: str
    after: str

    def among(self, known: set[tuple[str, str]]) -> bool:
        """Whether it is known to be equivalent."""
        return (self.before, self.after) in known or GUARDS.sub("", self.before) == GUARDS.sub("", self.after)


@dataclass(frozen=True)
class Module:
    """The mutants of a module: how many were found, which are known to be equivalent, and which lived."""

    path: str
    found: int
    equivalent: int
    survivors: list[Survivor]

    @property
    def score(self) -> float:
        """Mutants found, of those that are not known to be equivalent."""
        return self.found / max(self.found + len(self.survivors), 1)


def modules() -> Iterator[Module]:
    """Every module of which mutants were tried."""
    known = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    for path in sorted(Path("mutants/crmlib").rglob("*.meta")):
        data = SourceFileMutationData(path=path.relative_to("mutants").with_suffix(""))
        data.load()
        status = {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}
        found = sum(one in FOUND for one in status.values())
        lived = [_survivor(name) for name, one in status.items() if one in LIVED]
        pairs = {(entry["before"], entry["after"]) for entry in known.get(str(data.path), [])}
        unknown = [one for one in lived if not one.among(pairs)]
        if found or lived:
            yield Module(str(data.path), found, len(lived) - len(unknown), unknown)


def _survivor(name: str) -> Survivor:
    lines = get_diff_for_mutant(name).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Survivor(name, before, after)


def main() -> None:
    """Print the table and the survivors."""
    found = list(modules())
    print("| module | mutants | found | equivalent | lived | score |\n| --- | --- | --- | --- | --- | --- |")
    for one in found:
        count = one.found + one.equivalent + len(one.survivors)
        print(f"| {one.path} | {count} | {one.found} | {one.equivalent} | {len(one.survivors)} | {one.score:.0%} |")
    for module in found:
        for one in module.survivors:
            print(f"\n{one.name}\n  - {one.before}\n  + {one.after}")
    sys.exit(any(one.score < LEAST for one in found))


if __name__ == "__main__":
    main()
