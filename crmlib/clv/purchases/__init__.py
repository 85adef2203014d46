"""Buy till you die: models of purchases and spend, and what each customer is worth by them."""

from crmlib.clv.purchases.alive import VERDICTS, alive_in_words
from crmlib.clv.purchases.bg_bb import BgBb, fit_bg_bb
from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.clv.purchases.cells import Cells, purchase_cells
from crmlib.clv.purchases.fitting import Fit
from crmlib.clv.purchases.gamma_gamma import GammaGamma, SpendCells, fit_gamma_gamma, spend_cells
from crmlib.clv.purchases.lifetime_value import (
    LifetimeValue,
    customer_lifetime_value,
    discounted_purchases,
    new_customer_value,
)
from crmlib.clv.purchases.mbg_nbd import MbgNbd, fit_mbg_nbd
from crmlib.clv.purchases.pareto_nbd import ParetoNbd, fit_pareto_nbd
from crmlib.clv.purchases.purchase_model import PurchaseModel
from crmlib.clv.purchases.readiness import Readiness, data_readiness
from crmlib.clv.purchases.resampling import Bootstrap, bootstrap
from crmlib.clv.purchases.shifted_beta_geometric import ShiftedBetaGeometric, fit_shifted_beta_geometric
from crmlib.clv.purchases.validation import (
    HoldoutComparison,
    Tracking,
    compare_with_holdout,
    frequency_distribution,
    tracking,
)

__all__ = [
    "VERDICTS",
    "BgBb",
    "BgNbd",
    "Bootstrap",
    "Cells",
    "Fit",
    "GammaGamma",
    "HoldoutComparison",
    "LifetimeValue",
    "MbgNbd",
    "ParetoNbd",
    "PurchaseModel",
    "Readiness",
    "ShiftedBetaGeometric",
    "SpendCells",
    "Tracking",
    "alive_in_words",
    "bootstrap",
    "compare_with_holdout",
    "customer_lifetime_value",
    "data_readiness",
    "discounted_purchases",
    "fit_bg_bb",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_mbg_nbd",
    "fit_pareto_nbd",
    "fit_shifted_beta_geometric",
    "frequency_distribution",
    "new_customer_value",
    "purchase_cells",
    "spend_cells",
    "tracking",
]
