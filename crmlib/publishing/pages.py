"""The pages that are written from the results of the verification: verification, errata, sources."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import pandas as pd

from crmlib.cases import Case, Fact, Kind, Origin, Published
from crmlib.grids import GRIDS, crosswalk
from crmlib.matrix import PLACES
from crmlib.publishing.checks import Check, failures
from crmlib.publishing.documents import DocumentEntry, Documents, TextEntry
from crmlib.publishing.prose import code, plain
from crmlib.publishing.results import AGREEMENT, counts, summary_table
from crmlib.publishing.runner import Run
from crmlib.publishing.status import origin_counts
from crmlib.tables import table

__all__ = ["VERIFICATION_HEAD", "crosswalk_table", "errata_page", "sources_page", "verification_page"]


def verification_page(runs: Sequence[Run], cases: Mapping[str, Case], checks: Sequence[Check]) -> str:
    """Markdown of the verification page: one table of all chapters, then for each its checks, failures first."""
    by_case = {run.case: [check for check in checks if check.case == run.case] for run in runs}
    sections = [
        f"(verification-{name})=\n## {plain(cases[name].entry.title)}\n\n{_sentence(counts(own))}\n\n"
        + "\n".join(_facts(kind, own) for kind in (*AGREEMENT, "erratum"))
        + _others(own)
        for name, own in by_case.items()
    ]
    return VERIFICATION_HEAD + _overview(by_case, cases) + "\n" + "\n".join(sections)


#: The head of the verification page, which is the same in every build.
VERIFICATION_HEAD = """---
html_theme.sidebar_secondary.remove: true
---

# Verification

Every computed number in the text of a chapter is recorded once, in its notebook.
This page compares each recorded value with what the source prints.
Agreement means different things, so it is counted in three columns that are never added up.

Result reproduced
: The source prints a result, and we compute the same from other things than the result itself.

Fact kept
: The source prints a name, a count or a structure, or something that our assumed data were made to agree with.
  Ours must not differ; that proves nothing about the source.

Input taken over
: The source prints what we start from, such as a rate, or a weight that judgements were found from.
  That it agrees with itself is no result.

A number agrees when it differs by at most half a unit of the last printed digit.
A printed fact that nobody holds or records is a failure, and so is a recorded value that is neither a fact nor pinned.
Our own results are pinned at a stated number of digits, so that no change passes unseen.
Each mark of origin in the text is compared with the data that it speaks of.
The page is written from the results of the run that made this book, and not by hand.

"""


def _overview(by_case: Mapping[str, Sequence[Check]], cases: Mapping[str, Case]) -> str:
    found = {cases[name].entry.title: counts(own) for name, own in by_case.items()}
    frame = pd.DataFrame.from_dict(found, orient="index")
    marks = [sum(check.kind == "mark" for check in own) for own in by_case.values()]
    shown = pd.DataFrame(
        {
            "Results": _of(frame["result"], frame["result_all"]),
            "Kept": _of(frame["kept"], frame["kept_all"]),
            "Inputs": _of(frame["input"], frame["input_all"]),
            "Not seen": frame["unseen"],
            "Errata": frame["erratum"],
            "Pinned": frame["pinned"],
            "Marks": marks,
        }
    )
    caption = (
        "What was checked: results reproduced, facts kept, inputs taken over, and how many of these prints nobody saw; "
        "own results as pinned; marks in text"
    )
    return table(shown.rename_axis("Chapter"), caption=caption).html + "\n"


def _of(found: pd.Series, printed: pd.Series) -> list[str]:
    return [f"{agree} of {total}" if total else "–" for agree, total in zip(found, printed, strict=True)]


def _sentence(found: dict[str, int]) -> str:
    if found["failed"]:
        return f"**Verification failed.** Checks that failed: {found['failed']}."
    lines = [f"- {name.capitalize()}: {found[kind]} of {found[f'{kind}_all']}" for kind, name in AGREEMENT.items()]
    lines += [f"- Prints not seen, only accounts of them: {found['unseen']}"] if found["unseen"] else []
    lines += [f"- Errata explained: {found['erratum']}", f"- Not comparable: {found['not_comparable']}"]
    return "\n".join(lines)


def _facts(kind: str, checks: Sequence[Check]) -> str:
    """One table for each place in the source."""
    own = [check for check in checks if check.kind == kind]
    named = f"{AGREEMENT.get(kind, 'errata explained').capitalize()}: "
    return "\n".join(_check_table(list(group), "Printed", named + place) for place, group in groupby(own, _place))


def _place(check: Check) -> str:
    return check.place if check.seen else f"{check.place} (print not seen)"


def _others(checks: Sequence[Check]) -> str:
    results = [check for check in checks if check.kind in ("own result", "mark", "page")]
    if not results:
        return ""
    shown = _check_table(
        results, "Pinned", "Our own results, at half a unit of the last pinned digit, marks and the page"
    )
    opened = ":open:\n" if failures(results) else ""
    return f"\n:::{{dropdown}} Our own results, marks and the page\n{opened}\n{shown}:::\n"


def _check_table(checks: Sequence[Check], target: str, caption: str) -> str:
    """One table as HTML, failures first."""
    ordered = sorted(checks, key=lambda check: not check.verdict.failed)
    frame = summary_table(ordered)
    frame["fact"] = [fact.removeprefix(f"{check.case}: ") for fact, check in zip(frame["fact"], ordered, strict=True)]
    frame = frame.set_index("fact").rename_axis("Fact")
    frame.columns = pd.Index([target, "Ours", "Difference", "Verdict"])
    return table(frame, caption=caption).html + "\n"


def crosswalk_table(cases: Iterable[Case]) -> str:
    """Markdown of the names that the cases and the library's grids give to the same four places."""
    own = [(f"[]({case.name})", case.grid) for case in cases if case.grid is not None]
    others = [(f"{plain(grid.title)} {{cite:p}}`{grid.source}`", grid) for grid in GRIDS.values()]
    named, grids = zip(*own, *others, strict=True)
    frame = crosswalk(grids)
    axes = frame["To the right"] + ", " + frame["Upwards"].str.lower()
    words = {"published": "printed", "assumed": "ours"}
    printed = "names " + frame["Names"].map(words) + ", places " + frame["Places"].map(words)
    shown = frame[[", ".join(place).capitalize() for place in PLACES]].map(plain)
    shown.index = pd.Index(
        [f"{label}: {axis}; {names}" for label, axis, names in zip(named, axes, printed, strict=True)],
        name="Grid: to the right, upwards",
    )
    return str(shown.to_markdown(disable_numparse=True)) + "\n"


