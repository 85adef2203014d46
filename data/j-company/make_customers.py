"""Makes customers.csv from customers_about.csv, the same to the last byte each time: python make_customers.py."""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 3  # how it was chosen stands in the data sheet, README.md
YEAR = 2025  # of the data

# Sizes multiply, so budgets are log-normal: a few large ones and a long tail.
BUDGET = {"large": 3000, "medium": 900, "small": 220}  # median, 10,000 yuan a year
GROWTH = {"growing": 16, "steady": 5, "shrinking": -6}  # mean, % a year
MARGIN = {"hospital": 32, "distributor": 22, "clinic": 33, "laboratory": 36}  # mean, % of purchases
DAYS_TO_PAY = {"hospital": 95, "distributor": 50, "clinic": 35, "laboratory": 60}  # mean
SERVICE = {"hospital": 6, "distributor": 3, "clinic": 5, "laboratory": 5.5}  # hours for 100,000 yuan, medium size


def make_customers(about: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row a customer, indicators in the units of case.yml."""
    noise = iter(np.random.default_rng(seed).standard_normal((16, len(about))))
    years = YEAR - about["since"]
    scale = np.log(about["size"].map(BUDGET) / BUDGET["medium"])
    # Bonds grow with the years and with success; what else makes a customer loyal is chance.
    bond = (years - years.mean()) / years.std() * 0.6 + (about["phase"] != "shrinking") * 0.8 - 0.6 + 0.7 * next(noise)
    budget = about["size"].map(BUDGET) * np.exp(0.4 * next(noise))
    wallet = (40 + 14 * bond + 8 * next(noise)).clip(6, 90)
    purchases = budget * wallet / 100
    growth = about["phase"].map(GROWTH)
    days_to_pay = (about["kind"].map(DAYS_TO_PAY) + 4 * scale + 10 * next(noise)).clip(lower=10)
    return pd.DataFrame(
        {
            "annual_purchases": purchases.round(),
            "gross_margin": (about["kind"].map(MARGIN) - 1.5 * scale + 3 * next(noise)).round(1),
            "product_groups": (5 + 1.6 * np.log(purchases / 300) + 0.8 * next(noise)).round().clip(1, 12),
            "days_to_pay": days_to_pay.round(),
            # Large customers need less service for each yuan.
            "service_hours": (about["kind"].map(SERVICE) * np.exp(-0.25 * scale + 0.4 * next(noise))).round(1),
            "delivery_cost": (
                np.where(about["region"] == "far", 3, 1.8) * np.exp(-0.2 * scale + 0.35 * next(noise))
            ).round(1),
            "complaints": (3.5 - 0.8 * bond + 1.4 * next(noise)).clip(lower=0).round(1),
            "budget": budget.round(),
            "standing": (5.5 + 1.3 * scale + 1.3 * next(noise)).round().clip(1, 10),
            "credit": (78 - (days_to_pay - 60) / 5 + 3 * scale + 6 * next(noise)).round().clip(0, 100),
            "purchase_growth": (growth + 6 * next(noise)).round(1),
            "budget_growth": (0.5 * growth + 2 + 4 * next(noise)).round(1),
            "open_share": (100 - wallet).round(),
            "relationship_years": years,
            "repurchase_rate": (74 + 8 * bond + 6 * next(noise)).round().clip(20, 99),
            "contract_share": (38 + 18 * bond + 10 * next(noise)).round().clip(0, 95),
        }
    ).set_index(about["customer"])


if __name__ == "__main__":
    folder = Path(__file__).parent
    about = pd.read_csv(folder / "customers_about.csv")
    make_customers(about, SEED).to_csv(folder / "customers.csv", float_format="%g", lineterminator="\n")
