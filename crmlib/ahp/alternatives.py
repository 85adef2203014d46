"""Alternatives ranked by a tree, in distributive and in ideal mode, and how one more can turn their ranking round."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from crmlib.ahp.evaluations import Evaluation
from crmlib.ahp.hierarchy import Criterion, TreeWeights, check_weights
from crmlib.ahp.inconsistency import consistency
from crmlib.ahp.standings import ranks
from crmlib.arguments import checked
from crmlib.checks import check_choice
from crmlib.errors import InputError, Problem

__all__ = ["RankReversal", "Synthesis", "rank_reversal", "synthesise"]

#: Ways to bring the priorities of a leaf to one scale before they are weighted.
MODES = ("distributive", "ideal")


@dataclass(frozen=True)
class Synthesis:
    """Alternatives ranked by a tree; no units.

    `leaf_priorities`: shape (alternatives, leaves), on the scale of the mode; `scores`: the final
    weight of each alternative, summing to 1; `ranking`: 1 for the best, ties share a rank;
    `consistency`: one row for each leaf whose alternatives or words were compared in pairs.
    """

    mode: str
    method: str
    table: str
    leaf_weights: pd.Series
    leaf_priorities: pd.DataFrame
    scores: pd.Series
    ranking: pd.Series
    consistency: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Score and rank of every alternative."""
        return pd.DataFrame({"score": self.scores, "rank": self.ranking})

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "mode": self.mode,
            "method": self.method,
            "table": self.table,
            "leaf_weights": self.leaf_weights.to_dict(),
            "leaf_priorities": self.leaf_priorities.to_dict(orient="index"),
            "alternatives": self.to_frame().to_dict(orient="index"),
            "consistency": self.consistency.to_dict(orient="index"),
        }


@checked("The evaluation of the alternatives")
def synthesise(
    tree: Criterion,
    weights: TreeWeights,
    evaluations: Mapping[str, Evaluation],
    mode: str = "distributive",
) -> Synthesis:
    """Final weights of alternatives that were evaluated under every leaf of a tree.

    ``s_a = Σ_l g_l p_al``, divided by its sum over the alternatives; g_l is the global weight of leaf
    l. In distributive mode the priorities p of a leaf sum to 1 [saaty1980]_; in ideal mode the best
    alternative (the best word of a rating scale) has 1 [millet2000]_.

    Parameters
    ----------
    evaluations
        One for each leaf; kinds may be mixed. Matrices are weighted by the method of `weights`.
    mode
        ``"distributive"`` or ``"ideal"``.

    Raises
    ------
    InputError
        Lists every leaf without an evaluation, evaluation without a leaf, alternative that is missing
        somewhere, and value or word that cannot be used; also an unknown mode.

    Examples
    --------
    >>> from crmlib.ahp import Compared, Measured, judgement_matrix, tree_weights
    >>> tree = Criterion("car", (Criterion("price"), Criterion("style")), judgement_matrix([[3]], ["price", "style"]))
    >>> evaluations = {"price": Measured(pd.Series({"A": 10_000, "B": 20_000}), cost=True),
    ...                "style": Compared(judgement_matrix([["1/4"]], ["A", "B"]))}
    >>> synthesise(tree, tree_weights(tree), evaluations).scores.round(4).to_dict()
    {'A': 0.55, 'B': 0.45}
    """
    if problems := _problems(tree, evaluations, mode) + check_weights(tree, weights):
        raise InputError("The evaluation of the alternatives", problems)
    priorities, checks = {}, {}
    for leaf in tree.leaves:
        evaluation = evaluations[leaf]
        values, best = evaluation.priorities(weights.method)
        priorities[leaf] = values / (best if mode == "ideal" else values.sum())
        if evaluation.judgements is not None:
            checks[leaf] = consistency(evaluation.judgements, weights.table).to_dict()
    leaf_priorities = pd.DataFrame(priorities).loc[evaluations[tree.leaves[0]].alternatives]
    totals = leaf_priorities @ weights.leaf_weights
    scores = totals / totals.sum()
    return Synthesis(
        mode=mode,
        method=weights.method,
        table=weights.table,
        leaf_weights=weights.leaf_weights,
        leaf_priorities=leaf_priorities,
        scores=scores,
        ranking=pd.Series(ranks(scores.to_numpy()), index=scores.index),
        consistency=pd.DataFrame.from_dict(checks, orient="index"),
    )


