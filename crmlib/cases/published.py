"""Published facts and expected values: what was printed, and whether a value of ours agrees with it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictStr

from crmlib.cases.files import read_yaml
from crmlib.cases.origins import Origin
from crmlib.cases.quotations import says
from crmlib.errors import InputError, Problem

__all__ = [
    "Comparison",
    "Fact",
    "Kind",
    "Published",
    "as_text",
    "compare",
    "complete",
    "read_expected",
    "read_published",
]

_NUMBER = re.compile(r"[-+−]?\d+(\.\d+)?([eE][-+]?\d+)?")
_BOUND = re.compile(r"([<>])\s*(\d+(?:\.\d+)?)")
#: Significant digits of a pinned number; it is compared at half a unit of the last one.
SIGNIFICANT = 10
#: Least length of a quotation.
_SHORTEST = 2
#: Where a case holds what it took over.
_TAKEN_OVER = ("parameters", "files", "customers", "judgements", "random_index")


def _one_line(text: str) -> str:
    if not text.strip() or "\n" in text.strip():
        raise ValueError("Write one line of text")
    return text.strip()


Line = Annotated[StrictStr, AfterValidator(_one_line)]


class Kind(StrEnum):
    """What agreement with a published fact shows; the three are never added up."""

    RESULT = "result"  # we compute what the source prints, from other things than itself
    KEPT = "kept"  # a name, a count, a structure, or what assumed data were made to agree with
    INPUT = "input"  # taken over from the source


class Fact(BaseModel):
    """One fact of a source, as printed.

    `printed` is text, so that its last digit gives the tolerance; ``"< 0.1"`` is a bound, and anything that is not a
    number must be met letter by letter. `kind` says what agreement shows; only an erratum has none. `held` is the
    path in the case (see `crmlib.cases.holdings`) that must agree; without it a notebook records the value.

    `at` maps each text that prints the fact, by its key in references.bib, to the line of its document, such as
    ``"57"``. `text` holds the characters that stand there, where they are not `printed` itself, and `normalised`
    says how the one follows from the other. A fact of other literature has a `source` instead; it is not `seen` where
    the print itself was not held, only an account of it.

    An erratum has an explanation, in Markdown that the page of errata shows as it is, and either `corrected`, which our
    value must meet, or `reading`, how we read it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Line
    printed: Line
    place: Line
    kind: Kind | None = None
    origin: Literal[Origin.PUBLISHED, Origin.ERRATUM] = Origin.PUBLISHED
    held: Line | None = None
    at: dict[Line, Annotated[str, BeforeValidator(str), Field(pattern=r"^\d+(-\d+)?$")]] = {}
    text: Line | None = None
    normalised: Line | None = None
    source: Line | None = None
    seen: bool = True
    corrected: Line | None = None
    reading: Line | None = None
    explanation: Line | None = None

    @property
    def target(self) -> str:
        """The text that our value is compared with."""
        return self.corrected if self.corrected is not None else self.printed

    @property
    def quotation(self) -> str:
        """The characters that stand in the document."""
        return self.text if self.text is not None else self.printed


class Published(BaseModel):
    """The whole of published.yml: its source (key of references.bib), if not each fact has its own, and its facts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Line | None = None
    facts: list[Fact]

    def sources(self, fact: Fact) -> list[str]:
        """Keys of the texts that print a fact."""
        return list(fact.at) or [name for name in [fact.source or self.source] if name]


class Expected(BaseModel):
    """The whole of expected.yml: our own results, pinned, and those of them that the code itself makes up.

    `made_up` names what is made of numbers in the code alone, as in an example; nothing else may be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    expected: dict[Line, Line] = {}
    made_up: list[Line] = []


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
    if isinstance(value, str | bool):
        return Comparison(printed == as_text(value), math.nan)
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
    problems += [Problem(f"fact {fact.id!r}", *told) for fact in published.facts for told in _wrong(fact, published)]
    if problems:
        raise InputError(str(path), problems)
    return published


