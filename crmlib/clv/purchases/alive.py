"""The probability of being alive in words: how sure the model is of a customer, and beside which others."""

import numpy as np
import pandas as pd

from crmlib.clv.purchases.cells import Histories, purchase_cells
from crmlib.clv.purchases.purchase_model import FittedModel, model_of

__all__ = ["VERDICTS", "alive_in_words"]

#: Least probability of being alive, and what is said of a customer who reaches it.
VERDICTS: dict[float, str] = {
    0.9: "Almost surely still a customer.",
    0.7: "Probably still a customer.",
    0.3: "Open: gone, or only slow.",
    0.1: "Probably gone.",
    0.0: "Almost surely gone.",
}
_NOT_JUDGED = "Not judged: in this model nobody leaves before a repeat purchase."


def alive_in_words(model: FittedModel, histories: Histories) -> pd.DataFrame:
    """Say of each customer how probably it is still one, in words and beside the others.

    Parameters
    ----------
    model
        A fit or a model of purchases.
    histories
        The summary of the customers, or its cells.

    Returns
    -------
    pandas.DataFrame
        One row a customer with the columns ``probability_alive``; ``verdict``, one of `VERDICTS`; ``above_all``, the
        share of all other customers who are less probably alive; ``above_alike``, the same share among those with
        equally many purchases (missing for who has no such others). A model in which only a repeat purchase lets one
        leave does not judge customers without one, and the verdict says so.

    Raises
    ------
    InputError
        If a history cannot be used, or counts in another unit of time than the model.

    Examples
    --------
    >>> from crmlib.clv import ParetoNbd
    >>> from crmlib.transactions import CustomerSummary
    >>> own = pd.DataFrame({"frequency": [2, 2, 9], "recency": [30.4, 5.0, 8.0], "T": 38.9}, index=["Ann", "Bo", "Cy"])
    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit="week")
    >>> told = alive_in_words(model, CustomerSummary(own, unit="week"))
    >>> told["verdict"].to_dict()
    {'Ann': 'Probably still a customer.', 'Bo': 'Probably gone.', 'Cy': 'Almost surely gone.'}
    >>> told[["above_all", "above_alike"]].loc["Ann"].to_list()
    [1.0, 1.0]
    """
    cells = purchase_cells(histories)
    frequency, _, end = cells.arrays
    alive = model_of(model).probability_alive(cells.alone).to_numpy()
    limits, texts = np.array(list(VERDICTS)), np.array(list(VERDICTS.values()))
    verdict = texts[(alive[:, np.newaxis] >= limits).argmax(axis=1)]
    verdict = np.where((frequency == 0) & (end > 0) & (alive == 1), _NOT_JUDGED, verdict)
    counts = cells.frame["customers"].to_numpy()
    columns = {
        "probability_alive": alive,
        "verdict": verdict,
        "above_all": _share_below(alive, counts, np.zeros(len(alive))),
        "above_alike": _share_below(alive, counts, frequency),
    }
    return pd.DataFrame(columns).take(cells.places).set_axis(cells.labels)


def _share_below(values: np.ndarray, counts: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Share of a group's other customers whose value is smaller; NaN where there are none."""
    table = pd.DataFrame({"group": groups, "value": values, "count": counts})
    heads = table.groupby(["group", "value"])["count"].sum()
    below = heads.groupby("group").cumsum() - heads
    others = table.groupby("group")["count"].transform("sum").to_numpy() - 1
    found = below.reindex(pd.MultiIndex.from_arrays([groups, values])).to_numpy(dtype=float)
    return np.asarray(np.divide(found, others, out=np.full(len(values), np.nan), where=others > 0))
