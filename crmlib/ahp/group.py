"""Several experts: one set of weights for the group, its consensus, and who stands apart."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from crmlib.ahp.inconsistency import consistency_ratio
from crmlib.ahp.judgements import judgement_matrix
from crmlib.ahp.weights import weighting_method
from crmlib.errors import InputError, Problem

__all__ = ["AGGREGATIONS", "Consensus", "GroupWeights", "aggregate_judgements", "consensus", "group_weights"]

#: What is averaged over the experts, and how; see `group_weights`.
AGGREGATIONS = ("judgements", "priorities_geometric", "priorities_arithmetic")
_FEWEST_FOR_OUTLIERS = 4


@dataclass(frozen=True)
class Consensus:
    """Agreement of a group: Shannon entropies in nats, and the consensus they make.

    `alpha`: mean entropy within the experts; `gamma`: entropy of their mean weights; `beta = gamma − alpha`:
    entropy between them; `indicator`: S*, 1 for full agreement, 0 for none.
    """

    alpha: float
    beta: float
    gamma: float
    indicator: float

    def to_dict(self) -> dict[str, float]:
        """All fields in plain Python types."""
        return asdict(self)


@dataclass(frozen=True)
class GroupWeights:
    """Weights of a group; no units.

    `weights`: of the group, summing to 1; `expert_weights`: shape (experts, criteria); `experts`: one row
    each, with ``share``, ``consistency_ratio``, ``distance`` from the others, ``spread_of_others`` and ``outlying``;
    `judgements`: the geometric mean of the experts' judgements, and `consistency_ratio` its CR.
    """

    aggregation: str
    method: str
    table: str
    weights: pd.Series
    expert_weights: pd.DataFrame
    experts: pd.DataFrame
    judgements: pd.DataFrame
    consistency_ratio: float
    consensus: Consensus

    def to_frame(self) -> pd.DataFrame:
        """Each expert's weights beside what is known of the expert."""
        return self.expert_weights.join(self.experts)

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "aggregation": self.aggregation,
            "method": self.method,
            "table": self.table,
            "weights": self.weights.to_dict(),
            "expert_weights": self.expert_weights.to_dict(orient="index"),
            "experts": self.experts.to_dict(orient="index"),
            "judgements": self.judgements.to_dict(orient="index"),
            "consistency_ratio": self.consistency_ratio,
            "consensus": self.consensus.to_dict(),
        }


