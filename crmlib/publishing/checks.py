"""What a verification finds: one check a fact, a pinned result, a mark of origin or a place in a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Check", "Value", "Verdict", "failures"]

Value = bool | int | float | str


class Verdict(StrEnum):
    """What a check found."""

    REPRODUCED = "reproduced"
    KEPT = "kept as printed"
    TAKEN_OVER = "taken over as printed"
    ERRATUM = "erratum, explained"
    PINNED = "as pinned"
    TRUE = "true of the data"
    FOUND = "found in the document"
    NORMALISED = "found in the document, normalised"
    YOUR_DATA = "not comparable: your data"
    YOUR_PARAMETERS = "not comparable: your parameters"
    MISMATCH = "MISMATCH"
    NOT_RECORDED = "NOT RECORDED"
    NAMES_NO_FACT = "NAMES NO FACT"
    TWICE = "RECORDED TWICE"
    CLAIMS_TOO_MUCH = "CLAIMS TOO MUCH"
    NOT_TRUE = "NOT TRUE OF THE DATA"
    NOT_FOUND = "NOT IN THE DOCUMENT"
    NOT_AS_PINNED = "NOT AS PINNED"

    @property
    def comparable(self) -> bool:
        """Whether there was something to compare with."""
        return self not in (Verdict.YOUR_DATA, Verdict.YOUR_PARAMETERS)

    @property
    def failed(self) -> bool:
        """Whether this verdict makes the verification fail."""
        return self in (
            Verdict.MISMATCH,
            Verdict.NOT_RECORDED,
            Verdict.NAMES_NO_FACT,
            Verdict.TWICE,
            Verdict.CLAIMS_TOO_MUCH,
            Verdict.NOT_TRUE,
            Verdict.NOT_FOUND,
            Verdict.NOT_AS_PINNED,
        )


@dataclass(frozen=True)
class Check:
    """One fact, pinned result or mark beside what we have.

    `kind` is ``result``, ``kept``, ``input`` or ``erratum`` for a fact, ``own result`` for what is pinned, ``mark`` for
    a mark of origin or a sentence by condition, ``page`` for a line that the reader sees, and ``place`` for a fact that
    was looked up in its document. `why` says in words what is wrong where no difference does. The
    print of a fact that was not `seen` is known from an account of it alone.
    """

    case: str
    name: str
    kind: str
    printed: str
    ours: Value | None
    difference: float | None
    verdict: Verdict
    place: str = ""
    why: str = ""
    seen: bool = True


def failures(checks: Iterable[Check]) -> list[Check]:
    """The checks that failed."""
    return [check for check in checks if check.verdict.failed]