def _problems(tree: Criterion, evaluations: Mapping[str, Evaluation], mode: str) -> list[Problem]:
    problems = check_choice("mode", mode, MODES)
    problems += [
        Problem(f"evaluation {name!r}", "is not a leaf of the tree", f"The leaves are {', '.join(tree.leaves)}")
        for name in evaluations
        if name not in tree.leaves
    ]
    everyone = list(dict.fromkeys(name for evaluation in evaluations.values() for name in evaluation.alternatives))
    for leaf in tree.leaves:
        if leaf not in evaluations:
            problems.append(Problem(f"leaf {leaf!r}", "has no evaluation", "Compare, measure or rate the alternatives"))
            continue
        names = evaluations[leaf].alternatives
        problems += [
            Problem(f"leaf {leaf!r}", f"{name!r} is given {names.count(name)} times", "Give each alternative once")
            for name in everyone
            if names.count(name) != 1
        ]
        problems += [
            Problem(f"leaf {leaf!r}, {problem.where}", problem.found, problem.remedy)
            for problem in evaluations[leaf].problems()
        ]
    return problems


@dataclass(frozen=True)
class RankReversal:
    """What one alternative's presence does to the order of the others, in both modes.

    `ranks`: the alternatives' ranks, with columns ``<mode>_without`` and ``<mode>_with``;
    `reversed_pairs`: for each mode the pairs, first the one ahead without the alternative, that stand
    in the opposite order with it.
    """

    alternative: str
    method: str
    ranks: pd.DataFrame
    reversed_pairs: dict[str, list[tuple[str, str]]]

    def to_frame(self) -> pd.DataFrame:
        """One row an alternative; the ranks."""
        return self.ranks

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "alternative": self.alternative,
            "method": self.method,
            "ranks": self.ranks.astype(object).where(self.ranks.notna(), None).to_dict(orient="index"),
            "reversed_pairs": {mode: list(pairs) for mode, pairs in self.reversed_pairs.items()},
        }


@checked("The demonstration of rank reversal")
def rank_reversal(
    tree: Criterion, weights: TreeWeights, evaluations: Mapping[str, Evaluation], alternative: str
) -> RankReversal:
    """Rank the alternatives with and without one of them, in distributive and in ideal mode.

    In distributive mode a newcomer takes its share of every leaf's priority, most where it is
    strongest, and so can turn two others round, even as a copy of one of them [belton1983]_. In
    ideal mode it changes nothing unless it becomes the best somewhere.

    Parameters
    ----------
    evaluations
        As for `synthesise`, of all alternatives.
    alternative
        The one to leave out; at least two others must stay.

    Raises
    ------
    InputError
        As `synthesise`; also if the alternative is unknown or fewer than two others stay.

    Examples
    --------
    >>> from crmlib.ahp import Measured, judgement_matrix, tree_weights
    >>> tree = Criterion("goal", (Criterion("a"), Criterion("b"), Criterion("c")),
    ...                  judgement_matrix([[1, 1], [1]], ["a", "b", "c"]))
    >>> measured = pd.DataFrame({"a": [1, 9, 1, 9], "b": [9, 1, 1, 1], "c": [8, 9, 1, 9]}, index=list("ABCD"))
    >>> evaluations = {leaf: Measured(measured[leaf]) for leaf in tree.leaves}
    >>> rank_reversal(tree, tree_weights(tree), evaluations, "D").reversed_pairs
    {'distributive': [('B', 'A')], 'ideal': []}
    """
    present = {name for evaluation in evaluations.values() for name in evaluation.alternatives}
    if alternative not in present or len(present) < 3:
        raise InputError(
            "The demonstration of rank reversal",
            [
                Problem(
                    "alternative", f"found {alternative!r} of {sorted(map(str, present))}", "Name one of at least three"
                )
            ],
        )
    table, reversed_pairs = {}, {}
    for mode in MODES:
        full = synthesise(tree, weights, evaluations, mode).ranking
        others = {leaf: evaluation.without(alternative) for leaf, evaluation in evaluations.items()}
        fewer = synthesise(tree, weights, others, mode).ranking
        table[f"{mode}_without"], table[f"{mode}_with"] = fewer, full
        reversed_pairs[mode] = [
            (str(ahead), str(behind))
            for ahead in fewer.index
            for behind in fewer.index
            if fewer[ahead] < fewer[behind] and full[ahead] > full[behind]
        ]
    return RankReversal(
        alternative=alternative,
        method=weights.method,
        ranks=pd.DataFrame(table).reindex(list(table.values())[-1].index).astype("Int64"),
        reversed_pairs=reversed_pairs,
    )
