"""Draw the purchase histories and the survey of this folder; README.md beside it says why."""

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent
BRANDS = np.array(["A", "B", "C"])
SEED = 2026
SHARES = {"Homes": [0.60, 0.30, 0.10], "Offices": [0.35, 0.55, 0.10], "Schools": [0.25, 0.25, 0.50]}
SWITCHING = {
    "Homes": [[0.80, 0.12, 0.08], [0.20, 0.70, 0.10], [0.25, 0.25, 0.50]],
    "Offices": [[0.90, 0.08, 0.02], [0.08, 0.88, 0.04], [0.15, 0.25, 0.60]],
    "Schools": [[0.65, 0.20, 0.15], [0.15, 0.60, 0.25], [0.10, 0.15, 0.75]],
}
PANEL = {"Homes": (90, 2, 9), "Offices": (40, 4, 13)}  # customers, and how many purchases: from, and below
ANSWERS = 60


def purchases(generator: np.random.Generator) -> pd.DataFrame:
    """Each customer starts with a brand by the shares, and switches from purchase to purchase."""
    rows = []
    for segment, (customers, fewest, most) in PANEL.items():
        for number in range(1, customers + 1):
            brand = generator.choice(3, p=SHARES[segment])
            for purchase in range(1, generator.integers(fewest, most) + 1):
                rows.append((segment, f"{segment[0]}{number:03d}", purchase, BRANDS[brand]))
                brand = generator.choice(3, p=SWITCHING[segment][brand])
    return pd.DataFrame(rows, columns=["segment", "customer", "purchase", "brand"])


def survey(generator: np.random.Generator) -> pd.DataFrame:
    """Schools say how they will split the next tender: shares around those of the matrix, in steps of a twentieth."""
    rows = []
    for _ in range(ANSWERS):
        last = generator.choice(3, p=SHARES["Schools"])
        shares = generator.dirichlet(4 * np.array(SWITCHING["Schools"][last]))
        twentieths = np.floor(20 * shares)
        twentieths[np.argmax(20 * shares - twentieths)] += 20 - twentieths.sum()
        pupils = 100 * generator.integers(2, 16)
        rows.append(("Schools", BRANDS[last], *(twentieths / 20), pupils))
    return pd.DataFrame(rows, columns=["segment", "last", *BRANDS, "weight"])


if __name__ == "__main__":
    source = np.random.default_rng(SEED)
    purchases(source).to_csv(FOLDER / "purchases.csv", index=False, lineterminator="\n")
    survey(source).to_csv(FOLDER / "survey.csv", index=False, lineterminator="\n")
