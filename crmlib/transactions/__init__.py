"""From a log of transactions to one row a customer, to cells, scores and cohorts."""

from crmlib.transactions.bad_rows import BAD_ROWS
from crmlib.transactions.log import TransactionLog, transaction_log
from crmlib.transactions.periods import CohortTable, cohort_table, revenue_by_period
from crmlib.transactions.refunds import REFUNDS, Netting, net_refunds
from crmlib.transactions.rfm import RfmScores, rfm_scores, rfm_segments
from crmlib.transactions.summary import (
    CustomerSummary,
    Holdout,
    calibration_holdout,
    customer_summary,
    opportunity_summary,
    summary_cells,
)

__all__ = [
    "BAD_ROWS",
    "REFUNDS",
    "CohortTable",
    "CustomerSummary",
    "Holdout",
    "Netting",
    "RfmScores",
    "TransactionLog",
    "calibration_holdout",
    "cohort_table",
    "customer_summary",
    "net_refunds",
    "opportunity_summary",
    "revenue_by_period",
    "rfm_scores",
    "rfm_segments",
    "summary_cells",
    "transaction_log",
]
