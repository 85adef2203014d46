"""The names of the face: type checkers read them here, and `crmlib` itself where it finds each of them."""

from crmlib.ahp import (
    Criterion as Criterion,
    consensus as consensus,
    consistency as consistency,
    consistency_ratio as consistency_ratio,
    group_weights as group_weights,
    incomplete_weights as incomplete_weights,
    judgement_matrix as judgement_matrix,
    judgements_from_pairs as judgements_from_pairs,
    priorities as priorities,
    rank_reversal as rank_reversal,
    repair_suggestion as repair_suggestion,
    simulate_judgements as simulate_judgements,
    synthesise as synthesise,
    tree_scores as tree_scores,
    tree_weights as tree_weights,
    weight_sensitivity as weight_sensitivity,
)
from crmlib.allocation import allocate as allocate
from crmlib.cases import read_experts as read_experts, read_orders as read_orders
from crmlib.clv import (
    BgBb as BgBb,
    BgNbd as BgNbd,
    GammaGamma as GammaGamma,
    MbgNbd as MbgNbd,
    ParetoNbd as ParetoNbd,
    ShiftedBetaGeometric as ShiftedBetaGeometric,
    alive_in_words as alive_in_words,
    brand_market as brand_market,
    chain_value as chain_value,
    compare_with_holdout as compare_with_holdout,
    customer_equity as customer_equity,
    customer_lifetime_value as customer_lifetime_value,
    data_readiness as data_readiness,
    discounted_cash_flows as discounted_cash_flows,
    estimate_switching as estimate_switching,
    expected_margins as expected_margins,
    fit_bg_bb as fit_bg_bb,
    fit_bg_nbd as fit_bg_nbd,
    fit_gamma_gamma as fit_gamma_gamma,
    fit_mbg_nbd as fit_mbg_nbd,
    fit_pareto_nbd as fit_pareto_nbd,
    fit_shifted_beta_geometric as fit_shifted_beta_geometric,
    margin_multiple as margin_multiple,
    new_customer_value as new_customer_value,
    recency_migration as recency_migration,
    stationary_distribution as stationary_distribution,
    tracking as tracking,
)
from crmlib.errors import InputError as InputError
from crmlib.figures import (
    alive_map as alive_map,
    lorenz as lorenz,
    pareto_chart as pareto_chart,
    quadrants as quadrants,
    tracking_lines as tracking_lines,
)
from crmlib.grids import GRIDS as GRIDS
from crmlib.lifecycle import relationship_stages as relationship_stages, survival as survival
from crmlib.matrix import value_matrix as value_matrix
from crmlib.pareto import (
    abc_classes as abc_classes,
    concentration as concentration,
    customer_base as customer_base,
    joint_classes as joint_classes,
    lorenz_curve as lorenz_curve,
    pyramid as pyramid,
    pyramid_migration as pyramid_migration,
    xyz_classes as xyz_classes,
)
from crmlib.rough import decision_table as decision_table, minimal_rules as minimal_rules
from crmlib.scaling import scale as scale
from crmlib.survey import check_answers as check_answers, compare_groups as compare_groups, reliability as reliability
from crmlib.tables import table as table
from crmlib.transactions import (
    CustomerSummary as CustomerSummary,
    calibration_holdout as calibration_holdout,
    cohort_table as cohort_table,
    customer_summary as customer_summary,
    opportunity_summary as opportunity_summary,
    rfm_scores as rfm_scores,
    rfm_segments as rfm_segments,
    summary_cells as summary_cells,
    transaction_log as transaction_log,
)

__version__: str
