"""What customers who left had in common before they left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Level, Table, checked
from crmlib.checks import check_choice, check_labels, check_same_labels, refuse, shown
from crmlib.differences import cliffs_delta, holm
from crmlib.errors import InputError, Problem

__all__ = ["CORRECTIONS", "Observed", "SharedFeatures", "observe", "shared_features"]

#: How p-values are adjusted for the number of features: `holm`, or `bh` (Benjamini and Hochberg).
CORRECTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "holm": holm,
    "bh": lambda p: np.asarray(scipy.stats.false_discovery_control(p, method="bh")),
}


@dataclass(frozen=True)
class Observed:
    """Features known at a cutoff, and who left after it, up to `until`.

    `features`: shape (customers, features); `lost`: whether each of them left in that time; `gone`: customers left
    out because they had left by the cutoff.
    """

    features: pd.DataFrame
    lost: pd.Series
    cutoff: Any
    until: Any
    gone: int


@checked("The features")
def observe(
    features: Annotated[pd.DataFrame, Table("customer")],
    measured: Mapping[str, Any],
    left: pd.Series,
    *,
    cutoff: Any,
    until: Any,
) -> Observed:
    """Features and losses side by side, so that no feature knows of the future.

    Parameters
    ----------
    features
        Shape (customers, features): numbers, or categories as text or truth values.
    measured
        By feature, the last period that it draws on. One after the cutoff is refused: a complaint that came with
        the notice of termination predicts nothing.
    left
        By customer, the first period without it, missing while it is here.
    cutoff, until
        Periods: features may be known at the end of the first; losses count in those after it, up to the second.

    Raises
    ------
    InputError
        Lists every missing cell, every feature measured too late or not dated, and too few lost or kept customers.

    Examples
    --------
    >>> features = pd.DataFrame({"complaints": [3, 2, 0, 0, 1]}, index=list("ABCDE"))
    >>> left = pd.Series([8, 9, None, None, 4], index=list("ABCDE"))
    >>> seen = observe(features, {"complaints": 6}, left, cutoff=6, until=12)
    >>> seen.lost.to_dict(), seen.gone
    ({'A': True, 'B': True, 'C': False, 'D': False}, 1)
    """
    problems = _gaps(features) + _time_problems(cutoff, until, measured, left)
    refuse("The features", problems)
    if not until > cutoff:
        problems.append(Problem("until", f"found {until!r}", f"Give a period after the cutoff {cutoff!r}"))
    for name in map(str, features):
        if name not in measured:
            problems.append(Problem(f"feature {name!r}", "has no period of measurement", "Say when it was measured"))
        elif measured[name] > cutoff:
            found = f"draws on period {measured[name]!r}, after the cutoff {cutoff!r}"
            problems.append(Problem(f"feature {name!r}", found, "Measure it up to the cutoff, or leave it out"))
    problems += check_labels("left of", left) + check_same_labels("customer", features.index, left.index)
    refuse("The features", problems)
    end = left.reindex(features.index)
    here = ~(end <= cutoff).to_numpy(dtype=bool)
    lost = ((end > cutoff) & (end <= until))[here].astype(bool)
    if lost.sum() < 2 or (~lost).sum() < 2:
        found = f"{lost.sum()} lost and {(~lost).sum()} kept after the cutoff {cutoff!r}"
        raise InputError("The features", [Problem("customers", found, "Compare at least two of each")])
    return Observed(features[here], lost, cutoff, until, int((~here).sum()))


def _time_problems(cutoff: Any, until: Any, measured: Mapping[str, Any], left: pd.Series) -> list[Problem]:
    """Every period that cannot be set against the cutoff: a missing one, or one of another kind."""
    places = {"cutoff": cutoff, "until": until}
    places |= {f"measured of {shown(name)}": period for name, period in measured.items()}
    places |= {f"left of {shown(label)}": period for label, period in left.dropna().items()}
    return [
        Problem(place, f"found {shown(period)}", f"Give a period of the kind of the cutoff, {shown(cutoff)}")
        for place, period in places.items()
        if not _comparable(period, cutoff)
    ]


def _comparable(period: Any, cutoff: Any) -> bool:
    try:
        ordered = bool(period <= cutoff or period > cutoff)
        return ordered and not isinstance(period, bool | np.bool_) and period not in (np.inf, -np.inf)
    except (TypeError, ValueError):
        return False


def _gaps(features: pd.DataFrame) -> list[Problem]:
    bad = features.isna() | features.isin([np.inf, -np.inf])
    return [
        Problem(
            f"customer {shown(features.index[row])}, feature {shown(features.columns[column])}",
            f"found {features.iat[row, column]!s}",
            "Fill it in; an unknown category can be called so",
        )
        for row, column in zip(*np.nonzero(bad.to_numpy()), strict=True)
    ]


def is_category(column: pd.Series) -> bool:
    """Whether a feature names groups: text, categories or truth values; all else are numbers.

    Examples
    --------
    >>> is_category(pd.Series([True, False])), is_category(pd.Series([1, 0]))
    (True, False)
    """
    return bool(not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


@dataclass(frozen=True)
class SharedFeatures:
    """How the lost differ from the kept in every feature, strongest evidence first.

    `table`, one row a number or a category's level: `feature`, `level` (missing for numbers), `lost` and `kept` (mean
    of a number, share with the level), `measure` (Cliff's delta, or risk ratio: churn with the level by churn
    without it), `effect`, `low`, `high`, `p_value`, `p_adjusted` for the number of rows.
    """

    table: pd.DataFrame
    correction: str
    level: float

    def to_frame(self) -> pd.DataFrame:
        """One row a number or a category's level."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        table = self.table.astype(object).where(self.table.notna(), None)
        return {"features": table.to_dict(orient="records"), "correction": self.correction, "level": self.level}


