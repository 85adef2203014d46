"""The results of a verification: counts by kind, a table of checks, JSON and JUnit XML."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import junitparser
import pandas as pd

from crmlib import __version__
from crmlib.cases import as_text
from crmlib.publishing.checks import Check, Value, Verdict, failures
from crmlib.publishing.runner import Run

__all__ = ["counts", "summary", "summary_table", "write_results"]

#: What agreement with a fact is called, by the kind of the fact. The three are never added up.
AGREEMENT = {
    "result": "results reproduced",
    "kept": "facts kept",
    "input": "inputs taken over",
}


def counts(checks: Iterable[Check]) -> dict[str, int]:
    """How many facts agree, by kind; and what else there is to say in one line.

    Keys: ``result``, ``kept`` and ``input`` (agree with the print), the same with ``_all`` (printed), ``erratum``,
    ``pinned``, ``not_comparable`` and ``failed``.
    """
    checks = list(checks)
    found: dict[str, int] = {}
    for kind in AGREEMENT:
        facts = [check for check in checks if check.kind == kind]
        found[kind] = sum(check.verdict.comparable and not check.verdict.failed for check in facts)
        found[f"{kind}_all"] = len(facts)
    found["erratum"] = sum(check.kind == "erratum" for check in checks)
    found["pinned"] = sum(check.kind == "own result" and check.verdict is Verdict.PINNED for check in checks)
    found["not_comparable"] = sum(not check.verdict.comparable for check in checks)
    return found | {"failed": len(failures(checks))}


def summary(case: str, checks: Iterable[Check]) -> str:
    """One line on a case."""
    found = counts(checks)
    told = [f"{name} {found[kind]} of {found[f'{kind}_all']}" for kind, name in AGREEMENT.items()]
    told += [f"errata explained {found['erratum']}", f"own results as pinned {found['pinned']}"]
    told += [f"not comparable {found['not_comparable']}"] if found["not_comparable"] else []
    return f"{case}: {', '.join(told)}, checks failed {found['failed']}"


def summary_table(checks: Sequence[Check]) -> pd.DataFrame:
    """One row a check: fact, printed, ours, difference, verdict; numbers as text, ready to show, each in one line."""
    frame = pd.DataFrame(
        {
            "fact": [f"{check.case}: {check.name}" for check in checks],
            "printed": [check.printed for check in checks],
            "ours": [_shown(check.ours) for check in checks],
            "difference": ["" if check.difference is None else f"{check.difference:+.1e}" for check in checks],
            "verdict": [f"{check.verdict}. {check.why}" if check.why else str(check.verdict) for check in checks],
        },
        dtype=str,
    )
    return frame.map(lambda text: " ".join(text.split()))


def _shown(value: Value | None) -> str:
    return "" if value is None else f"{value:.6f}" if isinstance(value, float) else as_text(value)


def write_results(runs: Sequence[Run], checks: Sequence[Check], folder: Path) -> None:
    """Write ``<case>.json`` for each run, ``documents.json`` for places looked up, and ``junit.xml`` for all checks."""
    folder.mkdir(parents=True, exist_ok=True)
    for run in runs:
        own = [check for check in checks if check.case == run.case]
        results = {
            "case": run.case,
            "crmlib": __version__,
            "parameters": run.parameters,
            "readings": dict(run.readings),
            "counts": counts(own),
            "values": run.values,
            "checks": [asdict(check) for check in own],
        }
        _write(folder / f"{run.case}.json", results)
    if places := [asdict(check) for check in checks if check.kind == "place"]:
        _write(folder / "documents.json", {"crmlib": __version__, "checks": places})
    report = junitparser.JUnitXml()
    for case, kind in dict.fromkeys((check.case, check.kind) for check in checks):
        suite = junitparser.TestSuite(f"{case}: {AGREEMENT.get(kind, kind)}")
        suite.add_testcases([_test_case(check) for check in checks if (check.case, check.kind) == (case, kind)])
        report.add_testsuite(suite)
    report.write(str(folder / "junit.xml"), pretty=True)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _test_case(check: Check) -> junitparser.TestCase:
    case = junitparser.TestCase(_xml(f"{check.name} [{check.kind}]"), classname=check.case)
    told = f"{check.verdict}: printed {check.printed!r}, ours {check.ours!r} ({check.place}) {check.why}"
    message = _xml(told.rstrip())
    if check.verdict.failed:
        case.result = [junitparser.Failure(message)]
    elif not check.verdict.comparable:
        case.result = [junitparser.Skipped(message)]
    return case


def _xml(text: str) -> str:
    """A text with a mark in place of the control characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
