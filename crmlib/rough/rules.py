"""Decision rules: if some conditions have these values, the decision is this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Table, checked
from crmlib.checks import check_columns, refuse
from crmlib.errors import InputError, Problem
from crmlib.rough._families import hitting, members, minimal, with_supersets
from crmlib.rough.matrices import MOST_ATTRIBUTES, differing
from crmlib.rough.regions import alike, possible_decisions
from crmlib.rough.tables import DecisionTable

__all__ = ["Keep", "RuleSet", "minimal_rules", "rule_set"]

#: Which minimal rules to keep: all of them, the fewest that still cover every row, or few that do, found quickly.
Keep = Literal["all", "fewest", "few"]
#: Truth values held at a time while the subsets of each row's attributes are looked at.
_CELLS = 1 << 26


@dataclass(frozen=True)
class RuleSet:
    """Rules, the widest support first.

    `table`, one row a rule: the values of the conditions that it asks for (missing: not asked), the decision, and
    ``support`` (rows with these conditions and this decision), ``certainty`` (support by rows with the conditions),
    ``coverage`` (support by rows with the decision). `decision` is the decision's column.
    """

    table: pd.DataFrame
    decision: str

    @property
    def conditions(self) -> pd.DataFrame:
        """What each rule asks for: shape (rules, attributes), missing where it does not ask."""
        return self.table.drop(columns=[self.decision, "support", "certainty", "coverage"])

    @checked("The new rows")
    def classify(self, customers: Annotated[pd.DataFrame, Table()]) -> pd.Series:
        """The decision for new rows, by the support of the rules that fit; missing if none fits or votes are even.

        Raises
        ------
        InputError
            If a column that a rule asks for is not there.
        """
        asked = self.conditions.dropna(axis=1, how="all")
        refuse("The new rows", check_columns(customers, asked))
        fits = np.ones((len(customers), len(asked)), dtype=bool)
        for name, column in asked.items():
            same = customers[name].to_numpy(dtype=object)[:, None] == column.to_numpy(dtype=object)
            fits &= same | column.isna().to_numpy()
        names = pd.unique(self.table[self.decision])
        decided = self.table[self.decision].to_numpy()[:, None] == names
        votes = fits @ (decided * self.table["support"].to_numpy()[:, None])
        first = votes.argmax(axis=1)
        clear = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) == 1
        chosen = pd.Series(np.asarray(names, dtype=object)[first], index=customers.index, name=self.decision)
        return chosen.where(clear & fits.any(axis=1))

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types; a rule lists only what it asks for."""
        rows = [line.dropna().to_dict() for _, line in self.table.astype(object).iterrows()]
        return {"rules": rows, "decision": self.decision}


def rule_set(table: DecisionTable, conditions: np.ndarray, decisions: np.ndarray) -> RuleSet:
    """Rules with their measures, from codes: `conditions` of shape (rules, attributes), −2 where nothing is asked."""
    asked = np.where(conditions == -2, -1, conditions)
    fits = alike(asked, table.codes)
    agrees = fits & (decisions[:, None] == table.decision_codes)
    support = agrees.sum(axis=1)
    found = {}
    for position, name in enumerate(table.conditions):
        column, codes = conditions[:, position], table.codes[:, position]
        first = np.unique(codes, return_index=True)
        values = dict(zip(first[0].tolist(), table.table[name].iloc[first[1]], strict=True))
        found[name] = pd.Series([values.get(code) for code in column.tolist()], dtype=object)
    measures = {
        table.decision: pd.Series([table.decisions[code] for code in decisions], dtype=object),
        "support": support,
        "certainty": support / fits.sum(axis=1),
        "coverage": support / np.bincount(table.decision_codes)[decisions],
    }
    rules = pd.DataFrame(found | measures)
    length = (conditions != -2).sum(axis=1)
    order = np.lexsort((np.arange(len(rules)), length, -support))
    return RuleSet(rules.iloc[order].reset_index(drop=True), table.decision)


