"""The analytic hierarchy process: judgements, weights, consistency, trees, identification."""

from crmlib.ahp.consistency import RANDOM_INDEX, Consistency, consistency, consistency_ratio, random_index
from crmlib.ahp.hierarchy import Criterion, TreeWeights, tree_scores, tree_weights
from crmlib.ahp.identification import Identification, identify
from crmlib.ahp.judgements import judgement_matrix, parse_judgement
from crmlib.ahp.weights import METHODS, column_sum, eigenvector, geometric_mean, priority_weights, row_sum

__all__ = [
    "METHODS",
    "RANDOM_INDEX",
    "Consistency",
    "Criterion",
    "Identification",
    "TreeWeights",
    "column_sum",
    "consistency",
    "consistency_ratio",
    "eigenvector",
    "geometric_mean",
    "identify",
    "judgement_matrix",
    "parse_judgement",
    "priority_weights",
    "random_index",
    "row_sum",
    "tree_scores",
    "tree_weights",
]
