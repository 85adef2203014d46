"""Makes the data files of the chapter, the same to the last byte each time: python data/lifecycle/make_data.py."""

from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.lifecycle.curve import LifecycleCurve
from crmlib.lifecycle.stages import STAGES

SEED = 2026
MONTHS = pd.period_range("2023-01", "2025-12", freq="M")
CUTOFF = MONTHS.get_loc(pd.Period("2024-12"))  # features are measured at the end of this month
CUSTOMERS = 900
NOISE = 0.15  # of a month's volume
WIDTH = np.log(9)  # from the middle of a rise to the point where nine tenths of it are done, in scales

# By channel: share of the customers, share of prospects that convert, acquisition cost (yuan), cost of serving (yuan a
# month), effect on the log of the risk of leaving.
CHANNELS = pd.DataFrame(
    {
        "Referral": [0.20, 0.26, 900, 260, -0.5],
        "Telephone": [0.24, 0.06, 2100, 330, 0.1],
        "Trade fair": [0.18, 0.11, 5200, 280, -0.1],
        "Website": [0.26, 0.09, 700, 620, 0.3],
        "Partner": [0.12, 0.15, 4300, 590, 0.0],
    },
    index=["share", "conversion", "acquisition_cost", "service_cost", "risk"],
).T
REASONS = ["Late deliveries", "Price", "Moved to a rival", "Business closed", "Ships by itself"]


def make_features(rng: np.random.Generator) -> pd.DataFrame:
    """What the firm knows of each customer. Only the first six and the channel have to do with leaving."""
    late = rng.beta(2, 18, CUSTOMERS)
    complaints = rng.poisson(0.4 + 9 * late)
    satisfaction = np.clip(np.round(rng.normal(4.1 - 0.12 * complaints, 0.7)), 1, 5).astype(int)
    return pd.DataFrame(
        {
            "channel": rng.choice(CHANNELS.index, CUSTOMERS, p=CHANNELS["share"]),
            "contract": rng.choice(["Monthly", "Yearly"], CUSTOMERS, p=[0.45, 0.55]),
            "late_deliveries": np.round(100 * late, 1),
            "complaints": complaints,
            "services": rng.integers(1, 5, CUSTOMERS),
            "visits": rng.poisson(2.0, CUSTOMERS),
            "satisfaction": satisfaction,
            "discount": np.round(rng.uniform(0, 15, CUSTOMERS), 1),
            "distance": np.round(rng.gamma(2, 15, CUSTOMERS)).astype(int),
            "industry": rng.choice(["Books", "Electronics", "Fashion", "Food"], CUSTOMERS),
            "region": rng.choice(["North", "South", "West"], CUSTOMERS),
            "direct_debit": rng.choice(["yes", "no"], CUSTOMERS),
        }
    )


