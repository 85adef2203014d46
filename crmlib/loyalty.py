"""Kinds of loyalty by attachment and repeat purchase."""

from typing import Annotated

import pandas as pd

from crmlib.arguments import Table, checked
from crmlib.checks import check_choice, check_choices, refuse

__all__ = ["LOYALTY_KINDS", "loyalty_kinds"]

#: The seven kinds of loyalty [pyramid_essay]_: Chinese name, levels of attachment and repeat purchase in the usual
#: reading, and the reason for coming back that tells kinds with the same levels apart. The reasons are ours, and so
#: are the levels of monopoly, to which the essay gives none.
LOYALTY_KINDS = pd.DataFrame(
    [
        ("monopoly", "垄断忠诚", "low", "high", "no other seller"),
        ("inertia", "惰性忠诚", "low", "high", "habit"),
        ("convenience", "方便忠诚", "low", "high", "near at hand"),
        ("incentive", "激励忠诚", "low", "high", "rewards"),
        ("price", "价格忠诚", "low", "low", "price"),
        ("latent", "潜在忠诚", "high", "low", ""),
        ("premium", "超值忠诚", "high", "high", ""),
    ],
    columns=["kind", "chinese", "attachment", "repeat_purchase", "reason"],
).set_index("kind")

_LEVELS = ("attachment_level", "repeat_purchase_level")
#: Level of attachment that a reading gives latent loyalty.
_LATENT_ATTACHMENT = {"usual": "high", "printed": "low"}


@checked("The kinds of loyalty")
def loyalty_kinds(
    customers: Annotated[pd.DataFrame, Table("customer", (*_LEVELS, "reason"))],
    reading: str = "usual",
) -> pd.Series:
    """The kind of loyalty of each customer, by attachment, repeat purchase and the reason for coming back.

    The readings differ in latent loyalty. The essay prints low attachment and few repeat purchases [pyramid_essay]_; in
    the usual typology the attachment is high and something else keeps the customer from buying [dick1994]_
    [griffin1995]_. Under the printed reading, high attachment with few purchases has no name.

    Parameters
    ----------
    customers
        Columns ``attachment_level`` and ``repeat_purchase_level``, ``"low"`` or ``"high"``, as `value_matrix` gives
        them, and ``reason``, why the customer buys here: one of `LOYALTY_KINDS`, ``""`` or missing if unknown.
    reading
        ``"usual"`` or ``"printed"``.

    Returns
    -------
    pandas.Series
        A kind by customer; ``"unknown reason"`` where only the reason could tell, ``"none"`` where no kind fits.

    Raises
    ------
    InputError
        If a column is missing, or a level, a reason or the reading is none of those named.

    Examples
    --------
    >>> customers = pd.DataFrame(
    ...     {"attachment_level": ["high", "low"], "repeat_purchase_level": ["low", "low"], "reason": ["", "rewards"]}
    ... )
    >>> [loyalty_kinds(customers, reading).to_list() for reading in ("usual", "printed")]
    [['latent', 'none'], ['none', 'latent']]
    """
    reason = customers["reason"].astype(object).fillna("")
    refuse(
        "The kinds of loyalty",
        check_choice("reading", reading, _LATENT_ATTACHMENT),
        *(check_choices(f"{name} of", customers[name], ["low", "high"]) for name in _LEVELS),
        check_choices("reason of", reason[reason != ""], [name for name in LOYALTY_KINDS["reason"] if name]),
    )
    attached, repeats = customers["attachment_level"] == "high", customers["repeat_purchase_level"] == "high"
    spurious = LOYALTY_KINDS[LOYALTY_KINDS["attachment"].eq("low") & LOYALTY_KINDS["repeat_purchase"].eq("high")]
    by_reason = pd.Series(spurious.index, index=spurious["reason"])
    latent = attached if _LATENT_ATTACHMENT[reading] == "high" else ~attached
    kinds = pd.Series("none", index=customers.index, name="kind")
    kinds = kinds.mask(latent & ~repeats, "latent").mask(~attached & ~repeats & reason.eq("price"), "price")
    return kinds.mask(~attached & repeats, reason.map(by_reason).fillna("unknown reason")).mask(
        attached & repeats, "premium"
    )
