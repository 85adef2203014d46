"""From answers to judgement matrices: one for each group of comparisons and each respondent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crmlib.ahp import judgements_from_pairs
from crmlib.ahp.incomplete import components
from crmlib.cases.experts.answers import Answer
from crmlib.cases.experts.names import one_spelling, stray_names
from crmlib.cases.experts.scales import Ratios
from crmlib.errors import Problem
from crmlib.reading.words import folded

__all__ = ["Judged", "judged_groups"]

Pair = tuple[str, str]
_ROUNDED = 0.05  # relative; a pair written twice may differ by no more, whatever the rounding


@dataclass
class Judged:
    """The matrices by group and respondent, what is wrong by group and respondent, and what was done."""

    groups: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict)
    problems: dict[tuple[str, str], list[Problem]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)


def judged_groups(answers: Sequence[Answer], ratios: Ratios, largest: float) -> Judged:
    """Put all answers in their places.

    A comparison of a thing with itself must be 1, and one that is answered twice must agree: as far as the decimals
    of its cells show. A respondent who answers nothing has no matrix; one whose answers do not connect all that is
    compared is a problem.
    """
    judged = Judged()
    answers = _spelled(answers, judged)
    by_group: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, answer in enumerate(answers):
        by_group[answer.group][answer.respondent].append(at)
    for group, respondents in by_group.items():
        used = {
            name: _used([answers[at] for at in own]) for name, own in respondents.items()
            if not np.isnan(ratios.values[own]).all() or any(at in ratios.problems for at in own)
        }  # fmt: skip
        for name, problems in stray_names(used).items():
            judged.problems[group, name] += [_of(problem, group, name) for problem in problems]
        strays = {key for key in judged.problems if key[0] == group}
        criteria = _criteria(answers, respondents, {name for _, name in strays})
        matrices: dict[str, pd.DataFrame] = {}
        for name, own in respondents.items():
            bad = [_of(ratios.problems[at], group, name) for at in own if at in ratios.problems]
            pairs, wrong = _pairs(answers, own, ratios, judged.notes)
            judged.problems[group, name] += bad + [_of(problem, group, name) for problem in wrong]
            if not pairs and not judged.problems[group, name]:
                told = f"{_who(group, name)} left out: no answer"
                judged.notes.append(told)
            elif not judged.problems[group, name]:
                matrix = judgements_from_pairs(pairs, criteria, largest=largest * (1 + 1e-9), incomplete=True)
                judged.problems[group, name] += _apart(matrix, group, name)
                matrices[name] = matrix
        good = {name: matrix for name, matrix in matrices.items() if not judged.problems[group, name]}
        if good:
            judged.groups[group] = good
    judged.problems = {key: problems for key, problems in judged.problems.items() if problems}
    return judged


def _spelled(answers: Sequence[Answer], judged: Judged) -> list[Answer]:
    """The answers with one spelling for each respondent, and in each group for each thing compared."""
    people, notes = one_spelling([(one.respondent, one.place) for one in answers])
    judged.notes += notes
    groups, notes = one_spelling([(one.group, one.place) for one in answers])
    judged.notes += notes
    spellings = {}
    for group in groups:
        own = [one for one in answers if folded(one.group) == group]
        names = [(name, f"{one.place} (expert {one.respondent!r})") for one in own for name in (one.first, one.second)]
        spellings[group], notes = one_spelling(names)
        judged.notes += notes
    return [
        Answer(people[folded(one.respondent)], spellings[folded(one.group)][folded(one.first)],
               spellings[folded(one.group)][folded(one.second)], one.cell, one.place, one.choice, one.choice_place,
               groups[folded(one.group)])
        for one in answers
    ]  # fmt: skip


def _used(own: Sequence[Answer]) -> dict[str, str]:
    used: dict[str, str] = {}
    for answer in own:
        used.setdefault(answer.first, answer.place)
        used.setdefault(answer.second, answer.place)
    return used


def _criteria(answers: Sequence[Answer], respondents: Mapping[str, list[int]], strays: set[str]) -> list[str]:
    """What is compared, in the order of the file; what only a respondent with stray names compares does not count."""
    everybody = [name for name in respondents if name not in strays] or list(respondents)
    own = sorted(at for name in everybody for at in respondents[name])
    return list(dict.fromkeys(name for at in own for name in (answers[at].first, answers[at].second)))


def _pairs(
    answers: Sequence[Answer], own: Sequence[int], ratios: Ratios, notes: list[str]
) -> tuple[dict[Pair, float], list[Problem]]:
    """The judgements of one respondent; a pair that is answered twice keeps the larger of its two ratios."""
    pairs: dict[Pair, float] = {}
    first_at: dict[frozenset[str], int] = {}
    problems = []
    for at in own:
        answer, ratio = answers[at], float(ratios.values[at])
        if np.isnan(ratio):
            continue
        if answer.first == answer.second:
            if ratio != 1:
                found = f"{answer.first!r} against itself, found {ratio:g}"
                problems.append(Problem(answer.place, found, "Write 1, or leave it out"))
            continue
        before_at = first_at.setdefault(frozenset((answer.first, answer.second)), at)
        if before_at == at:
            pairs[answer.first, answer.second] = ratio
            continue
        before = answers[before_at]
        turned = before.first != answer.first
        value = float(ratios.values[before_at])
        expected = 1 / value if turned else value
        slack = max(ratios.rounding[at], ratios.rounding[before_at] * (ratio / value if turned else 1))
        if abs(ratio - expected) > min(slack * 1.01, _ROUNDED * ratio) + 1e-9 * ratio:
            found = (
                f"{answer.first} against {answer.second}, found {_told(ratio)} and {_told(expected)} in {before.place}"
            )
            problems.append(Problem(answer.place, found, "Keep one of the two, or make them agree"))
        elif max(ratio, 1 / ratio) > max(value, 1 / value) * (1 + 1e-9) and ratio > 1:
            pairs[before.first, before.second] = 1 / ratio if turned else ratio
    return pairs, problems


def _apart(matrix: pd.DataFrame, group: str, name: str) -> list[Problem]:
    """Whether the answers leave parts of what is compared unconnected."""
    parts = components(matrix)
    if len(parts) == 1:
        return []
    told = "; ".join(", ".join(part) for part in parts)
    found = f"no answer connects these: {told}"
    return [Problem(_who(group, name), found, "Ask for a comparison between them, or leave the expert out")]


def _who(group: str, name: str) -> str:
    return f"expert {name!r}" + (f", group {group!r}" if group else "")


def _of(problem: Problem, group: str, name: str) -> Problem:
    return Problem(f"{problem.where} ({_who(group, name)})", problem.found, problem.remedy)


def _told(value: float) -> str:
    return f"{value:.3g}" if value >= 1 else f"1/{1 / value:.3g}"