def _wrong(fact: Fact, published: Published) -> Iterator[tuple[str, str]]:
    """What is wrong with a fact, each with its remedy."""
    root = (fact.held or "").partition(".")[0]
    if fact.origin is Origin.ERRATUM:
        if not fact.explanation or (fact.corrected is None) == (fact.reading is None):
            yield (
                "is an erratum without explanation, or without a reading",
                "Give explanation, and corrected or reading",
            )
        if fact.kind is not None:
            yield f"is an erratum and {fact.kind}", "Take out its kind: an erratum shows neither"
    elif fact.kind is None:
        yield "has no kind", f"Say whether it is a {', '.join(Kind)}"
    if fact.origin is not Origin.ERRATUM and (fact.corrected, fact.reading) != (None, None):
        yield "is corrected, or read otherwise than printed", "Declare it with origin: erratum and an explanation"
    if not published.sources(fact):
        yield "has no source", "Add at (texts and lines) or source (a key of references.bib)"
    if fact.at and fact.source:
        yield "has both at and source", "Keep at, which names its texts"
    if (fact.normalised is None) != (fact.text is None) or (fact.text and not fact.at):
        yield "is not literal", "Give at, text and normalised together, or none of text and normalised"
    yield from _quoted(fact)
    if fact.kind is Kind.RESULT and fact.held:
        yield "is a result that the case folder holds", "A result is computed: it is kept or input"
    if fact.kind is Kind.KEPT and root == "parameters":
        yield "is kept and held by a parameter", "What a parameter takes over is an input"
    if fact.kind is Kind.INPUT and root not in ("", *_TAKEN_OVER):
        yield f"is an input held by {root}", f"An input is held by {', '.join(_TAKEN_OVER)}, or it is kept"


def _quoted(fact: Fact) -> Iterator[tuple[str, str]]:
    """What is wrong with the characters that a document is said to hold; a lone digit could stand for anything."""
    if fact.at and fact.origin is not Origin.ERRATUM and len(fact.quotation) < _SHORTEST:
        yield f"quotes {fact.quotation!r} alone", "Quote what stands beside it: text, and normalised"
    for source, line in fact.at.items():
        if "-" in line:
            yield f"stands in lines {line} of {source}", "Name the one line that holds its quotation"
    number = _NUMBER.fullmatch(fact.printed) or _BOUND.fullmatch(fact.printed)
    if fact.text and number and not says(fact.text, digits := number[0].lstrip("<> ")):
        yield f"quotes {fact.text!r}, which does not say {digits}", "Quote the characters that say the number"


def complete(pin: str, value: float | str) -> bool:
    """Whether the pin of a number is written out as `as_text` writes it; fewer digits or a bound let a change pass.

    Examples
    --------
    >>> complete("< 99", 0.25), complete("−2", -2), complete("< 99", "< 99")
    (False, False, True)
    >>> complete("0.2500000000", 0.25), complete("0.25", 0.25), complete("2e3", 1969), complete("1969", 1969)
    (True, False, False, True)
    """
    if isinstance(value, str | bool):
        return True
    return bool(_NUMBER.fullmatch(pin)) and as_text(type(value)(Decimal(pin.replace("−", "-")))) == pin


def as_text(value: float | str) -> str:
    """A value as it is pinned: truth as a word, a number that is not whole at `SIGNIFICANT` digits.

    Examples
    --------
    >>> as_text(0.5), as_text(1e-12 / 3), as_text(7), as_text(True), as_text("high")
    ('0.5000000000', '3.333333333e-13', '7', 'true', 'high')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:#.{SIGNIFICANT}g}".removesuffix(".") if isinstance(value, float) else str(value)


def read_expected(path: Path) -> Expected:
    """Read expected.yml; a case without the file pins nothing."""
    return read_yaml(path, Expected) if path.is_file() else Expected()


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
