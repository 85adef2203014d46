"""Published facts and expected values: what was printed, and whether a value of ours agrees with it."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StrictStr

from crmlib.cases.files import read_yaml
from crmlib.cases.origins import Origin
from crmlib.errors import InputError, Problem

__all__ = ["Comparison", "Fact", "Published", "compare", "read_expected", "read_published"]

_NUMBER = re.compile(r"[-+−]?\d+(\.\d+)?([eE][-+]?\d+)?")
_BOUND = re.compile(r"([<>])\s*(\d+(?:\.\d+)?)")


def _one_line(text: str) -> str:
    if not text.strip() or "\n" in text.strip():
        raise ValueError("Write one line of text")
    return text.strip()


Line = Annotated[StrictStr, AfterValidator(_one_line)]


class Fact(BaseModel):
    """One fact of a source, as printed.

    `printed` is text, so that its last digit gives the tolerance; ``"< 0.1"`` is a bound, and anything
    that is not a number must be met letter by letter. `depends_on` says what the fact needs besides the
    judgements: a data file of the case, such as ``customers``. An erratum gives both readings:
    `printed`, and `corrected`, which our value must meet. `source` names the key of references.bib
    where it is not that of the whole file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Line
    printed: Line
    place: Line
    origin: Literal[Origin.PUBLISHED, Origin.ERRATUM] = Origin.PUBLISHED
    depends_on: str = "judgements"
    corrected: Line | None = None
    explanation: Line | None = None
    source: Line | None = None

    @property
    def target(self) -> str:
        """The text that our value is compared with."""
        return self.corrected if self.corrected is not None else self.printed


class Published(BaseModel):
    """The whole of published.yml: its source (key of references.bib), if not each fact has its own, and its facts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Line | None = None
    facts: list[Fact]


class Expected(BaseModel):
    """The whole of expected.yml: our own results, pinned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expected: dict[Line, Line]


@dataclass(frozen=True)
class Comparison:
    """Whether a value agrees with a text, and by how much a number differs (NaN where nothing is to subtract)."""

    agrees: bool
    difference: float


def compare(printed: str, value: float | str) -> Comparison:
    """Compare a number with a printed text at half a unit of the last printed digit, a text letter by letter.

    Examples
    --------
    >>> compare("0.6095", 0.60949775).agrees, compare("0.6095", 0.6073).agrees
    (True, False)
    >>> compare("< 0.1", 0.0462).agrees, compare("high", "low").agrees
    (True, False)
    """
    if isinstance(value, str):
        return Comparison(printed == value, math.nan)
    if bound := _BOUND.fullmatch(printed):
        limit = float(bound[2])
        difference = float(value) - limit
        return Comparison(difference < 0 if bound[1] == "<" else difference > 0, difference)
    if _NUMBER.fullmatch(printed):
        number = Decimal(printed.replace("−", "-"))
        half_unit = float(Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2)
        difference = float(value) - float(number)
        # The slack is for binary rounding alone: 0.5 units must not fail as 0.5000000001.
        return Comparison(abs(difference) <= half_unit * (1 + 1e-9), difference)
    return Comparison(agrees=False, difference=math.nan)


def read_published(path: Path) -> Published:
    """Read published.yml; an InputError lists what is wrong in it, also an id given twice."""
    published = read_yaml(path, Published)
    ids = [fact.id for fact in published.facts]
    problems = [Problem(f"id {name!r}", "is given twice", "Give each fact its own id") for name in _repeated(ids)]
    problems += [
        Problem(f"erratum {fact.id!r}", "has no corrected reading or no explanation", "Give both")
        for fact in published.facts
        if fact.origin is Origin.ERRATUM and not (fact.corrected and fact.explanation)
    ]
    if published.source is None and any(fact.source is None for fact in published.facts):
        problems.append(Problem("source", "is missing", "Add the key of the source that prints the facts"))
    if problems:
        raise InputError(str(path), problems)
    return published


def read_expected(path: Path) -> dict[str, str]:
    """Read expected.yml; a case without the file pins nothing."""
    return read_yaml(path, Expected).expected if path.is_file() else {}


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
