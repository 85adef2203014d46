"""The analytic hierarchy process: judgements, weights, consistency, trees, groups, gaps, identification."""

from crmlib.ahp.alternatives import RankReversal, Synthesis, rank_reversal, synthesise
from crmlib.ahp.comparison import Disagreement, MethodComparison, compare_methods
from crmlib.ahp.evaluations import Compared, Evaluation, Measured, Rated
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
from crmlib.ahp.inconsistency import (
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
from crmlib.ahp.judgements import judgement_matrix, parse_judgement
from crmlib.ahp.pairs import judgements_from_pairs
from crmlib.ahp.random_indices import RANDOM_INDEX, random_index, simulate_random_index
from crmlib.ahp.repair import Repair, repair_suggestion
from crmlib.ahp.scales import SCALES, Scale, rescale
from crmlib.ahp.sensitivity import SegmentSensitivity, WeightSensitivity, segment_sensitivity, weight_sensitivity
from crmlib.ahp.simulation import Simulation, simulate_judgements
from crmlib.ahp.standings import Segments
from crmlib.ahp.swings import Tornado, tornado
from crmlib.ahp.weights import METHODS, column_sum, eigenvector, geometric_mean, priority_weights, row_sum

__all__ = [
    "AGGREGATIONS",
    "INCOMPLETE_METHODS",
    "METHODS",
    "RANDOM_INDEX",
    "SCALES",
    "Compared",
    "Consensus",
    "Consistency",
    "Criterion",
    "Disagreement",
    "Evaluation",
    "GroupWeights",
    "Identification",
    "IncompleteWeights",
    "Measured",
    "MethodComparison",
    "Priorities",
    "RankReversal",
    "Rated",
    "Repair",
    "Scale",
    "SegmentSensitivity",
    "Segments",
    "Simulation",
    "Synthesis",
    "Tornado",
    "TreeWeights",
    "WeightSensitivity",
    "aggregate_judgements",
    "column_sum",
    "compare_methods",
    "complete_lambda_max",
    "consensus",
    "consistency",
    "consistency_ratio",
    "eigenvector",
    "geometric_consistency_index",
    "geometric_consistency_limit",
    "geometric_mean",
    "group_weights",
    "harker",
    "hierarchy_consistency_ratio",
    "identify",
    "incomplete_log_least_squares",
    "incomplete_weights",
    "judgement_matrix",
    "judgements_from_pairs",
    "parse_judgement",
    "priorities",
    "priority_weights",
    "random_index",
    "rank_reversal",
    "repair_suggestion",
    "rescale",
    "row_sum",
    "segment_sensitivity",
    "simulate_judgements",
    "simulate_random_index",
    "synthesise",
    "tornado",
    "tree_scores",
    "tree_weights",
    "weight_sensitivity",
    "weights_and_consistency_ratio",
]
