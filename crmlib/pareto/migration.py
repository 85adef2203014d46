"""Who rose, fell, left and came between two periods, and what the three aims of the pyramid make of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Level, checked
from crmlib.errors import InputError, Problem
from crmlib.pareto.classes import Classes

__all__ = ["LEFT", "NEW", "PyramidMigration", "pyramid_migration"]

#: Where those come from who were not there before, and where those go who are not there now.
NEW, LEFT = "came", "left"


@dataclass(frozen=True)
class PyramidMigration:
    """Moves between the tiers of two periods.

    `table`: by customer the tier ``before`` and ``now`` (or came, left), the ``move`` (rose, fell, stayed, came, left),
    ``value_before`` and ``value_now`` (0 for who is not there); `counts`: customers by tier before (rows) and now
    (columns); `tiers`: their names, top first.
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    tiers: tuple[str, ...]

    @property
    def probabilities(self) -> pd.DataFrame:
        """Share of each row that went to each column; rows sum to 1, a row without customers is NaN."""
        return self.counts.div(self.counts.sum(axis=1).replace(0, np.nan), axis=0)

    @property
    def moves(self) -> pd.Series:
        """Customers by kind of move."""
        kinds = ["rose", "stayed", "fell", LEFT, NEW]
        return self.table["move"].value_counts().reindex(kinds, fill_value=0).rename("customers")

    @property
    def cancelling_share(self) -> float:
        """Share of the moves between tiers that a move the other way makes up for; NaN without moves.

        If only chance moved customers, with the same law in both periods, a move from one tier to another would be as
        likely as its reverse, and all but a few moves would cancel. So this share is what chance alone could explain;
        the counts cannot prove that it did. Tiers by head count have fixed places, which makes moves cancel, too.
        """
        inner = self.counts.loc[list(self.tiers), list(self.tiers)].to_numpy()
        moves = inner.sum() - np.trace(inner)
        paired = np.minimum(inner, inner.T).sum() - np.trace(inner)
        return float(paired / moves) if moves else float("nan")

    @checked("The aims")
    def aims(self, confidence: Level = 0.95) -> pd.DataFrame:
        """Measure the three aims, each as a share with Wilson's interval [wilson1927]_.

        ``add``: of the customers now, who came; ``move up``: of those here in both periods and not at the top before,
        who rose; ``keep in``: of those before, who are still here.
        """
        move, top = self.table["move"], self.tiers[0]
        here_twice = ~move.isin([NEW, LEFT])
        could_rise = here_twice & (self.table["before"] != top)
        counts = {
            "add": ((move == NEW).sum(), (move != LEFT).sum()),
            "move up": ((move == "rose").sum(), could_rise.sum()),
            "keep in": (here_twice.sum(), (move != NEW).sum()),
        }
        rows = {}
        for aim, (reached, of) in counts.items():
            bounds = (np.nan, np.nan)
            if of:
                interval = scipy.stats.binomtest(int(reached), int(of)).proportion_ci(confidence, method="wilson")
                bounds = (float(interval.low), float(interval.high))
            share = reached / of if of else np.nan
            rows[aim] = {"customers": int(reached), "of": int(of), "share": share, "low": bounds[0], "high": bounds[1]}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("aim")

    def upgrade_value(self) -> pd.DataFrame:
        """What stands between each tier and the next: the mean value of both now, and their difference.

        The difference is an association. Customers of the higher tier are others, not the same ones raised, so raising
        somebody need not bring it; ``risers_gain`` is what those who rose that step in fact brought more (NaN if nobody
        did), and even that holds the luck that made them rise.
        """
        means = self.table[self.table["now"].isin(self.tiers)].groupby("now", observed=True)["value_now"].mean()
        rows = {}
        for higher, lower in zip(self.tiers[:-1], self.tiers[1:], strict=True):
            risers = self.table[(self.table["before"] == lower) & (self.table["now"] == higher)]
            rows[f"{lower} → {higher}"] = {
                "mean_lower": means.get(lower, np.nan),
                "mean_higher": means.get(higher, np.nan),
                "difference": means.get(higher, np.nan) - means.get(lower, np.nan),
                "risers": len(risers),
                "risers_gain": (risers["value_now"] - risers["value_before"]).mean(),
            }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("step")

    def to_frame(self) -> pd.DataFrame:
        """Customers by tier before and now."""
        return self.counts

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "customers": self.table.to_dict(orient="index"),
            "counts": self.counts.to_dict(orient="index"),
            "tiers": list(self.tiers),
        }


@checked("The migration")
def pyramid_migration(before: Classes, now: Classes) -> PyramidMigration:
    """Follow every customer from the tier of one period to the tier of the next.

    Parameters
    ----------
    before, now
        Tiers of the active customers of each period, by the same shares; a customer in one only has come or left.

    Raises
    ------
    InputError
        If the two were made by different classes.

    Examples
    --------
    >>> from crmlib.pareto.classes import abc_classes
    >>> halves = {"top": 0.5, "low": 0.5}
    >>> before = abc_classes(pd.Series({"p": 9.0, "q": 5.0}), halves, by="customers")
    >>> now = abc_classes(pd.Series({"q": 7.0, "r": 6.0}), halves, by="customers")
    >>> pyramid_migration(before, now).table["move"].to_dict()
    {'p': 'left', 'q': 'rose', 'r': 'came'}
    """
    if list(before.shares) != list(now.shares):
        found = f"found {', '.join(before.shares)} before and {', '.join(now.shares)} now"
        raise InputError("The migration", [Problem("tiers", found, "Use the same tiers in both periods")])
    tiers = tuple(before.shares)
    people = before.classes.index.union(now.classes.index)
    table = pd.DataFrame(index=people)
    for name, classes, absent in (("before", before, NEW), ("now", now, LEFT)):
        table[name] = classes.classes.astype(object).reindex(people).fillna(absent)
    for name, classes in (("before", before), ("now", now)):
        table[f"value_{name}"] = classes.values.astype(float).reindex(people).fillna(0.0)
    rank = {tier: place for place, tier in enumerate(tiers)}
    climbed = table["before"].map(rank) - table["now"].map(rank)  # NaN for who came or left
    table.insert(
        2,
        "move",
        np.select(
            [table["before"] == NEW, table["now"] == LEFT, climbed > 0, climbed < 0],
            [NEW, LEFT, "rose", "fell"],
            "stayed",
        ),
    )
    counts = pd.crosstab(table["before"], table["now"])
    counts = counts.reindex(index=[*tiers, NEW], columns=[*tiers, LEFT], fill_value=0)
    return PyramidMigration(table=table, counts=counts, tiers=tiers)
