"""The analytic hierarchy process: judgements, weights, consistency, trees, identification."""

from crmlib.ahp.alternatives import RankReversal, Synthesis, rank_reversal, synthesise
from crmlib.ahp.consistency import RANDOM_INDEX, Consistency, consistency, consistency_ratio, random_index
from crmlib.ahp.evaluations import Compared, Evaluation, Measured, Rated
from crmlib.ahp.hierarchy import Criterion, TreeWeights, tree_scores, tree_weights
from crmlib.ahp.identification import Identification, identify
from crmlib.ahp.judgements import judgement_matrix, parse_judgement
from crmlib.ahp.sensitivity import SegmentSensitivity, WeightSensitivity, segment_sensitivity, weight_sensitivity
from crmlib.ahp.simulation import Simulation, simulate_judgements
from crmlib.ahp.standings import Segments
from crmlib.ahp.tornado import Tornado, tornado
from crmlib.ahp.weights import METHODS, column_sum, eigenvector, geometric_mean, priority_weights, row_sum

__all__ = [
    "METHODS",
    "RANDOM_INDEX",
    "Compared",
    "Consistency",
    "Criterion",
    "Evaluation",
    "Identification",
    "Measured",
    "RankReversal",
    "Rated",
    "SegmentSensitivity",
    "Segments",
    "Simulation",
    "Synthesis",
    "Tornado",
    "TreeWeights",
    "WeightSensitivity",
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
    "rank_reversal",
    "row_sum",
    "segment_sensitivity",
    "simulate_judgements",
    "synthesise",
    "tornado",
    "tree_scores",
    "tree_weights",
    "weight_sensitivity",
]
