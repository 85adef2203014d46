"""MBG/NBD: as BG/NBD, but the first purchase, too, may be a customer's last."""

from dataclasses import dataclass
from typing import ClassVar

from crmlib.clv.purchases.bg_nbd import BgNbd, fit_beta_geometric
from crmlib.clv.purchases.cells import Histories, learning_cells
from crmlib.clv.purchases.fitting import Fit

__all__ = ["MbgNbd", "fit_mbg_nbd"]


@dataclass(frozen=True)
class MbgNbd(BgNbd):
    """The modified beta-geometric/NBD model of [batislam2007]_.

    As `BgNbd`, with one more chance to leave: right after the first purchase. So customers without a repeat purchase
    are less and less probably alive the longer they are silent, where BG/NBD holds them all for alive. In each formula
    of BG/NBD b + x becomes b + x + 1: the probability of being alive is
    ``1 / (1 + a/(b+x)·((α+T)/(α+t_x))^(r+x))``.

    Examples
    --------
    >>> import pandas as pd
    >>> from crmlib.transactions import CustomerSummary
    >>> own = pd.DataFrame({"frequency": [0, 0], "recency": [0.0, 0.0], "T": [1.0, 38.86]}, index=["new", "silent"])
    >>> model = MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614, unit="week")
    >>> model.probability_alive(CustomerSummary(own, "week")).round(3).to_dict()
    {'new': 0.626, 'silent': 0.39}
    """

    name: ClassVar[str] = "MBG/NBD"
    before: ClassVar[int] = 1


def fit_mbg_nbd(histories: Histories, *, nobody_bought_once: bool = False) -> Fit[MbgNbd]:
    """Fit the MBG/NBD model by maximum likelihood; as `crmlib.clv.purchases.bg_nbd.fit_bg_nbd`.

    Examples
    --------
    >>> import numpy as np
    >>> fit = fit_mbg_nbd(MbgNbd(0.5, 6.0, 0.9, 1.6, unit="week").simulate(np.full(3000, 52.0), seed=2))
    >>> fit.converged, bool(fit.intervals().loc["r"].between(0.35, 0.7).all())
    (True, True)
    """
    return fit_beta_geometric(MbgNbd, learning_cells(histories, nobody_bought_once))