def age_of_leaving(features: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Months after the first order at which the customer decides to leave."""
    risk = (
        1.2 * (features["contract"] == "Monthly")
        + 0.06 * (features["late_deliveries"] - 10)
        + 0.35 * (features["complaints"] - 1.3)
        - 0.45 * (features["services"] - 2.5)
        - 0.25 * (features["visits"] - 2)
        + features["channel"].map(CHANNELS["risk"])
    )
    return 3 + rng.exponential(1 / (0.02 * np.exp(risk)))


def make_relationships(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Relationships with start and end, features, and the volume of each customer in each month."""
    features = make_features(rng)
    leaving = age_of_leaving(features, rng)
    start = np.sort(rng.integers(0, len(MONTHS) - 1, CUSTOMERS))
    volumes = np.zeros((CUSTOMERS, len(MONTHS)))
    ends = np.full(CUSTOMERS, len(MONTHS))
    for row, (first, decision) in enumerate(zip(start, leaving, strict=True)):
        scale, fall_scale = rng.uniform(0.8, 1.6), rng.uniform(0.6, 0.8)
        rise = rng.uniform(3, 7) + WIDTH * scale
        grown = rise + WIDTH * scale
        # Who decides to leave before the rise is done simply stops; later the volume falls first.
        declines = decision > grown + 1
        fall = decision + WIDTH * fall_scale if declines else 400.0
        length = decision + 2 * WIDTH * fall_scale if declines else decision + 1
        curve = LifecycleCurve(rng.lognormal(9.6, 0.6), rng.uniform(0.1, 0.25), rise, scale, fall, fall_scale, 1, {}, 0)
        ends[row] = first + int(np.ceil(length))
        ages = np.arange(len(MONTHS) - first)
        shocks = np.exp(NOISE * rng.standard_normal(len(ages)) - NOISE**2 / 2)
        volumes[row, first:] = curve.volume(ages) * shocks
        if rng.random() < 0.1:  # a long pause: refurbishing, a lost licence
            pause = first + int(rng.uniform(4, 30))
            volumes[row, pause : pause + 4] = 0
        volumes[row, ends[row] :] = 0
    volumes = np.round(volumes)
    names = [f"C{number:03d}" for number in range(1, CUSTOMERS + 1)]
    lost = ends < len(MONTHS)
    relationships = pd.DataFrame(
        {
            "customer": names,
            "channel": features["channel"],
            "start": MONTHS[start].astype(str),
            "end": [str(MONTHS[end]) if end < len(MONTHS) else "" for end in ends],
            "reason": np.where(lost, make_reasons(features, rng), "still here"),
            "acquisition_cost": spread(features["channel"].map(CHANNELS["acquisition_cost"]), rng),
            "service_cost": spread(features["channel"].map(CHANNELS["service_cost"]), rng),
        }
    )
    here = (start <= CUTOFF - 6) & (ends > CUTOFF)
    measured = features.drop(columns="channel")[here]
    measured.insert(0, "customer", np.array(names)[here])
    return relationships, measured, volumes


def make_reasons(features: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Reason of each customer, if it leaves; one in twelve gives none."""
    late = np.clip(0.1 + 0.02 * features["late_deliveries"] + 0.05 * features["complaints"], 0, 0.8).to_numpy()
    other = rng.choice(REASONS[1:], CUSTOMERS, p=[0.4, 0.3, 0.2, 0.1])
    reasons = np.where(rng.random(CUSTOMERS) < late, REASONS[0], other)
    return np.where(rng.random(CUSTOMERS) < 1 / 12, "not stated", reasons)


def spread(mean: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Costs around a mean, in whole yuan."""
    return np.round(mean * rng.lognormal(-0.045, 0.3, len(mean))).astype(int)


def make_invoices(volumes: np.ndarray) -> pd.DataFrame:
    """One invoice for each customer and month with orders, dated on the last day."""
    rows, months = np.nonzero(volumes)
    dates = MONTHS.to_timestamp(how="end").strftime("%Y-%m-%d")
    return pd.DataFrame(
        {
            "customer": [f"C{row + 1:03d}" for row in rows],
            "date": dates[months],
            "amount": volumes[rows, months].astype(int),
        }
    )


def make_channels(relationships: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """How many prospects each channel reached and how many got an offer, to match the customers it brought."""
    customers = relationships.groupby("channel").size().reindex(CHANNELS.index)
    prospects = customers + rng.negative_binomial(customers, CHANNELS["conversion"])
    offered = customers + rng.binomial(prospects - customers, 0.25)
    return pd.DataFrame({"prospects": prospects, "offered": offered, "customers": customers}).rename_axis("channel")


def make_curves(rng: np.random.Generator, count: int = 600) -> pd.DataFrame:
    """Curves with an age each, such that every stage is equally frequent: what the rules of the stages should find."""
    scale = rng.uniform(1, 2, count)
    fall_scale = rng.uniform(0.6, 1, count) * scale
    rise = rng.uniform(4, 9, count) + WIDTH * scale
    fall = rise + WIDTH * (scale + fall_scale) + rng.uniform(8, 16, count)
    limits = np.column_stack(
        [
            np.zeros(count),
            rise - WIDTH * scale,
            rise + WIDTH * scale,
            fall - WIDTH * fall_scale,
            fall + 2.5 * fall_scale,
        ]
    )
    stage = rng.integers(len(STAGES), size=count)
    each = np.arange(count)
    age = rng.uniform(limits[each, stage], limits[each, stage + 1])
    curves = pd.DataFrame(
        {
            "ceiling": rng.lognormal(9.6, 0.6, count),
            "trial": rng.uniform(0.1, 0.25, count),
            "rise": rise,
            "rise_scale": scale,
            "fall": fall,
            "fall_scale": fall_scale,
            "age": age,
        }
    )
    return curves.round(4)


def make_example_curve() -> pd.DataFrame:
    """The parameters of the curve in the first figure. Not drawn: round figures that make a clear picture."""
    curve = {
        "ceiling": 100, "trial": 0.15, "rise": 9, "rise_scale": 1.8, "fall": 32, "fall_scale": 1, "margin": 1.5,
        "upkeep": 40,
    }  # fmt: skip
    return pd.DataFrame({"name": list(curve), "value": list(curve.values())})


def make_example_gains() -> pd.DataFrame:
    """What a parcel of that curve earns more in the end (yuan), and the lag (months), by reason. Not drawn either."""
    return pd.DataFrame({"gain": ["prices", "costs", "referrals"], "amount": [1.0, 1.5, 2.5], "lag": [12, 10, 36]})


def make_files() -> dict[str, pd.DataFrame]:
    """All files, by their name without the ending."""
    rng = np.random.default_rng(SEED)
    relationships, features, volumes = make_relationships(rng)
    return {
        "relationships": relationships,
        "features": features,
        "invoices": make_invoices(volumes),
        "channels": make_channels(relationships, rng).reset_index(),
        "curves": make_curves(rng),
        "example_curve": make_example_curve(),
        "example_gains": make_example_gains(),
    }


if __name__ == "__main__":
    for name, frame in make_files().items():
        frame.to_csv(Path(__file__).with_name(f"{name}.csv"), index=False, lineterminator="\n")
