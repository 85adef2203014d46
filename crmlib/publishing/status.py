"""The line at the head of a chapter: what was reproduced, kept, taken over, recovered, assumed, and how it was made."""

from collections.abc import Sequence

from crmlib import __version__
from crmlib.cases import Case, Origin
from crmlib.publishing.checks import Check
from crmlib.publishing.prose import code
from crmlib.publishing.results import counts
from crmlib.publishing.runner import Run

__all__ = ["origin_counts", "status_line"]

#: A page must be the same in every build, so it gives the run time in bands only (upper ends in seconds).
_RUN_TIME_BANDS = {30: "under half a minute", 120: "under two minutes", 600: "under ten minutes"}


def status_line(run: Run, case: Case, checks: Sequence[Check]) -> str:
    """Markdown for the head of a case page: what was checked, the origins, and how the page was made."""
    badges = [*_checked(counts(checks), f"verification-{run.case}"), *_seen(case), *_origins(case)]
    rows = {
        "Parameters": "; ".join(f"{name} = {value}" for name, value in run.parameters.items()),
        "Data (SHA-256)": "; ".join(f"{name} {checksum}" for name, checksum in case.checksums.items()),
        "Library": f"crmlib {__version__}",
        "Run time": next((name for end, name in _RUN_TIME_BANDS.items() if run.seconds < end), "over ten minutes"),
    }
    made = "\n".join(f"{name}\n: {code(text)}\n" for name, text in rows.items() if text)
    return f"""::::{{div}} crm-status
{" ".join(badges)}
{_your_data(run) if case.replaced else ""}
:::{{dropdown}} How this page was made
{made}:::
::::
"""


def _your_data(run: Run) -> str:
    """That the data are the reader's own, and how each table was read."""
    read = "".join(f"\n- {name}: {code('; '.join(notes))}" for name, notes in run.readings.items())
    return f"""
This page was computed from your own data.
Where the text speaks of the data of the case, your data stand in the tables and figures.
{read}
"""


def _checked(found: dict[str, int], target: str) -> list[str]:
    """Badges of what the verification found: the three kinds apart, never more than was seen."""
    if found["failed"]:
        return [f"{{bdg-ref-danger}}`VERIFICATION FAILED: {found['failed']} checks <{target}>`"]
    wording = {
        "result": ("success", f"{found['result']} of {found['result_all']} printed results reproduced"),
        "kept": ("success-line", f"{found['kept']} of {found['kept_all']} facts kept as printed"),
        "input": ("muted-line", f"{found['input']} of {found['input_all']} inputs taken over"),
    }
    badges = [
        f"{{bdg-ref-{colour}}}`{text} <{target}>`" for kind, (colour, text) in wording.items() if found[f"{kind}_all"]
    ]
    if not badges:
        badges = [f"{{bdg-ref-muted}}`our own results, printed nowhere else <{target}>`"]
    elif not found["result_all"]:
        badges.insert(0, f"{{bdg-ref-muted}}`the sources print no result <{target}>`")
    if found["not_comparable"]:
        badges.append(f"{{bdg-ref-muted}}`{found['not_comparable']} not comparable <{target}>`")
    if found["erratum"]:
        badges.append(f"{{bdg-ref-danger-line}}`errata explained: {found['erratum']} <errata>`")
    return badges


def _seen(case: Case) -> list[str]:
    unseen = sum(not fact.seen for fact in case.facts.values())
    return [f"{{bdg-muted-line}}`prints not seen, only accounts of them: {unseen}`"] if unseen else []


def _origins(case: Case) -> list[str]:
    found = origin_counts(case)
    wording = {
        "recovered": ("info", "judgements recovered"),
        "judgements": ("warning", "judgements assumed"),
        "names": ("warning", "names of criteria assumed"),
        "cells": ("warning", "cells of customers' data assumed"),
        "files": ("warning", "data files assumed"),
    }
    return [f"{{bdg-{colour}-line}}`{text}: {found[name]}`" for name, (colour, text) in wording.items() if found[name]]


def origin_counts(case: Case) -> dict[str, int]:
    """How much of a case was recovered (judgements) and assumed (judgements, names, customers' cells, other files)."""
    judged = dict.fromkeys(Origin, 0)
    for entry in case.entry.walk():
        if entry.judgements is not None:
            size, judges = len(entry.children), len(entry.judgements.experts) or 1
            judged[entry.judgements.origin] += judges * size * (size - 1) // 2
    assumed = case.entry.customers_origin is Origin.ASSUMED and "customers" not in case.replaced
    return {
        "recovered": judged[Origin.RECOVERED],
        "judgements": judged[Origin.ASSUMED],
        "names": sum(entry.origin is Origin.ASSUMED for entry in case.entry.walk()),
        "cells": case.customers.size if assumed else 0,
        "files": sum(
            file.origin is Origin.ASSUMED and name not in case.replaced for name, file in case.entry.files.items()
        ),
    }
