"""Customer lifetime value: cash flows, chains, and buy-till-you-die models."""

from crmlib.clv.bg_bb import (
    BgBb,
    bg_bb_log_likelihood,
    fit_bg_bb,
)
from crmlib.clv.bg_nbd import (
    BgNbd,
    bg_nbd_likelihood,
    fit_bg_nbd,
)
from crmlib.clv.bootstrap import (
    Bootstrap,
    bootstrap,
)
from crmlib.clv.cashflows import (
    INTERPOLATIONS,
    TIMINGS,
    CashFlows,
    annuity_factor,
    discounted_cash_flows,
)
from crmlib.clv.cells import (
    Cells,
    checked_summary,
    distinct_rows,
    purchase_cells,
)
from crmlib.clv.chains import (
    ChainValue,
    chain_value,
    discounted_sum,
    expected_path,
)
from crmlib.clv.equity import (
    CustomerEquity,
    customer_equity,
    referral_value,
)
from crmlib.clv.fitness import (
    Fitness,
    fitness,
)
from crmlib.clv.fitting import (
    Fit,
    LogLikelihood,
    maximise,
)
from crmlib.clv.gamma_gamma import (
    GammaGamma,
    SpendCells,
    fit_gamma_gamma,
    gamma_gamma_likelihood,
    spend_cells,
)
from crmlib.clv.hypergeometric import (
    beta_mean,
    log_hyp2f1,
)
from crmlib.clv.market import (
    Market,
    market,
    next_shares,
    share_path,
)
from crmlib.clv.migration import (
    Migration,
    Remarketing,
    RemarketingChoices,
    best_remarketing,
    recency_migration,
    remarketing_choices,
)
from crmlib.clv.pareto_nbd import (
    ParetoNbd,
    fit_pareto_nbd,
    pareto_nbd_likelihood,
)
from crmlib.clv.residual_value import (
    LifetimeValue,
    PurchaseModel,
    customer_lifetime_value,
    discounted_purchases,
    endless_discounted_purchases,
    rate_per_period,
)
from crmlib.clv.retention import (
    FIRST_MARGINS,
    continuous_value,
    expected_margins,
    margin_multiple,
    profit_curve,
    purchase_cycle_value,
    share_within,
)
from crmlib.clv.shifted_beta_geometric import (
    ShiftedBetaGeometric,
    fit_shifted_beta_geometric,
)
from crmlib.clv.spending import (
    Response,
    SpendingOptimum,
    best_spending,
    customer_value,
)
from crmlib.clv.steady_shares import (
    SteadyShares,
    steady_shares,
)
from crmlib.clv.switching import (
    BrandValues,
    PointValues,
    brand_values,
    point_values,
)
from crmlib.clv.switching_estimate import (
    Switches,
    SwitchingEstimate,
    estimate_switching,
    history_switches,
    survey_switches,
)
from crmlib.clv.validation import (
    CohortModel,
    HoldoutComparison,
    Tracking,
    compare_with_holdout,
    frequency_distribution,
    tracking,
)

__all__ = [
    "FIRST_MARGINS",
    "INTERPOLATIONS",
    "TIMINGS",
    "BgBb",
    "BgNbd",
    "Bootstrap",
    "BrandValues",
    "CashFlows",
    "Cells",
    "ChainValue",
    "CohortModel",
    "CustomerEquity",
    "Fit",
    "Fitness",
    "GammaGamma",
    "HoldoutComparison",
    "LifetimeValue",
    "LogLikelihood",
    "Market",
    "Migration",
    "ParetoNbd",
    "PointValues",
    "PurchaseModel",
    "Remarketing",
    "RemarketingChoices",
    "Response",
    "ShiftedBetaGeometric",
    "SpendCells",
    "SpendingOptimum",
    "SteadyShares",
    "Switches",
    "SwitchingEstimate",
    "Tracking",
    "annuity_factor",
    "best_remarketing",
    "best_spending",
    "beta_mean",
    "bg_bb_log_likelihood",
    "bg_nbd_likelihood",
    "bootstrap",
    "brand_values",
    "chain_value",
    "checked_summary",
    "compare_with_holdout",
    "continuous_value",
    "customer_equity",
    "customer_lifetime_value",
    "customer_value",
    "discounted_cash_flows",
    "discounted_purchases",
    "discounted_sum",
    "distinct_rows",
    "endless_discounted_purchases",
    "estimate_switching",
    "expected_margins",
    "expected_path",
    "fit_bg_bb",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_pareto_nbd",
    "fit_shifted_beta_geometric",
    "fitness",
    "frequency_distribution",
    "gamma_gamma_likelihood",
    "history_switches",
    "log_hyp2f1",
    "margin_multiple",
    "market",
    "maximise",
    "next_shares",
    "pareto_nbd_likelihood",
    "point_values",
    "profit_curve",
    "purchase_cells",
    "purchase_cycle_value",
    "rate_per_period",
    "recency_migration",
    "referral_value",
    "remarketing_choices",
    "share_path",
    "share_within",
    "spend_cells",
    "steady_shares",
    "survey_switches",
    "tracking",
]
