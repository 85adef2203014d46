"""The analytic hierarchy process: judgements, weights, consistency, trees, groups, gaps, identification."""

from crmlib.ahp.consistency import RANDOM_INDEX, Consistency, consistency, consistency_ratio, random_index
from crmlib.ahp.group import AGGREGATIONS, Consensus, GroupWeights, aggregate_judgements, consensus, group_weights
from crmlib.ahp.hierarchy import Criterion, TreeWeights, tree_scores, tree_weights
from crmlib.ahp.identification import Identification, identify
from crmlib.ahp.incomplete import (
    INCOMPLETE_METHODS,
    IncompleteWeights,
    complete_lambda_max,
    harker,
    incomplete_log_least_squares,
    incomplete_weights,
)
from crmlib.ahp.judgements import judgement_matrix, parse_judgement
from crmlib.ahp.weights import METHODS, column_sum, eigenvector, geometric_mean, priority_weights, row_sum

__all__ = [
    "AGGREGATIONS",
    "INCOMPLETE_METHODS",
    "METHODS",
    "RANDOM_INDEX",
    "Consensus",
    "Consistency",
    "Criterion",
    "GroupWeights",
    "Identification",
    "IncompleteWeights",
    "TreeWeights",
    "aggregate_judgements",
    "column_sum",
    "complete_lambda_max",
    "consensus",
    "consistency",
    "consistency_ratio",
    "eigenvector",
    "geometric_mean",
    "group_weights",
    "harker",
    "identify",
    "incomplete_log_least_squares",
    "incomplete_weights",
    "judgement_matrix",
    "parse_judgement",
    "priority_weights",
    "random_index",
    "row_sum",
    "tree_scores",
    "tree_weights",
]