def errata_page(published: Mapping[str, Published]) -> str:
    """Markdown of all errata, from every published.yml: what is printed, how we read it, and why."""
    sections = []
    for entry in published.values():
        for fact in entry.facts:
            if fact.origin is Origin.ERRATUM:
                read = code(fact.corrected) if fact.corrected is not None else plain(fact.reading or "")
                sections.append(
                    f"{{cite:t}}`{','.join(entry.sources(fact))}`, {plain(fact.place)}\n"
                    f": Printed: {code(fact.printed)}. {fact.explanation} Our reading: {read}.\n"
                )
    return "\n".join(sections)


def sources_page(documents: Documents, published: Mapping[str, Published], cases: Mapping[str, Case]) -> str:
    """Markdown of the report card: what each document prints, what the book made of it, and what it does not use."""
    return _card(published, cases) + "\n" + "\n".join(_document(one, published) for one in documents.documents)


def _card(published: Mapping[str, Published], cases: Mapping[str, Case]) -> str:
    with_sources = {case.entry.title: name for name, case in cases.items() if case.entry.sources}
    printed = {title: _printed(published[name].facts) for title, name in with_sources.items()}
    added = {title: origin_counts(cases[name]) for title, name in with_sources.items()}
    columns = {"recovered": "Recovered", "judgements": "Assumed", "names": "Names", "cells": "Cells", "files": "Files"}
    first = pd.DataFrame.from_dict(printed, orient="index").rename(columns=str.capitalize)
    rest = pd.DataFrame.from_dict(added, orient="index", columns=list(columns)).rename(columns=columns)
    tables = {  # narrow ones, for a phone
        "What the sources of each chapter print": first,
        "Judgements, recovered and assumed": rest[["Recovered", "Assumed"]],
        "Names, cells of customers' data and files assumed": rest[["Names", "Cells", "Files"]],
    }
    return "\n".join(table(frame.rename_axis("Chapter"), caption=told).html for told, frame in tables.items()) + "\n"


def _printed(facts: Sequence[Fact]) -> dict[str, int]:
    """How many facts there are of each kind, and how many errata."""
    sound = [fact.kind for fact in facts if fact.origin is not Origin.ERRATUM]
    kinds = {"results": Kind.RESULT, "facts kept": Kind.KEPT, "inputs": Kind.INPUT}
    return {name: sound.count(kind) for name, kind in kinds.items()} | {"errata": len(facts) - len(sound)}


def _document(document: DocumentEntry, published: Mapping[str, Published]) -> str:
    texts = "\n".join(_text(text, published) for text in document.texts)
    return f"### The document *{plain(document.name)}*\n\n{document.about}\n\n{texts}"


def _text(text: TextEntry, published: Mapping[str, Published]) -> str:
    found = _printed([fact for entry in published.values() for fact in entry.facts if text.source in fact.at])
    told = "; ".join(f"{name}: {count}" for name, count in found.items() if count)
    where = ", ".join(f"[]({name})" for name in text.chapters) or "no chapter yet"
    lines = [f"{{cite:t}}`{text.source}`: {plain(text.title)}"]
    lines += [f": Used in: {where}. {told.capitalize() or 'No fact'}."]
    lines += [f"  - Not used: {plain(entry.what)} Why: {plain(entry.why)}" for entry in text.not_used]
    return "\n".join(lines) + "\n"
