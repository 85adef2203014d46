"""A chapter as its reader sees it, as plain text: prose with its numbers, tables cell by cell, figures mark by mark.

It ends with the checksums of the data, the origins of the case, what its head says of prints and data, and all that is
said of each fact: kind, place, source, quotation. So none of them changes unseen, also where the page shows none.
The text is pinned in ``data/<case>/page.md``. So an exchanged number, a changed word, format, column, colour or axis
turns the verification red, and pinning anew shows the difference in words.
"""

import hashlib
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from crmlib.cases import Case, Fact, read_published
from crmlib.publishing.prose import finished
from crmlib.publishing.runner import Run
from crmlib.publishing.status import case_badges

__all__ = ["differences", "page_text"]

_NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:e[-+]\d+)?")


def page_text(run: Run, case: Case) -> str:
    """The page of a run, as text; sentences that are not shown stay, and say so."""
    return "\n".join(_page(run, case)) + "\n"


def _page(run: Run, case: Case) -> Iterator[str]:
    values = run.values
    for cell in run.notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield from finished(cell["source"], values, case.origin, hidden="(not shown) ").rstrip().split("\n")
            yield ""
        for output in cell.get("outputs", []):
            if shown := output.get("metadata", {}).get("crmlib", {}).get("shown"):
                yield from shown
                yield ""
    for path in sorted(case.folder.glob("*.csv")):
        yield f"data: {path.name}, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
    yield from (f"origin: {path} is {origin}" for path, origin in case.entry.origins)
    yield from (f"status: {badge}" for badge in case_badges(case))
    source = read_published(case.folder / "published.yml").source
    yield from [f"status: facts without a source of their own are from {source}"] if source else []
    yield from map(_said, case.facts.values())


def _said(fact: Fact) -> str:
    """A fact with where and how it was seen; its value stands among the checks."""
    at = ", ".join(f"{source} {line}" for source, line in fact.at.items())
    told = {
        "place": fact.place,
        "at": at,
        "source": fact.source,
        "held": fact.held,
        "text": fact.text,
        "normalised": fact.normalised,
    }
    words = [f"{name} {text}" for name, text in told.items() if text]
    return "; ".join([f"fact: {fact.id} is {fact.kind or fact.origin}", *words, "seen" if fact.seen else "not seen"])


def differences(pinned: str, text: str) -> Iterator[tuple[str, str, str]]:
    r"""The places where a page is not as it was pinned: the heading, table or figure, what was pinned, what is there.

    Numbers in the marks of figures may differ by one unit of their last digit, for they are rounded on the way.

    Examples
    --------
    >>> list(differences("# A\nSix of seven.\nEnd.", "# A\nFive of seven.\nEnd."))
    [('# A', 'Six of seven.', 'Five of seven.')]
    """
    before, after = pinned.splitlines(), text.splitlines()
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        old, new = before[start:end], after[first:last]
        pairs = [
            (old[at] if at < len(old) else "", new[at] if at < len(new) else "")
            for at in range(max(len(old), len(new)))
        ]
        for at, (one, other) in enumerate(pairs):
            if one != other and not _same_marks(one, other):
                yield _place(after, min(first + at, len(after))), one, other


def _place(lines: list[str], at: int) -> str:
    """The nearest heading, table, figure or explorer above a line."""
    for line in reversed(lines[: at + 1]):
        if re.match(r"#+ |table: |figure: |explorer|data: |origin: |status: |fact: ", line):
            return line[:80]
    return "the top"


def _same_marks(one: str, other: str) -> bool:
    if not (one.startswith("  ") and other.startswith("  ")) or _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return " | " not in one and all(_same_number(first, second) for first, second in pairs)


def _same_number(one: str, other: str) -> bool:
    """Whether two texts are the same number, but for one unit of the last of six digits."""
    first, second = float(one.replace("−", "-")), float(other.replace("−", "-"))
    return abs(first - second) <= 1.5e-5 * abs(first)