@checked("The rules")
def minimal_rules(table: DecisionTable, attributes: Sequence[str] | None = None, keep: Keep = "fewest") -> RuleSet:
    """Rules from which no condition can be left out, made of some attributes, such as a reduct.

    For a row that the attributes decide, a rule is a smallest set of its values that no row with another decision
    has: the row's value reducts [pawlak1991]_. For rows that contradict each other, the whole description is
    kept, with one rule for each decision and a certainty below 1.

    Parameters
    ----------
    keep
        ``"all"`` minimal rules; the ``"fewest"`` that cover every row, among these those with the fewest conditions,
        for tables of up to some hundred rows; or ``"few"``, one rule after the other that covers most of what is left.

    Raises
    ------
    InputError
        If there are too many attributes for all subsets, or `keep` is unknown.

    Examples
    --------
    >>> from crmlib.rough import decision_table
    >>> frame = pd.DataFrame({"a": [1, 1, 2], "b": [1, 2, 2], "d": ["low", "high", "low"]})
    >>> minimal_rules(decision_table(frame, "d")).table[["a", "b", "d", "support"]].to_dict("records")[0]
    {'a': None, 'b': 1, 'd': 'low', 'support': 1}
    """
    positions = table.positions(attributes)
    if len(positions) > MOST_ATTRIBUTES:
        raise InputError("The rules", [Problem("attributes", f"found {len(positions)}", "Give a reduct")])
    codes = table.codes[:, positions]
    sure = possible_decisions(table, positions).sum(axis=1) == 1
    short, decisions = _value_reducts(codes, table.decision_codes, sure)
    if keep != "all" and len(short):
        fits = alike(np.where(short == -2, -1, short), codes[sure]) & (decisions[:, None] == table.decision_codes[sure])
        chosen = (_fewest if keep == "fewest" else _few)(fits, (short != -2).sum(axis=1))
        short, decisions = short[chosen], decisions[chosen]
    unsure = np.unique(np.column_stack([np.where(codes < 0, -2, codes), table.decision_codes])[~sure], axis=0)
    every = np.full((len(short) + len(unsure), len(table.conditions)), -2, dtype=np.int32)
    every[:, positions] = np.vstack([short, unsure[:, :-1]])
    return rule_set(table, every, np.concatenate([decisions, unsure[:, -1]]))


def _value_reducts(codes: np.ndarray, decisions: np.ndarray, sure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All minimal rules of the rows that can be decided: their conditions, −2 where nothing is asked, and decisions."""
    count = codes.shape[1]
    rows = np.flatnonzero(sure)
    found = [np.empty((0, count + 1), dtype=np.int32)]
    step = max(1, _CELLS >> count)
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        sets = differing(codes[block], codes)
        line, other = np.nonzero(decisions[block, None] != decisions)
        family = np.zeros((len(block), 1 << count), dtype=bool)
        family[line, sets[line, other]] = True
        line, chosen = np.nonzero(minimal(hitting(with_supersets(family))))
        values = np.where(members(chosen, count), codes[block[line]], -2)
        found.append(np.column_stack([values, decisions[block[line]]]))
    rules = np.unique(np.vstack(found), axis=0)
    return rules[:, :-1], rules[:, -1]


def _fewest(fits: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Positions of the fewest rules that cover all rows; among equals fewest conditions, then widest support.

    `fits` has shape (rules, rows); `length` is each rule's number of conditions.
    """
    most, support = fits.shape[1], fits.sum(axis=1)
    # A rule more costs more than all conditions, and a condition more than all support.
    cost = (length * most + most - support) / (most * (length.max() + 1)) + most
    cover = scipy.optimize.LinearConstraint(fits.T.astype(float), lb=1)
    found = scipy.optimize.milp(
        cost, integrality=np.ones(len(cost), dtype=int), bounds=scipy.optimize.Bounds(0, 1), constraints=cover
    )
    return np.flatnonzero(np.asarray(found.x) > 0.5)


def _few(fits: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Positions of rules that cover all rows, each the one that covers most of what was left, the shorter first."""
    left, chosen = np.ones(fits.shape[1], dtype=bool), []
    while left.any():
        gain = (fits & left).sum(axis=1)
        chosen.append(int(np.lexsort((length, -gain))[0]))
        left &= ~fits[chosen[-1]]
    return np.array(chosen)
