"""The source documents: which texts they hold, and whether each published fact stands where its place says."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from crmlib.cases import Fact, Published
from crmlib.cases.files import read_yaml
from crmlib.errors import InputError, Problem
from crmlib.publishing.checks import Check, Verdict

__all__ = [
    "DocumentEntry",
    "Documents",
    "TextEntry",
    "check_documents",
    "check_places",
    "per_document",
    "read_documents",
]

_LINES = r"^\d+(-\d+)?$"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NotUsed(_Entry):
    """Something that a text holds and the book does not use, and why."""

    what: str
    why: str


class TextEntry(_Entry):
    """A text of a document: its key in references.bib, its lines, the cases that use it, and what is not used."""

    source: str
    lines: str = Field(pattern=_LINES)
    title: str
    chapters: list[str] = []
    not_used: list[NotUsed] = []


class DocumentEntry(_Entry):
    """A document: the name and the SHA-256 of its file, what it is, and its texts."""

    name: str
    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    about: str
    texts: list[TextEntry]


class Documents(_Entry):
    """The whole of documents.yml."""

    documents: list[DocumentEntry]

    def text(self, source: str) -> tuple[DocumentEntry, TextEntry] | None:
        """The text with a key, and the document that holds it."""
        pairs = ((document, text) for document in self.documents for text in document.texts)
        return next((pair for pair in pairs if pair[1].source == source), None)


def read_documents(path: Path) -> Documents:
    """Read documents.yml.

    Raises
    ------
    InputError
        Lists what is wrong in it, such as texts that overlap.

    Examples
    --------
    >>> documents = read_documents(Path("book/documents.yml"))
    >>> len(documents.documents)
    5
    """
    documents = read_yaml(path, Documents)
    problems = []
    for document in documents.documents:
        ordered = sorted(document.texts, key=lambda text: _span(text.lines))
        for before, after in pairwise(ordered):
            if _span(after.lines)[0] <= _span(before.lines)[1]:
                problems.append(Problem(f"text {after.source!r}", f"overlaps {before.source!r}", "Correct the lines"))
    if problems:
        raise InputError(str(path), problems)
    return documents


def check_places(documents: Documents, bibliography: Collection[str], cases: Mapping[str, Published]) -> None:
    """Check that every source is in the bibliography, and every fact of a document names a line of its text.

    Raises
    ------
    InputError
        Lists every fact with an unknown source or text, with a line outside of its text, or without a line.
    """
    problems = [
        Problem(f"{case}, fact {fact.id!r}", found, remedy)
        for case, published in cases.items()
        for fact in published.facts
        for found, remedy in _misplaced(documents, bibliography, published, fact)
    ]
    if problems:
        raise InputError("The places of the published facts", problems)


def _misplaced(
    documents: Documents, bibliography: Collection[str], published: Published, fact: Fact
) -> Iterator[tuple[str, str]]:
    for source in published.sources(fact):
        pair = documents.text(source)
        if source not in bibliography:
            yield f"has the source {source}, which is not in references.bib", "Correct the key, or add the source"
        if pair is not None and source not in fact.at:
            yield f"has no line in {source}", f"Add at: {{{source}: LINE}}"
        elif pair is None and source in fact.at:
            yield f"stands in {source}, which is no text of documents.yml", "Correct the key, or add the text"
        elif pair is not None:
            start, end = _span(pair[1].lines)
            if not start <= int(fact.at[source]) <= end:
                yield f"stands in line {fact.at[source]}, outside of {source} ({pair[1].lines})", "Correct the line"


def check_documents(documents: Documents, cases: Mapping[str, Published], folder: Path) -> list[Check]:
    """Look up every fact in the documents of a folder: one check for each text that prints it.

    Raises
    ------
    InputError
        If a document is not in the folder, or is another one than the facts were taken from.
    """
    lines = {document.name: _read(folder / document.file, document) for document in documents.documents}
    return [
        _looked_up(case, fact, source, document, lines[document.name])
        for case, published in cases.items()
        for fact in published.facts
        for source in fact.at
        for document in [pair[0] for pair in [documents.text(source)] if pair]
    ]


def _read(path: Path, document: DocumentEntry) -> list[str]:
    if not path.is_file():
        raise InputError(str(path), [Problem("the document", "is not there", "Give the folder of the documents")])
    content = path.read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != document.sha256:
        remedy = "Take the document that the facts were taken from, or hold every fact against the new one"
        raise InputError(str(path), [Problem("the document", f"is another one (SHA-256 {found[:12]}…)", remedy)])
    return content.decode("utf-8").split("\n")


def _looked_up(case: str, fact: Fact, source: str, document: DocumentEntry, lines: list[str]) -> Check:
    first, last = _span(fact.at[source])
    found = stands_in(fact.quotation, "\n".join(lines[first - 1 : last]))
    verdict = Verdict.NOT_FOUND if not found else Verdict.NORMALISED if fact.normalised else Verdict.FOUND
    where = f"{document.file}, line {fact.at[source]} ({source})"
    why = "" if found and not fact.normalised else fact.normalised or "Correct the line or the quotation"
    return Check(case, fact.id, "place", fact.quotation, fact.printed, None, verdict, where, why)


def stands_in(quotation: str, text: str) -> bool:
    """Whether a text holds a quotation letter by letter, with no number at its ends being a part of a longer one.

    Examples
    --------
    >>> stands_in("0.8", "权重为0.8,0.2"), stands_in("0.8", "0.80"), stands_in("8%", "18%"), stands_in("七", "7")
    (True, False, False, False)
    """
    before = r"(?<![\d.])" if quotation[0].isdigit() else ""
    after = r"(?!\.?\d)" if quotation[-1].isdigit() else ""
    return re.search(before + re.escape(quotation) + after, text) is not None


def _span(lines: str) -> tuple[int, int]:
    first, _, last = lines.partition("-")
    return int(first), int(last or first)


def per_document(documents: Documents, checks: Sequence[Check]) -> list[str]:
    """One line a document: what was found literally, what normalised, what not."""
    told = []
    for document in documents.documents:
        own = [check.verdict for check in checks if check.place.startswith(f"{document.file},")]
        told.append(
            f"{document.file}: {len(own)} places of facts, literally {own.count(Verdict.FOUND)}, "
            f"normalised {own.count(Verdict.NORMALISED)}, not found {own.count(Verdict.NOT_FOUND)}"
        )
    return told
