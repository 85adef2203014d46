"""Verification: every recorded value against every published fact and every pinned result."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import junitparser
import pandas as pd
import yaml

from crmlib import __version__
from crmlib.cases import Fact, Origin, compare, read_expected, read_published
from crmlib.publishing.runner import Run

__all__ = ["Check", "Verdict", "check_run", "failures", "pin", "summary_table", "write_results"]


class Verdict(StrEnum):
    """What a check found."""

    REPRODUCED = "reproduced"
    ERRATUM = "erratum, explained"
    YOUR_DATA = "not comparable: your data"
    MISMATCH = "MISMATCH"
    NOT_RECORDED = "NOT RECORDED"
    NAMES_NO_FACT = "NAMES NO FACT"
    TWICE = "RECORDED TWICE"

    @property
    def failed(self) -> bool:
        """Whether this verdict makes the verification fail."""
        return self not in (Verdict.REPRODUCED, Verdict.ERRATUM, Verdict.YOUR_DATA)


@dataclass(frozen=True)
class Check:
    """One fact or pinned result beside our value. `kind` is ``published`` or ``own result``."""

    case: str
    name: str
    kind: str
    origin: str
    printed: str
    ours: int | float | str | None
    difference: float | None
    verdict: Verdict
    place: str


def check_run(run: Run, data: Path, *, replaced: Collection[str] = ()) -> list[Check]:
    """Compare everything a run recorded with published.yml and expected.yml of its case.

    `replaced` names the data files that the user brought, such as ``customers``: facts that depend on them and all
    pinned results are then not comparable.
    """
    published = read_published(data / run.case / "published.yml")
    expected = {} if replaced else read_expected(data / run.case / "expected.yml")
    values = dict(run.values)
    checks = [
        _check_fact(run.case, fact, values, comparable=fact.depends_on not in replaced) for fact in published.facts
    ]
    checks += [
        _check(run.case, name, "own result", "", printed, values.get(name), "") for name, printed in expected.items()
    ]
    known = {check.name for check in checks}
    if not replaced:
        checks += [
            Check(run.case, name, "own result", "", "", value, None, Verdict.NAMES_NO_FACT, "")
            for name, value in values.items()
            if name not in known
        ]
    counted = Counter(name for name, _ in run.values)
    checks += [
        Check(run.case, name, "own result", "", "", values[name], None, Verdict.TWICE, "")
        for name, count in counted.items()
        if count > 1
    ]
    return checks


def _check_fact(case: str, fact: Fact, values: dict[str, int | float | str], *, comparable: bool) -> Check:
    origin = str(fact.origin)
    if not comparable:
        return Check(case, fact.id, "published", origin, fact.printed, None, None, Verdict.YOUR_DATA, fact.place)
    check = _check(case, fact.id, "published", origin, fact.target, values.get(fact.id), fact.place)
    if fact.origin is Origin.ERRATUM and check.verdict is Verdict.REPRODUCED:
        return Check(**{**asdict(check), "printed": fact.printed, "verdict": Verdict.ERRATUM})
    return check


def _check(
    case: str, name: str, kind: str, origin: str, printed: str, value: int | float | str | None, place: str
) -> Check:
    if value is None:
        return Check(case, name, kind, origin, printed, None, None, Verdict.NOT_RECORDED, place)
    comparison = compare(printed, value)
    difference = None if pd.isna(comparison.difference) else comparison.difference
    verdict = Verdict.REPRODUCED if comparison.agrees else Verdict.MISMATCH
    return Check(case, name, kind, origin, printed, value, difference, verdict, place)


def failures(checks: Iterable[Check]) -> list[Check]:
    """The checks that failed."""
    return [check for check in checks if check.verdict.failed]


def summary_table(checks: Sequence[Check]) -> pd.DataFrame:
    """One row a check: fact, printed, ours, difference, verdict; numbers as text, ready to show."""
    return pd.DataFrame(
        {
            "fact": [f"{check.case}: {check.name}" for check in checks],
            "printed": [check.printed for check in checks],
            "ours": [_shown(check.ours) for check in checks],
            "difference": ["" if check.difference is None else f"{check.difference:+.1e}" for check in checks],
            "verdict": [str(check.verdict) for check in checks],
        }
    )


def _shown(value: int | float | str | None) -> str:
    return "" if value is None else f"{value:.6f}" if isinstance(value, float) else str(value)


def write_results(runs: Sequence[Run], checks: Sequence[Check], folder: Path) -> None:
    """Write ``<case>.json`` for each run and ``junit.xml`` for all checks."""
    folder.mkdir(parents=True, exist_ok=True)
    for run in runs:
        results = {
            "case": run.case,
            "crmlib": __version__,
            "parameters": run.parameters,
            "values": dict(run.values),
            "checks": [asdict(check) for check in checks if check.case == run.case],
        }
        text = json.dumps(results, indent=1, ensure_ascii=False)
        (folder / f"{run.case}.json").write_text(text + "\n", encoding="utf-8")
    report = junitparser.JUnitXml()
    for run in runs:
        suite = junitparser.TestSuite(run.case)
        suite.add_testcases([_test_case(check) for check in checks if check.case == run.case])
        report.add_testsuite(suite)
    report.write(str(folder / "junit.xml"), pretty=True)


def _test_case(check: Check) -> junitparser.TestCase:
    case = junitparser.TestCase(f"{check.name} [{check.kind}]", classname=check.case)
    message = f"{check.verdict}: printed {check.printed!r}, ours {check.ours!r} ({check.place})"
    if check.verdict.failed:
        case.result = [junitparser.Failure(message)]
    elif check.verdict is Verdict.YOUR_DATA:
        case.result = [junitparser.Skipped(message)]
    return case


def pin(run: Run, data: Path) -> Path:
    """Write the values that no published fact checks to expected.yml, at ten significant digits."""
    facts = {fact.id for fact in read_published(data / run.case / "published.yml").facts}
    expected = {
        name: f"{value:.10g}" if isinstance(value, float) else str(value)
        for name, value in run.values
        if name not in facts
    }
    path = data / run.case / "expected.yml"
    head = "# Our own results, pinned so that no change passes unseen. Not published anywhere.\n"
    text = yaml.safe_dump({"expected": expected}, sort_keys=False, allow_unicode=True, default_style='"', width=1000)
    path.write_text(head + text, encoding="utf-8")
    return path
