"""The pages and status lines that are written from the results of the verification."""

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from crmlib import __version__
from crmlib.cases import Case, Origin, read_published
from crmlib.publishing.project import Project
from crmlib.publishing.runner import Run
from crmlib.publishing.verification import Check, Verdict, failures, summary_table
from crmlib.tables import table

__all__ = ["errata_page", "status_line", "verification_page"]

#: A page must be the same in every build, so it gives the run time in bands only (upper ends in seconds).
_RUN_TIME_BANDS = {30: "under half a minute", 120: "under two minutes", 600: "under ten minutes"}


def counts(checks: Sequence[Check]) -> dict[str, int]:
    """How many published facts there are, by what became of them."""
    facts = [check for check in checks if check.kind == "published" and check.origin == Origin.PUBLISHED]
    return {
        "facts": len(facts),
        "reproduced": sum(check.verdict is Verdict.REPRODUCED for check in facts),
        "not_comparable": sum(check.verdict is Verdict.YOUR_DATA for check in facts),
        "errata": sum(check.origin == Origin.ERRATUM for check in checks),
        "failed": len(failures(checks)),
    }


def status_line(run: Run, case: Case, checks: Sequence[Check]) -> str:
    """Markdown for the head of a case page: the verdict, the origins, and how the page was made."""
    target = f"verification-{run.case}"
    found = counts(checks)
    badges = [_verdict_badge(found, target)]
    if found["not_comparable"]:
        badges.append(f"{{bdg-secondary}}`{found['not_comparable']} not comparable: your data`")
    recovered, assumed = _origin_counts(case)
    badges += [f"{{bdg-info-line}}`{recovered} judgements recovered`"] if recovered else []
    badges += [f"{{bdg-warning-line}}`{assumed} values assumed`"] if assumed else []
    files = sum(file.origin is Origin.ASSUMED for file in case.entry.files.values())
    badges += [f"{{bdg-warning-line}}`{files} data files assumed`"] if files else []
    badges += [f"{{bdg-ref-danger-line}}`errata explained: {found['errata']} <errata>`"] if found["errata"] else []
    rows = {
        "Parameters": "; ".join(f"{name} = {value}" for name, value in run.parameters.items()),
        "Data (SHA-256)": "; ".join(f"{name} {checksum}" for name, checksum in case.checksums.items()),
        "Library": f"crmlib {__version__}",
        "Run time": next((name for end, name in _RUN_TIME_BANDS.items() if run.seconds < end), "over ten minutes"),
    }
    made = "\n".join(f"{name}\n: `` {text} ``\n" for name, text in rows.items() if text)
    note = _YOUR_DATA if found["not_comparable"] else ""
    return f"""::::{{div}} crm-status
{" ".join(badges)}
{note}
:::{{dropdown}} How this page was made
{made}:::
::::
"""


_YOUR_DATA = """
This page was computed from your own data.
Where the text speaks of the data of the case, your data stand in the tables and figures.
"""


def _verdict_badge(found: dict[str, int], target: str) -> str:
    if found["failed"]:
        return f"{{bdg-ref-danger}}`VERIFICATION FAILED: {found['failed']} checks <{target}>`"
    if not found["facts"]:
        return f"{{bdg-ref-secondary}}`our own results, printed nowhere else <{target}>`"
    comparable = found["facts"] - found["not_comparable"]
    if found["reproduced"] != comparable:  # no failure, yet not all reproduced: never claim more than was seen
        return f"{{bdg-ref-danger}}`NOT VERIFIED <{target}>`"
    return f"{{bdg-ref-success}}`{found['reproduced']} of {found['facts']} published values reproduced <{target}>`"


def _origin_counts(case: Case) -> tuple[int, int]:
    """Judgements that were recovered; judgements, indicators and customer data that were assumed."""
    judged: dict[Origin, int] = {}
    for entry in case.entry.walk():
        if entry.judgements is not None:
            size, judges = len(entry.children), len(entry.judgements.experts) or 1
            judged[entry.judgements.origin] = judged.get(entry.judgements.origin, 0) + judges * size * (size - 1) // 2
    assumed = judged.get(Origin.ASSUMED, 0)
    assumed += sum(entry.origin is Origin.ASSUMED for entry in case.entry.walk())
    assumed += case.customers.size if case.entry.customers_origin is Origin.ASSUMED else 0
    return judged.get(Origin.RECOVERED, 0), assumed


def verification_page(runs: Sequence[Run], cases: dict[str, Case], checks: Sequence[Check]) -> str:
    """Markdown of the verification page: for each case a table a place in its source, failures first."""
    sections = []
    for run in runs:
        own = [check for check in checks if check.case == run.case]
        published = [check for check in own if check.kind == "published"]
        results = [check for check in own if check.kind != "published"]
        sections.append(
            f"(verification-{run.case})=\n## {cases[run.case].entry.title}\n\n{_verdict_sentence(counts(own))}\n\n"
            + "\n".join(_check_table(list(group), "Printed", place) for place, group in groupby(published, _place))
            + (_own_results(results) if results else "")
        )
    return _HEAD + "\n".join(sections)


_HEAD = """---
html_theme.sidebar_secondary.remove: true
---

# Verification

Every number in this book is recorded once, in a notebook.
This page compares each recorded value with what the source prints.
A value counts as reproduced when it differs by at most half a unit of the last printed digit.
A printed fact that no notebook records is a failure, and so is a recorded value that names no fact.
Results that no source prints are pinned in a second table, so that no change passes unseen.
The page is written from the results of the run that made this book, and not by hand.

"""


def _verdict_sentence(found: dict[str, int]) -> str:
    if found["failed"]:
        return f"**Verification failed.** Checks that failed: {found['failed']}."
    return (
        f"Published values reproduced: {found['reproduced']} of {found['facts']}. Errata explained: {found['errata']}. "
        f"Not comparable: {found['not_comparable']}."
    )


def _place(check: Check) -> str:
    return check.place


def _own_results(checks: Sequence[Check]) -> str:
    shown = _check_table(checks, "Pinned", "Our own results, at half a unit of the last pinned digit")
    opened = ":open:\n" if failures(checks) else ""
    return f"\n:::{{dropdown}} Our own results, printed nowhere\n{opened}\n{shown}:::\n"


def _check_table(checks: Sequence[Check], target: str, caption: str) -> str:
    """One table as HTML, failures first."""
    ordered = sorted(checks, key=lambda check: not check.verdict.failed)
    frame = summary_table(ordered)
    frame["fact"] = [check.name for check in ordered]
    frame = frame.set_index("fact").rename_axis("Fact")
    frame.columns = pd.Index([target, "Ours", "Difference", "Verdict"])
    return table(frame, caption=caption).html + "\n"


def errata_page(project: Project, cases: Sequence[str]) -> str:
    """Markdown of all errata, from every published.yml: both readings and why."""
    sections = []
    for case in cases:
        published = read_published(project.data / case / "published.yml")
        for fact in published.facts:
            if fact.origin is Origin.ERRATUM:
                sections.append(
                    f"{{cite:t}}`{fact.source or published.source}`, {fact.place}\n"
                    f": Printed: `` {fact.printed} ``. {fact.explanation} Compared value: `` {fact.corrected} ``.\n"
                )
    return "\n".join(sections)