@checked("The comparison")
def shared_features(observed: Observed, *, correction: str = "holm", level: Level = 0.95) -> SharedFeatures:
    """Compare the customers who left with those who stayed, feature by feature.

    Numbers: Cliff's delta and the Mann–Whitney test. Categories: each level against all others (of two levels the
    rarer one), the risk ratio with Katz's interval [katz1978]_ and Fisher's exact test; where a cell is empty, half a
    customer is added to each for the ratio. With twenty features one is "significant" at 5 % by chance, so the
    p-values are adjusted: Holm's keep any false find below the level [holm1979]_, Benjamini and Hochberg's the share
    of false finds [benjamini1995]_.

    A difference says who leaves, not why: it is no proof that changing the feature keeps a customer.

    Raises
    ------
    InputError
        If the correction or the level is unknown.

    Examples
    --------
    >>> features = pd.DataFrame({"complaints": [3, 2, 2, 0, 0, 1], "plan": ["basic"] * 3 + ["full"] * 3})
    >>> left = pd.Series([8, 9, 8, None, None, None])
    >>> seen = observe(features, {"complaints": 6, "plan": 6}, left, cutoff=6, until=12)
    >>> shared_features(seen).table[["feature", "level", "measure", "effect"]].to_dict("records")[1]
    {'feature': 'plan', 'level': 'basic', 'measure': 'risk ratio', 'effect': 7.0}
    """
    refuse("The comparison", check_choice("correction", correction, CORRECTIONS))
    lost = observed.lost.to_numpy()
    rows: list[dict[str, object]] = []
    for name, column in observed.features.items():
        if is_category(column):
            rows += [{"feature": name} | _compare_level(column, value, lost, level) for value in _levels(column)]
        else:
            rows.append({"feature": name} | _compare_numbers(column.to_numpy(dtype=float), lost, level))
    table = pd.DataFrame(rows)
    table["level"] = pd.Series([row["level"] for row in rows], dtype=object)  # a truth value stays one, and None None
    table["p_adjusted"] = CORRECTIONS[correction](table["p_value"].to_numpy())
    table = table.sort_values("p_value", kind="stable", ignore_index=True)
    return SharedFeatures(table=table, correction=correction, level=level)


def _levels(column: pd.Series) -> list[Any]:
    """The levels to compare with all others: one of a pair is enough, for the other says the same again."""
    counts = column.value_counts(sort=False).sort_index().sort_values(kind="stable")
    return list(counts.index[:1] if len(counts) == 2 else counts.index.sort_values())


def _compare_numbers(values: np.ndarray, lost: np.ndarray, level: float) -> dict[str, object]:
    effect, low, high = cliffs_delta(values[lost], values[~lost], level)
    constant = np.ptp(values) == 0
    p = 1.0 if constant else scipy.stats.mannwhitneyu(values[lost], values[~lost], method="asymptotic").pvalue
    return {
        "level": None, "lost": values[lost].mean(), "kept": values[~lost].mean(), "measure": "Cliff's delta",
        "effect": effect, "low": low, "high": high, "p_value": float(p),
    }  # fmt: skip


def _compare_level(column: pd.Series, value: object, lost: np.ndarray, level: float) -> dict[str, object]:
    has = (column == value).to_numpy()
    cells = np.array([[(has & lost).sum(), (has & ~lost).sum()], [(~has & lost).sum(), (~has & ~lost).sum()]])
    filled = cells + 0.5 * (cells == 0).any()
    total = filled.sum(axis=1)
    ratio = (filled[0, 0] / total[0]) / (filled[1, 0] / total[1])
    error = np.sqrt((1 / filled[:, 0] - 1 / total).sum())
    low, high = ratio * np.exp(np.array([-1, 1]) * scipy.stats.norm.ppf((1 + level) / 2) * error)
    return {
        "level": value, "lost": has[lost].mean(), "kept": has[~lost].mean(), "measure": "risk ratio",
        "effect": float(ratio), "low": float(low), "high": float(high),
        "p_value": float(scipy.stats.fisher_exact(cells).pvalue),
    }  # fmt: skip
