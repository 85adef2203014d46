"""Make the tables of this case: a base of customers over two years. Run it here: python make_revenue.py."""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 1
BEFORE = 1000  # active customers of the first year
CAME = 152
LEFT = 142
QUARTERS = ["q1", "q2", "q3", "q4"]
HERE = Path(__file__).parent


def expected_revenue(rng: np.random.Generator, count: int, middle: float) -> np.ndarray:
    """What a customer brings in a year on average, yuan: log-normal, a twelfth of them with a Pareto tail on top."""
    revenue = middle * np.exp(rng.normal(0, 0.9, count))
    large = rng.random(count) < 1 / 12
    revenue[large] *= 3 * (rng.pareto(1.6, large.sum()) + 1)
    return revenue


def spent(rng: np.random.Generator, expected: np.ndarray) -> np.ndarray:
    """Revenue by quarter: a Poisson number of orders, four a year on average, of about the same size each.

    One order in forty is sent back after the year's books were closed, so the next year bears it.
    """
    orders = rng.poisson(1, (len(expected), 4))
    size = expected / 4
    return orders * size[:, None] * rng.gamma(6, 1 / 6, (len(expected), 4))


def main() -> None:
    """Write revenue.csv, quarters.csv, expected.csv and others.csv."""
    rng = np.random.default_rng(SEED)
    total = BEFORE + CAME
    before = expected_revenue(rng, total, 4000)
    before[BEFORE:] = 0
    # One customer in five really changes, up or down alike; nobody else does.
    changes = rng.random(total) < 0.2
    now = before * np.where(changes, np.exp(rng.normal(0, 0.7, total)), 1)
    now[BEFORE:] = expected_revenue(rng, CAME, 2500)
    # Small customers leave more easily.
    rank = before[:BEFORE].argsort().argsort() / BEFORE
    leaving = rng.choice(BEFORE, LEFT, replace=False, p=(1.3 - rank) / (1.3 - rank).sum())
    now[leaving] = 0
    first, quarters = spent(rng, before).sum(axis=1), spent(rng, now)
    returned = np.where(rng.random(total) < 1 / 40, rng.uniform(0.2, 1, total) * first, 0)
    quarters[:, 0] -= returned * (now > 0)
    # Who is there has bought at least once; a Poisson number of orders could be none.
    first = np.where((before > 0) & (first == 0), before / 4, first)
    quarters[:, 3] += np.where((now > 0) & (quarters == 0).all(axis=1), now / 4, 0)
    # Names carry no order: neither size nor date of joining.
    names = pd.Index([f"K{number:04d}" for number in rng.permutation(total) + 1], name="customer")
    tables = {
        "revenue": pd.DataFrame({"revenue_before": first, "revenue_now": quarters.round(0).sum(axis=1)}, index=names),
        "quarters": pd.DataFrame(quarters, index=names, columns=QUARTERS)[now > 0],
        "expected": pd.DataFrame({"expected_before": before, "expected_now": now}, index=names),
    }
    for name, table in tables.items():
        table.round(0).astype(int).sort_index().to_csv(HERE / f"{name}.csv", lineterminator="\n")
    others = pd.DataFrame(
        [[1, 1, 1]] * 231 + [[0, 1, 1]] * 388 + [[0, 0, 1]] * 640 + [[0, 0, 0]] * 905,
        columns=["bought_before", "in_contact", "could_use_it"],
        index=pd.Index([f"P{number:04d}" for number in range(1, 2165)], name="customer"),
    )
    others.to_csv(HERE / "others.csv", lineterminator="\n")


if __name__ == "__main__":
    main()
