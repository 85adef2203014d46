"""Makes examples.csv, the same to the last byte each time: run it from the root of the project.

PYTHONPATH=. python data/rough-sets/make_examples.py
"""

from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.rough import decision_table, decision_tree, reducts

#: The four attributes of the article's rules, in their order, and the eight that its rules leave out.
ASKED = ["unit_profit", "service_cost", "purchase_total", "credit"]
ALL = [
    "unit_profit", "lifecycle", "purchase_total", "service_cost", "loyalty", "credit", "innovation", "word_of_mouth",
    "profitability", "retention", "cross_selling", "social",
]  # fmt: skip
#: What the five rules ask for, and their verdicts: the printed rules 1 to 4, and rule 5 as corrected.
RULES = {"0": 0, "10": 1, "110": 0, "1110": 0, "1111": 1}
CUSTOMERS = 10


def draw(generator: np.random.Generator) -> pd.DataFrame:
    """Any ten customers, each with one of three profiles in the eight other attributes, and the rules' verdicts."""
    asked = generator.integers(0, 2, (CUSTOMERS, len(ASKED)))
    profiles = generator.integers(0, 2, (3, len(ALL) - len(ASKED)))
    others = profiles[generator.integers(0, len(profiles), CUSTOMERS)]
    names = [*ASKED, *(name for name in ALL if name not in ASKED)]
    table = pd.DataFrame(np.hstack([asked, others]), columns=names)[ALL]
    text = ["".join(map(str, row)) for row in asked]
    table["verdict"] = [next(RULES[start] for start in RULES if row.startswith(start)) for row in text]
    table.index = pd.Index([f"K{number:02d}" for number in range(1, CUSTOMERS + 1)], name="customer")
    return table


def fits(frame: pd.DataFrame) -> bool:
    """Whether the table is one from which the article's four attributes and five rules follow."""
    alike = frame.drop(columns="verdict").duplicated().any()
    constant = (frame.nunique() == 1).any()
    if alike or constant:
        return False
    table = decision_table(frame, "verdict")
    found = reducts(table)
    if len(found.sets) != 1 or set(found.core) != set(ASKED):
        return False
    rules = decision_tree(table, found.core)
    paths = {"".join(str(value) for value in row[ASKED].dropna()): row["verdict"] for _, row in rules.table.iterrows()}
    return rules.attributes == ASKED and paths == RULES


if __name__ == "__main__":
    seed = next(seed for seed in range(1, 1_000_000) if fits(draw(np.random.default_rng(seed))))
    print(f"seed {seed}")
    target = Path(__file__).with_name("examples.csv")
    draw(np.random.default_rng(seed)).to_csv(target, lineterminator="\n", encoding="utf-8")
