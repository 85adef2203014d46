"""A report of experts' answers in plain text: weights, contradictions, the group, the methods."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from crmlib.ahp import (
    GroupWeights,
    IncompleteWeights,
    MethodComparison,
    Priorities,
    compare_methods,
    group_weights,
    incomplete_weights,
    priorities,
    repair_suggestion,
)

__all__ = ["experts_report"]

_ACCEPTED = 0.1  # a CR below it is usually accepted


def experts_report(groups: Mapping[str, dict[str, pd.DataFrame]], method: str, table: str) -> str:
    """What an instructor wants to know of the answers of `read_experts`, a part for each group of comparisons.

    Missing judgements are completed to the smallest λmax first, and the report says with which values.
    `method` is a key of `METHODS`, `table` of `RANDOM_INDEX`.

    Raises
    ------
    InputError
        If there are more criteria than the table reaches.
    """
    parts = [
        (f"{name}\n{'=' * len(name)}\n\n" if name else "") + _report(own, method, table) for name, own in groups.items()
    ]
    return "\n\n\n".join(parts)


def _report(experts: dict[str, pd.DataFrame], method: str, table: str) -> str:
    completions = {
        name: incomplete_weights(matrix, table=table)
        for name, matrix in experts.items()
        if matrix.isna().to_numpy().any()
    }
    complete = {name: completions[name].completed if name in completions else experts[name] for name in experts}
    found = {name: priorities(matrix, method, table) for name, matrix in complete.items()}
    group = group_weights(complete, method=method, table=table) if len(complete) > 1 else None
    judgements = group.judgements if group else next(iter(complete.values()))
    parts = [
        _weights(found, group, method, table),
        *_gaps(completions),
        *_contradictions(complete, found, table),
        *([_agreement(group)] if group else []),
        _methods(compare_methods(judgements), "the group" if group else next(iter(complete))),
    ]
    return "\n\n".join(parts)


def _weights(found: dict[str, Priorities], group: GroupWeights | None, method: str, table: str) -> str:
    rows = [[name, *one.weights, one.consistency.consistency_ratio] for name, one in found.items()]
    if group:
        rows.append(["The group", *group.weights, group.consistency_ratio])
    criteria = list(next(iter(found.values())).weights.index)
    frame = pd.DataFrame([row[1:] for row in rows], index=[row[0] for row in rows], columns=[*criteria, "CR"])
    of_group = "\nThe group's are those of the geometric means of its judgements." if group else ""
    return f"Weights by the method {method}; CR by the table {table}\n\n{_shown(frame)}{of_group}"


def _gaps(completions: dict[str, IncompleteWeights]) -> Iterator[str]:
    lines = [
        f"  {name}: {first} against {second}, completed with {_judgement(value)}"
        for name, completion in completions.items()
        for first, second, value in completion.filled.itertuples(index=False, name=None)
    ]
    if lines:
        yield "\n".join(["Missing judgements, completed with the values that contradict the others least", *lines])


def _contradictions(matrices: dict[str, pd.DataFrame], found: dict[str, Priorities], table: str) -> Iterator[str]:
    lines = [
        line
        for name, one in found.items()
        if one.consistency.consistency_ratio >= _ACCEPTED
        for line in _repair(name, matrices[name], table)
    ]
    if lines:
        yield "\n".join([f"Judgements to ask again, because CR is not below {_ACCEPTED:g}", *lines])


def _repair(name: str, matrix: pd.DataFrame, table: str) -> Iterator[str]:
    repair = repair_suggestion(matrix, limit=_ACCEPTED, table=table)
    candidates = repair.candidates.to_dict(orient="index")
    margin = " " * len(f"  {name}: ")
    suspects, least = _pairs(repair.worst_pairs), _pairs(repair.smallest_changes)
    if repair.worst_pair is None:
        yield f"  {name}: CR is {repair.consistency_ratio:.4f}, and each of these could be the wrong one: {suspects}."
        if len(matrix) == 3:
            yield f"{margin}With three criteria it is always so: ask for all three again."
    else:
        worst = candidates[repair.worst_pair]
        yield (
            f"  {name}: {suspects} contradicts the others most. "
            f"Judged {_judgement(worst['judgement'])}, CR is {repair.consistency_ratio:.4f}; "
            f"with {_judgement(worst['scale_value'])} it would be {worst['scale_consistency_ratio']:.4f}."
        )
    if not repair.smallest_changes:
        yield f"{margin}No change of a single judgement is enough."
    elif repair.smallest_change is None:
        factor = np.exp(candidates[repair.smallest_changes[0]]["enough_change"])
        yield f"{margin}The least change that is enough is a factor of {factor:.3g}, in any one of: {least}."
    else:
        change = candidates[repair.smallest_change]
        yield (
            f"{margin}The least change that is enough: {least} "
            f"from {_judgement(change['judgement'])} to {_judgement(change['enough_value'])}."
        )


def _pairs(pairs: list[tuple[str, str]]) -> str:
    return "; ".join(" against ".join(pair) for pair in pairs)


def _agreement(group: GroupWeights) -> str:
    outlying = list(group.experts.index[group.experts["outlying"]])
    return (
        f"Consensus of the group: {group.consensus.indicator:.4f} (1 is full agreement, 0 none)\n"
        f"Standing apart from the others: {', '.join(map(str, outlying)) or 'nobody'}"
    )


def _methods(comparison: MethodComparison, whose: str) -> str:
    order = "order the criteria differently" if comparison.rankings_differ else "agree on the order of the criteria"
    return (
        f"Methods side by side, on the judgements of {whose}\n\n{_shown(comparison.weights)}\n"
        f"The methods {order}; the largest difference is {comparison.largest_difference:.4f}.\n{comparison.reason}"
    )


def _judgement(value: float) -> str:
    return f"{value:.3g}" if f"{value:.3g}" == "1" or value >= 1 else f"1/{1 / value:.3g}"


def _shown(frame: pd.DataFrame) -> str:
    return str(frame.to_markdown(tablefmt="simple", floatfmt=".4f"))
