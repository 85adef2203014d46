"""The customer base and its pyramid: who is a customer at all, and how tall each active one stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd

from crmlib.arguments import Table, checked
from crmlib.checks import check_columns, check_labels, check_not_empty, refuse, shown
from crmlib.errors import InputError, Problem
from crmlib.pareto._values import labelled
from crmlib.pareto.classes import SHARES, Classes, abc_classes

__all__ = ["BASE", "Pyramid", "customer_base", "pyramid"]

#: Groups of the customer base, and the fact that puts a person into each; the first fact that holds decides.
BASE: dict[str, str] = {
    "active": "bought_recently",
    "inactive": "bought_before",
    "prospect": "in_contact",
    "suspect": "could_use_it",
}


@checked("The customer base")
def customer_base(
    facts: Annotated[pd.DataFrame, Table("customer")], rules: Mapping[str, str] = BASE, rest: str = "rest"
) -> pd.Series:
    """Sort everybody whom a firm may look at into groups, from active customers to the rest.

    Parameters
    ----------
    facts
        True or False for each person (row) and fact (column).
    rules
        Column that admits to each group, in order: a person joins the first group whose fact holds.
    rest
        Name of the group of those for whom no fact holds.

    Returns
    -------
    pandas.Series
        Ordered categories by person.

    Raises
    ------
    InputError
        Lists facts that the table lacks, and every person with an answer other than True or False.

    Examples
    --------
    >>> facts = pd.DataFrame({"bought": [True, False], "asked": [True, True]}, index=["p", "q"])
    >>> customer_base(facts, {"customer": "bought", "prospect": "asked"}).to_dict()
    {'p': 'customer', 'q': 'prospect'}
    """
    problems = [*check_not_empty("rules", rules), *check_columns(facts, rules.values(), "fact")]
    for column in [name for name in dict.fromkeys(rules.values()) if name in facts]:
        strange = facts[column][~facts[column].map(lambda answer: isinstance(answer, bool | np.bool_)).astype(bool)]
        problems += [
            Problem(f"customer {shown(label)}, fact {column!r}", f"found {shown(value)}", "Write True or False")
            for label, value in strange.items()
        ]
    refuse("The customer base", problems)
    answers = np.column_stack([facts[column].to_numpy(dtype=bool) for column in rules.values()])
    codes = np.where(answers.any(axis=1), answers.argmax(axis=1), len(rules))
    return labelled(codes, [*rules, rest], facts.index, "group")


@dataclass(frozen=True)
class Pyramid:
    """The customer base, and the tiers of the active among it.

    `base`: group by person; `tiers`: the active customers by revenue, shares of heads.
    """

    base: pd.Series
    tiers: Classes

    def to_frame(self) -> pd.DataFrame:
        """One row a tier: customers, value and their shares."""
        return self.tiers.summary

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"base": self.base.astype(str).to_dict(), "tiers": self.tiers.to_dict()}


@checked("The pyramid")
def pyramid(
    base: pd.Series, revenue: pd.Series, shares: Mapping[str, float] = SHARES["pyramid"], active: str = "active"
) -> Pyramid:
    """Stand the active customers on each other's shoulders: tiers by rank of revenue.

    The source's tiers are the best 1 %, the next 4 %, the next 15 % and the remaining 80 % of the active customers.

    Parameters
    ----------
    base
        Group of each person, as from `customer_base`.
    revenue
        Of each active customer in the recent period; that of others is not looked at.
    shares
        Name and share of heads of each tier, top first.
    active
        Name of the group that is ranked.

    Raises
    ------
    InputError
        Lists active customers without revenue; also if nobody is active.

    Examples
    --------
    >>> base = pd.Series({"p": "active", "q": "active", "r": "prospect"})
    >>> result = pyramid(base, pd.Series({"p": 9.0, "q": 5.0}), {"top": 0.5, "low": 0.5})
    >>> result.tiers.classes.to_dict()
    {'p': 'top', 'q': 'low'}
    """
    refuse("The pyramid", check_labels("person", base), check_labels("revenue of", revenue))
    people = base.index[base == active]
    if not len(people):
        raise InputError("The pyramid", [Problem("base", f"nobody is {active!r}", "Check the rules of the base")])
    return Pyramid(base=base, tiers=abc_classes(revenue.reindex(people), shares, by="customers"))
