"""Are the data fit for a buy-till-you-die model? Asked before fitting."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.clv.purchases.cells import Histories, purchase_cells
from crmlib.transactions.calendar import days_in

__all__ = ["Readiness", "data_readiness"]

_KLAVIYO = "[klaviyo2026]_ predicts only then"
_RULE = "our rule of thumb"


@dataclass(frozen=True)
class Readiness:
    """What the data have and what a model needs.

    `findings`: one row a check with columns ``found``, ``needed`` (text), ``ready`` and ``why`` (and whose rule it is).
    """

    findings: pd.DataFrame

    @property
    def ready(self) -> bool:
        """Whether every check passed."""
        return bool(self.findings["ready"].all())

    def to_frame(self) -> pd.DataFrame:
        """One row a check."""
        return self.findings

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"ready": self.ready, "findings": self.findings.to_dict(orient="index")}


def data_readiness(histories: Histories) -> Readiness:
    """Check customers, history and repeat purchases against what a model of them needs.

    A failed check is a reason to doubt, not an error: the fit itself says whether it worked.

    Parameters
    ----------
    histories
        The summary of the customers, or its cells.

    Examples
    --------
    >>> from crmlib.transactions import CustomerSummary
    >>> own = pd.DataFrame({"frequency": [0, 0, 0], "recency": [0.0, 0.0, 0.0], "T": [9.0, 9.0, 9.0]})
    >>> data_readiness(CustomerSummary(own, unit="week")).findings["ready"].to_dict()["repeat buyers, share"]
    False
    """
    cells = purchase_cells(histories)
    days = days_in(cells.unit)
    x, recency, end, customers = (cells.frame[name].to_numpy() for name in cells.frame)
    again = x > 0
    since_last = (end - recency).min() * days
    interval = np.average(recency[again] / x[again], weights=customers[again]) if again.any() else np.inf
    rows = [
        (
            "customers",
            cells.customers,
            500,
            "at least",
            f"few customers leave the differences between them unknown; {_KLAVIYO}",
        ),
        ("longest history, days", end.max() * days, 180, "at least", f"who left shows only after a while; {_KLAVIYO}"),
        (
            "days since anybody's last purchase",
            since_last,
            30,
            "at most",
            f"older data say nothing about today; {_KLAVIYO}",
        ),
        (
            "most purchases of a customer",
            int(x.max()) + 1,
            3,
            "at least",
            f"nobody's rhythm shows in two purchases; {_KLAVIYO}",
        ),
        (
            "repeat buyers, share",
            cells.repeat_buyers / cells.customers,
            0.05,
            "at least",
            f"without repeat purchases, rate and leaving cannot be told apart; {_RULE}",
        ),
        (
            "repeat buyers",
            cells.repeat_buyers,
            100,
            "at least",
            f"leaving is learned from repeat buyers alone; {_RULE}",
        ),
        (
            "longest history, in mean intervals between purchases",
            end.max() / interval,
            3,
            "at least",
            f"a pause can be told from an end only if it is long beside the interval; {_RULE}",
        ),
    ]
    table = pd.DataFrame(rows, columns=["check", "found", "limit", "word", "why"]).set_index("check")
    passed = np.where(table["word"] == "at least", table["found"] >= table["limit"], table["found"] <= table["limit"])
    needed = [f"{word} {limit:g}" for word, limit in zip(table["word"], table["limit"], strict=True)]
    return Readiness(table.assign(needed=needed, ready=passed)[["found", "needed", "ready", "why"]])
