"""The analytic hierarchy process: judgements, weights, consistency, trees, identification."""

from crmlib.ahp.comparison import Disagreement, MethodComparison, compare_methods
from crmlib.ahp.consistency import (
    Consistency,
    Priorities,
    consistency,
    consistency_ratio,
    geometric_consistency_index,
    geometric_consistency_limit,
    hierarchy_consistency_ratio,
    priorities,
    weights_and_consistency_ratio,
)
from crmlib.ahp.hierarchy import Criterion, TreeWeights, tree_scores, tree_weights
from crmlib.ahp.identification import Identification, identify
from crmlib.ahp.judgements import judgement_matrix, parse_judgement
from crmlib.ahp.pairs import judgements_from_pairs
from crmlib.ahp.random_indices import RANDOM_INDEX, random_index, simulate_random_index
from crmlib.ahp.repair import Repair, repair_suggestion
from crmlib.ahp.scales import SCALES, Scale, rescale
from crmlib.ahp.weights import (
    METHODS,
    column_sum,
    eigenvector,
    geometric_mean,
    priority_weights,
    row_sum,
)

__all__ = [
    "METHODS",
    "RANDOM_INDEX",
    "SCALES",
    "Consistency",
    "Criterion",
    "Disagreement",
    "Identification",
    "MethodComparison",
    "Priorities",
    "Repair",
    "Scale",
    "TreeWeights",
    "column_sum",
    "compare_methods",
    "consistency",
    "consistency_ratio",
    "eigenvector",
    "geometric_consistency_index",
    "geometric_consistency_limit",
    "geometric_mean",
    "hierarchy_consistency_ratio",
    "identify",
    "judgement_matrix",
    "judgements_from_pairs",
    "parse_judgement",
    "priorities",
    "priority_weights",
    "random_index",
    "repair_suggestion",
    "rescale",
    "row_sum",
    "simulate_random_index",
    "tree_scores",
    "tree_weights",
    "weights_and_consistency_ratio",
]
