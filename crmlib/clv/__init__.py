"""Customer lifetime value: cash flows, chains, and buy-till-you-die models."""

from crmlib.clv.alive import VERDICTS, alive_in_words
from crmlib.clv.bg_bb import BgBb, fit_bg_bb
from crmlib.clv.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.cashflows import INTERPOLATIONS, TIMINGS, CashFlows, annuity_factor, discounted_cash_flows
from crmlib.clv.cells import Cells, purchase_cells
from crmlib.clv.chains import ChainValue, chain_value, expected_path
from crmlib.clv.equity import CustomerEquity, customer_equity, referral_value
from crmlib.clv.fitting import Fit
from crmlib.clv.gamma_gamma import GammaGamma, SpendCells, fit_gamma_gamma, spend_cells
from crmlib.clv.lifetime_value import (
    LifetimeValue,
    customer_lifetime_value,
    discounted_purchases,
    new_customer_value,
)
from crmlib.clv.market import Market, brand_market, share_path
from crmlib.clv.mbg_nbd import MbgNbd, fit_mbg_nbd
from crmlib.clv.migration import (
    Migration,
    Remarketing,
    RemarketingChoices,
    best_remarketing,
    recency_migration,
    remarketing_choices,
)
from crmlib.clv.pareto_nbd import ParetoNbd, fit_pareto_nbd
from crmlib.clv.purchase_model import PurchaseModel
from crmlib.clv.readiness import Readiness, data_readiness
from crmlib.clv.resampling import Bootstrap, bootstrap
from crmlib.clv.retention import (
    FIRST_MARGINS,
    continuous_value,
    expected_margins,
    margin_multiple,
    profit_curve,
    purchase_cycle_value,
    share_within,
)
from crmlib.clv.shifted_beta_geometric import ShiftedBetaGeometric, fit_shifted_beta_geometric
from crmlib.clv.spending import Response, SpendingOptimum, best_spending, customer_value
from crmlib.clv.stationary import StationaryDistribution, stationary_distribution
from crmlib.clv.switches import Switches, history_switches, survey_switches
from crmlib.clv.switching import BrandValues, SwitchingGains, brand_values, switching_gains
from crmlib.clv.switching_estimate import SwitchingEstimate, estimate_switching
from crmlib.clv.validation import (
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
    "VERDICTS",
    "BgBb",
    "BgNbd",
    "Bootstrap",
    "BrandValues",
    "CashFlows",
    "Cells",
    "ChainValue",
    "CustomerEquity",
    "Fit",
    "GammaGamma",
    "HoldoutComparison",
    "LifetimeValue",
    "Market",
    "MbgNbd",
    "Migration",
    "ParetoNbd",
    "PurchaseModel",
    "Readiness",
    "Remarketing",
    "RemarketingChoices",
    "Response",
    "ShiftedBetaGeometric",
    "SpendCells",
    "SpendingOptimum",
    "StationaryDistribution",
    "Switches",
    "SwitchingEstimate",
    "SwitchingGains",
    "Tracking",
    "alive_in_words",
    "annuity_factor",
    "best_remarketing",
    "best_spending",
    "bootstrap",
    "brand_market",
    "brand_values",
    "chain_value",
    "compare_with_holdout",
    "continuous_value",
    "customer_equity",
    "customer_lifetime_value",
    "customer_value",
    "data_readiness",
    "discounted_cash_flows",
    "discounted_purchases",
    "estimate_switching",
    "expected_margins",
    "expected_path",
    "fit_bg_bb",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_mbg_nbd",
    "fit_pareto_nbd",
    "fit_shifted_beta_geometric",
    "frequency_distribution",
    "history_switches",
    "margin_multiple",
    "new_customer_value",
    "profit_curve",
    "purchase_cells",
    "purchase_cycle_value",
    "recency_migration",
    "referral_value",
    "remarketing_choices",
    "share_path",
    "share_within",
    "spend_cells",
    "stationary_distribution",
    "survey_switches",
    "switching_gains",
    "tracking",
]