def aggregate_judgements(
    matrices: Mapping[str, pd.DataFrame], shares: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The group's judgement matrix (AIJ): the weighted geometric mean ``a_ij = Π_k a_ij(k)^share_k`` [aczel1983]_.

    It is the only mean that keeps the matrix reciprocal. Parameters and errors as for `group_weights`.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> experts = {k: judgement_matrix([[v]], ["price", "quality"]) for k, v in {"Ann": 2, "Bo": 8}.items()}
    >>> round(float(aggregate_judgements(experts).loc["price", "quality"]), 4)
    4.0
    """
    stack, share, criteria = _read(matrices, shares)
    return pd.DataFrame(_geometric(stack, share), index=criteria, columns=criteria)


def consensus(
    expert_weights: pd.DataFrame, shares: Mapping[str, float] | None = None, *, largest: float = 9
) -> Consensus:
    """Shannon consensus of experts' weights, as AHP-OS computes it.

    ``S* = (exp(−H_β) − c) / (1 − c)`` with ``c = exp(H_α,min) / n``: H_α,min is the entropy of an expert who
    puts one criterion `largest` times above all others, ln n the largest possible H_γ [goepel2013]_
    [goepel2018]_. AHP-OS counts all experts alike; with shares, H_α and the mean weights of H_γ are weighted
    by them.

    Parameters
    ----------
    expert_weights
        Shape (experts, criteria), positive, each row summing to 1.
    largest
        End of the judgement scale.

    Raises
    ------
    InputError
        If there are no experts, fewer than two criteria, weights that are not positive or do not sum to 1,
        or unusable shares.

    Examples
    --------
    >>> weights = pd.DataFrame({"price": [0.6, 0.5], "quality": [0.4, 0.5]}, index=["Ann", "Bo"])
    >>> round(consensus(weights).indicator, 4)
    0.9836
    """
    values = expert_weights.to_numpy(dtype=float)
    n = values.shape[1]
    problems = [
        Problem(f"expert {name}", f"found {row.tolist()}", "Give positive weights that sum to 1")
        for name, row in zip(expert_weights.index, values, strict=True)
        if not ((row > 0).all() and abs(row.sum() - 1) < 1e-6)
    ]
    if not len(values):
        problems.append(Problem("experts", "there are none", "Give at least one"))
    if n < 2:
        problems.append(Problem("criteria", f"found {n}", "Give at least two; one needs no comparison"))
    if problems:
        raise InputError("The experts' weights", problems)
    share = _read_shares([str(name) for name in expert_weights.index], shares)
    alpha = float(share @ _entropy(values))
    gamma = float(_entropy(share @ values))
    extreme = np.array([largest, *[1.0] * (n - 1)])
    floor = np.exp(_entropy(extreme / extreme.sum())) / n
    indicator = float((np.exp(alpha - gamma) - floor) / (1 - floor))
    return Consensus(alpha=alpha, beta=gamma - alpha, gamma=gamma, indicator=indicator)


def group_weights(
    matrices: Mapping[str, pd.DataFrame],
    aggregation: str = "judgements",
    method: str = "eigenvector",
    *,
    shares: Mapping[str, float] | None = None,
    table: str = "saaty1980",
    largest: float = 9,
) -> GroupWeights:
    """Weights of a group of experts, with consistency, distance and consensus.

    An expert's distance is the root mean square of ``log a_ij − log b_ij`` over the pairs, b being the
    geometric mean of the others' judgements: log 2 = 0.69 means a typical factor of 2. The others' spread is
    their own root mean square distance from b. Among four experts or more, those are outlying whose distance
    exceeds log 2 and three times the spread; fewer have no majority to stand apart from.

    Parameters
    ----------
    matrices
        Expert to judgement matrix, from `judgement_matrix`; all compare the same criteria, in any order.
    aggregation
        ``"judgements"`` (AIJ): weights of the geometric mean of the judgements;
        ``"priorities_geometric"`` and ``"priorities_arithmetic"`` (AIP): mean of the experts' weights,
        ``w_i ∝ Π_k w_i(k)^share_k`` or ``Σ_k share_k w_i(k)`` [forman1998]_. Under the geometric mean
        method the first two agree [barzilai1994]_.
    method, table
        Of `priority_weights` and `consistency`.
    shares
        Expert to share in the group, positive, summing to 1; by default all alike.
    largest
        End of the judgement scale, for the consensus.

    Raises
    ------
    InputError
        If there are no experts, a matrix is unusable, the experts compare different criteria, or the shares
        are not positive, do not sum to 1 or name other experts; or the aggregation or method is unknown.

    Examples
    --------
    >>> from crmlib.ahp import judgement_matrix
    >>> experts = {k: judgement_matrix([[v]], ["price", "quality"]) for k, v in {"Ann": 2, "Bo": 8}.items()}
    >>> group_weights(experts).weights.round(4).to_dict()
    {'price': 0.8, 'quality': 0.2}
    """
    if aggregation not in AGGREGATIONS:
        raise InputError(
            "The aggregation", [Problem("aggregation", f"found {aggregation!r}", f"Use {', '.join(AGGREGATIONS)}")]
        )
    weights_of = weighting_method(method)
    stack, share, criteria = _read(matrices, shares)
    names = [str(name) for name in matrices]
    group_matrix = _geometric(stack, share)
    each = weights_of(stack)
    if aggregation == "judgements":
        weights = weights_of(group_matrix)
    elif aggregation == "priorities_geometric":
        weights = _geometric(each, share)
        weights /= weights.sum()
    else:
        weights = share @ each
    expert_weights = pd.DataFrame(each, index=names, columns=criteria)
    distance, spread = _leave_one_out(stack, share)
    return GroupWeights(
        aggregation=aggregation,
        method=method,
        table=table,
        weights=pd.Series(weights, index=criteria, name=aggregation),
        expert_weights=expert_weights,
        experts=pd.DataFrame(
            {
                "share": share,
                "consistency_ratio": consistency_ratio(stack, table),
                "distance": distance,
                "spread_of_others": spread,
                "outlying": (distance > np.maximum(3 * spread, np.log(2))) & (len(names) >= _FEWEST_FOR_OUTLIERS),
            },
            index=names,
        ),
        judgements=pd.DataFrame(group_matrix, index=criteria, columns=criteria),
        consistency_ratio=float(consistency_ratio(group_matrix, table)),
        consensus=consensus(expert_weights, dict(zip(names, share, strict=True)), largest=largest),
    )


def _geometric(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weighted geometric mean over the first axis."""
    return np.asarray(np.exp(np.tensordot(share, np.log(values), axes=1)))


def _entropy(weights: np.ndarray) -> np.ndarray:
    return np.asarray(-(weights * np.log(weights)).sum(axis=-1))


def _leave_one_out(stack: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each expert's logarithmic distance from the others' mean judgements, and the others' spread about it."""
    if len(stack) == 1:
        return np.zeros(1), np.zeros(1)
    logarithms = np.log(stack[:, *np.triu_indices(stack.shape[-1], 1)])
    weight = share[:, None]
    # Deviations from the group's mean, so that the difference of squares below loses no digits.
    deviations = logarithms - share @ logarithms
    mean = -weight * deviations / (1 - weight)
    square = (share @ deviations**2 - weight * deviations**2) / (1 - weight)
    distance = np.sqrt(((deviations - mean) ** 2).mean(axis=1))
    return distance, np.sqrt(np.maximum((square - mean**2).mean(axis=1), 0))


def _read(
    matrices: Mapping[str, pd.DataFrame], shares: Mapping[str, float] | None
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The experts' judgements, shape (experts, n, n), their shares and the criteria."""
    if not matrices:
        raise InputError("The group", [Problem("experts", "there are none", "Give at least one expert's judgements")])
    problems: list[Problem] = []
    checked: dict[str, pd.DataFrame] = {}
    for name, matrix in matrices.items():
        try:
            checked[str(name)] = judgement_matrix(matrix, largest=None)
        except InputError as error:
            problems += [Problem(f"expert {name}, {p.where}", p.found, p.remedy) for p in error.problems]
    criteria = list(next(iter(checked.values())).index) if checked else []
    problems += [
        Problem(
            f"expert {name}",
            f"compares {list(matrix.index)}, {next(iter(checked))} compares {criteria}",
            "Make them agree",
        )
        for name, matrix in checked.items()
        if set(matrix.index) != set(criteria)
    ]
    if not problems and len(criteria) < 2:
        problems.append(Problem("criteria", f"found {criteria}", "Give at least two; one needs no comparison"))
    if problems:
        raise InputError("The group", problems)
    stack = np.stack([matrix.loc[criteria, criteria].to_numpy() for matrix in checked.values()])
    return stack, _read_shares(list(checked), shares), criteria


def _read_shares(names: list[str], shares: Mapping[str, float] | None) -> np.ndarray:
    if shares is None:
        return np.full(len(names), 1 / len(names))
    problems = [
        *(Problem(f"expert {name}", "has no share", "Give one") for name in names if name not in shares),
        *(Problem(f"share of {name}", "there is no such expert", "Remove it") for name in shares if name not in names),
        *(
            Problem(f"share of {name}", f"found {share}", "Give a positive share, or leave the expert out")
            for name, share in shares.items()
            if not 0 < share < np.inf
        ),
    ]
    if not problems and abs(sum(shares.values()) - 1) > 1e-9:
        problems.append(Problem("shares", f"they sum to {sum(shares.values()):g}", "Make them sum to 1"))
    if problems:
        raise InputError("The experts' shares", problems)
    return np.array([shares[name] for name in names], dtype=float)
