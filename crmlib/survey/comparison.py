"""Do two or more groups answer differently? A test of ranks and the size of the difference, item by item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Level, checked
from crmlib.differences import cliffs_delta, holm
from crmlib.errors import InputError, Problem
from crmlib.survey.answers import Answers

__all__ = ["Comparison", "compare_groups"]


@dataclass(frozen=True)
class Comparison:
    """Groups compared item by item.

    `table`: one row an item with the number that answered and the mean of each group (``<group>_answered``,
    ``<group>_mean``), ``statistic``, ``p`` and ``p_holm`` (corrected for asking about many items at once), ``effect``,
    and for two groups its interval ``effect_low`` to ``effect_high``; `test` and `effect`: their names.
    """

    table: pd.DataFrame
    groups: tuple[str, ...]
    test: str
    effect: str
    level: float

    def to_frame(self) -> pd.DataFrame:
        """One row an item."""
        return self.table

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "items": self.table.to_dict(orient="index"),
            "groups": list(self.groups),
            "test": self.test,
            "effect": self.effect,
            "level": self.level,
        }


@checked("The comparison")
def compare_groups(groups: Mapping[str, Answers], level: Level = 0.95) -> Comparison:
    """Compare independent groups on the items they share, in the order of the first group.

    Scale points are ranks, not amounts. Two groups: the Mann–Whitney test (normal approximation with corrections for
    ties and continuity) [mann1947]_ and Cliff's delta, P(first > second) − P(first < second), with its interval
    [cliff1993]_. More groups: the Kruskal–Wallis test with the correction for ties [kruskal1952]_ and
    ε² = H/(n − 1). Holm's step-down correction keeps the chance of any false alarm over all items within the level
    [holm1979]_. Each item uses everybody who answered it.

    Parameters
    ----------
    groups
        Answers by name of the group, on the same scale. Nobody may be in two of them.
    level
        Confidence of the interval of Cliff's delta.

    Raises
    ------
    InputError
        If there are fewer than two groups, they share no item or have different scales, an item has fewer than two
        answers in a group, or the level is not within (0, 1).

    Examples
    --------
    >>> from crmlib.survey import check_answers
    >>> first = check_answers(pd.DataFrame({"prompt": [2, 3, 3, 4, 2]}), ["prompt"], 1, 5)
    >>> second = check_answers(pd.DataFrame({"prompt": [4, 5, 4, 5, 3]}), ["prompt"], 1, 5)
    >>> compare_groups({"customers": first, "staff": second}).table["effect"].to_dict()
    {'prompt': -0.76}
    """
    first = next(iter(groups.values()), None)
    items = [] if first is None else [name for name in first.frame if all(name in g.frame for g in groups.values())]
    if problems := _problems(groups, items):
        raise InputError("The comparison", problems)
    two = len(groups) == 2
    rows = {
        item: _compare([group.frame[item].dropna().to_numpy() for group in groups.values()], level) for item in items
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.insert(2, "p_holm", holm(table["p"].to_numpy()))
    counts = {f"{name}_answered": group.frame[items].notna().sum() for name, group in groups.items()}
    means = {f"{name}_mean": group.frame[items].mean() for name, group in groups.items()}
    return Comparison(
        table=pd.DataFrame(counts | means).join(table),
        groups=tuple(groups),
        test="Mann–Whitney" if two else "Kruskal–Wallis",
        effect="Cliff's delta" if two else "epsilon squared",
        level=level,
    )


def _compare(samples: list[np.ndarray], level: float) -> dict[str, float]:
    """Statistic, p and effect of one item."""
    together = np.concatenate(samples)
    same = bool(np.ptp(together) == 0)  # everybody answers alike: no difference, and the tests would divide by 0
    if len(samples) == 2:
        first, second = samples
        delta, low, high = cliffs_delta(first, second, level)
        p = 1.0 if same else float(scipy.stats.mannwhitneyu(first, second, method="asymptotic").pvalue)
        u = first.size * second.size * (1 + delta) / 2
        return {"statistic": u, "p": p, "effect": delta, "effect_low": low, "effect_high": high}
    h, p = (0.0, 1.0) if same else map(float, scipy.stats.kruskal(*samples))
    return {"statistic": h, "p": p, "effect": h / (together.size - 1)}


def _problems(groups: Mapping[str, Answers], items: list[Any]) -> list[Problem]:
    problems = []
    if len(groups) < 2:
        problems.append(Problem("groups", f"found {len(groups)}", "Compare at least two"))
    elif not items:
        problems.append(Problem("items", "the groups share none", "Ask them the same things under the same names"))
    scales = sorted({(group.lowest, group.highest) for group in groups.values()})
    if len(scales) > 1:
        found = " and ".join(f"{low} to {high}" for low, high in scales)
        problems.append(Problem("scales", f"found {found}", "Use one scale for all"))
    return problems + [
        Problem(f"item {item!r}, group {name!r}", "fewer than two answers", "Leave the item out")
        for item in items
        for name, group in groups.items()
        if group.frame[item].notna().sum() < 2
    ]
