"""Makes the five data files of this folder, the same to the last byte each time: python make_data.py."""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 1  # how it was chosen stands in the data sheet, README.md

# Cities of Hebei and how the customers crowd in a few of them.
CITIES = {
    "石家庄": 14, "保定": 9, "邯郸": 6, "唐山": 5, "沧州": 4, "廊坊": 3, "邢台": 2, "衡水": 2, "张家口": 1, "承德": 1,
    "秦皇岛": 1,
}  # fmt: skip
POEMS = [
    "听雪", "鹤鸣", "松间", "云栖", "晴川", "临江", "望岳", "竹里", "采薇", "南浦", "渔舟", "归雁",
    "雨前", "石泉", "青峰", "白露", "清商", "远山", "平沙", "素月", "朝露", "芳洲", "沧浪", "兰亭",
    "枫桥", "柳塘", "梅溪", "桃源", "杏林", "荷风", "菊圃", "桂影", "春渚", "夏木", "秋水", "冬青",
    "晓风", "暮云", "星汉", "流霞", "飞泉", "鸣涧", "登瀛", "观澜", "问渠", "拾翠", "怀瑾", "握瑜",
]  # fmt: skip
KINDS = {
    "engineering firm": (36, "channel", "工程公司"),
    "school": (8, "end user", "学校"),
    "training centre": (4, "end user", "培训中心"),
}
PRODUCTS = {"75-inch blackboard": 15800, "86-inch blackboard": 21600, "98-inch blackboard": 34800}  # yuan
# Schools spend in the summer holidays and when the budget year ends.
MONTHS = np.array([2, 1, 3, 4, 5, 8, 14, 13, 7, 4, 6, 9]) / 76

# Mean of each answer at the same satisfaction, how much the overall judgement follows it, and stated importance.
ITEMS = {
    "picture": (4.2, 0.1, 4.6), "writing": (4.0, 0.3, 4.5), "durable": (3.9, 0.4, 4.7),
    "contacts_us": (2.9, 1.0, 3.5), "answers_fast": (3.3, 0.9, 4.2), "knows_our_needs": (2.8, 1.0, 3.7),
    "hard_to_reach": (3.1, 0.7, 3.8),
    "installs_on_time": (4.0, 0.3, 4.3), "repairs_fast": (3.4, 0.6, 4.5), "trains_users": (3.2, 0.3, 3.4),
    "tailors_offers": (2.9, 0.9, 3.6), "flexible_terms": (3.1, 0.4, 4.0),
}  # fmt: skip
# How much higher the staff rate themselves.
STAFF = {
    "picture": 0.2, "writing": 0.2, "durable": 0.1, "contacts_us": 1.1, "answers_fast": 0.8, "knows_our_needs": 1.0,
    "hard_to_reach": 0.8, "installs_on_time": 0.2, "repairs_fast": 0.5, "trains_users": 0.4, "tailors_offers": 0.8,
    "flexible_terms": 0.3,
}  # fmt: skip
REASONS = ["price", "habit", "near at hand", "rewards", "no other seller", ""]
CANNOT_JUDGE = 9


def make_accounts(rng: np.random.Generator) -> pd.DataFrame:
    """One row a customer. `size` and `bond` are hidden: they drive the rest and are not written."""
    kinds = [kind for kind, (count, _, _) in KINDS.items() for _ in range(count)]
    codes = [f"{letter}{number:02}" for letter, kind in zip("EST", KINDS, strict=True)
             for number in range(1, KINDS[kind][0] + 1)]  # fmt: skip
    cities = rng.permutation([city for city, count in CITIES.items() for _ in range(count)])
    names = [
        f"{city}{poem}{KINDS[kind][2]}" for city, poem, kind in zip(cities, rng.permutation(POEMS), kinds, strict=True)
    ]
    table = pd.DataFrame({"customer": codes, "name": names, "kind": kinds, "city": cities})
    table["route"] = table["kind"].map({kind: route for kind, (_, route, _) in KINDS.items()})
    size = 1.25 * rng.standard_normal(len(table)) + np.where(table["route"] == "channel", 0.35, -0.5)
    bond = rng.standard_normal(len(table))
    table["gross_margin"] = (
        24 - 2.2 * size + 4 * (table["route"] == "end user") + 2.5 * rng.standard_normal(len(table))
    ).round(1)
    table["planned_boards"] = np.exp(2.7 + 0.45 * size + 0.8 * rng.standard_normal(len(table))).round().astype(int)
    table["open_share"] = (55 - 14 * bond + 12 * rng.standard_normal(len(table))).clip(5, 95).round().astype(int)
    table["credit"] = (76 + 3 * size + 7 * rng.standard_normal(len(table))).clip(40, 98).round().astype(int)
    return table.assign(size=size, bond=bond)


def make_orders(accounts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row an order of 2018 and 2019, with two returns and two orders that the export repeats."""
    days = pd.date_range("2018-01-01", "2019-12-31")
    chance = MONTHS[days.month - 1] / days.days_in_month.to_numpy()
    rate = np.exp(1.5 + 0.35 * accounts["size"] + 0.35 * accounts["bond"])
    counts = 1 + rng.poisson(rate)
    rows = pd.DataFrame({"customer": accounts["customer"].repeat(counts), "size": accounts["size"].repeat(counts)})
    rows["date"] = rng.choice(days, len(rows), p=chance / chance.sum())
    rows["product"] = rng.choice(list(PRODUCTS), len(rows), p=[0.35, 0.5, 0.15])
    rows["boards"] = (
        np.exp(0.8 + 1.05 * rows["size"] + 0.5 * rng.standard_normal(len(rows))).round().clip(lower=1).astype(int)
    )
    discount = 1 - 0.02 * np.log2(rows["boards"])
    rows["amount"] = (rows["boards"] * rows["product"].map(PRODUCTS) * discount / 100).round() * 100
    rows = rows.drop(columns="size").sort_values(["date", "customer"], kind="stable").reset_index(drop=True)
    rows["order"] = [f"D{date:%y}{number:04}" for number, date in enumerate(rows["date"], start=1)]
    returned = rows.iloc[rng.choice(len(rows) // 2, 2, replace=False)].assign(
        boards=-1, order=["R0001", "R0002"], date=lambda frame: frame["date"] + pd.Timedelta(days=30)
    )
    returned["amount"] = -returned["product"].map(PRODUCTS).astype(float)
    repeated = rows.iloc[rng.choice(len(rows), 2, replace=False)]
    columns = ["order", "date", "customer", "product", "boards", "amount"]
    return pd.concat([rows, returned, repeated]).sort_values(["date", "order"], kind="stable")[columns]


def likert(values: np.ndarray) -> np.ndarray:
    """Whole points from one to five."""
    return np.clip(np.round(values), 1, 5)


def make_answers(accounts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row a customer that answered; hard_to_reach is worded the other way round."""
    size, bond, count = accounts["size"].to_numpy(), accounts["bond"].to_numpy(), len(accounts)
    table = {"customer": accounts["customer"].to_numpy()}
    felt = 0.55 * bond + 0.3 * rng.standard_normal(count)
    pull = np.zeros(count)
    for item, (mean, weight, _) in ITEMS.items():
        own = 0.65 * rng.standard_normal(count)
        # D company looks after its large customers; the small ones feel it.
        attention = 0.25 * size if weight >= 0.9 else 0
        table[item] = likert(mean + felt + own + attention)
        pull += weight * (own + attention)
    table["hard_to_reach"] = 6 - table["hard_to_reach"]
    table["overall"] = likert(3.5 + felt + 0.42 * pull + 0.25 * rng.standard_normal(count))
    table["expected"] = likert(3.9 + 0.6 * rng.standard_normal(count))
    for item, shift in {"trusts_us": 3.5, "would_recommend": 3.3, "prefers_us": 3.1}.items():
        table[item] = likert(shift + 0.9 * bond + 0.25 * felt + 0.5 * rng.standard_normal(count))
    for item, (_, _, stated) in ITEMS.items():
        table[f"importance_{item}"] = likert(stated + 0.6 * rng.standard_normal(count))
    table["reason"] = rng.choice(REASONS, count, p=[0.3, 0.22, 0.14, 0.1, 0.08, 0.16])
    frame = pd.DataFrame(table)
    # The long questionnaire tires: later questions stay empty more often; who never had a repair cannot judge it.
    likert_items = list(frame.columns[1:-1])
    tired = np.linspace(0.01, 0.06, len(likert_items))
    empty = rng.random((count, len(likert_items))) < tired
    frame[likert_items] = frame[likert_items].mask(empty)
    frame.loc[rng.random(count) < 0.12, "repairs_fast"] = CANNOT_JUDGE
    answered = rng.random(count) < 0.86 + 0.06 * np.tanh(bond)
    return frame[answered]


def make_staff(rng: np.random.Generator) -> pd.DataFrame:
    """One row an employee, the same statements about oneself."""
    felt = 0.3 * rng.standard_normal(24)
    table = {
        item: likert(ITEMS[item][0] + higher + felt + 0.6 * rng.standard_normal(24)) for item, higher in STAFF.items()
    }
    table["hard_to_reach"] = 6 - table["hard_to_reach"]
    frame = pd.DataFrame(table)
    frame = frame.mask(rng.random(frame.shape) < 0.03)
    frame.insert(0, "employee", [f"M{number:02}" for number in range(1, 25)])
    return frame


def make_prospects(rng: np.random.Generator) -> pd.DataFrame:
    """Hospitals and offices that have bought nothing yet."""
    kinds = ["hospital"] * 7 + ["government office"] * 5
    cities = rng.choice(list(CITIES), 12, p=np.array(list(CITIES.values())) / 48)
    return pd.DataFrame(
        {
            "prospect": [f"P{number:02}" for number in range(1, 13)],
            "kind": kinds,
            "city": cities,
            "screens_planned": np.exp(1.8 + 0.7 * rng.standard_normal(12)).round().astype(int),
            "tender_announced": rng.choice(["yes", "no"], 12, p=[0.5, 0.5]),
            "met_in_person": rng.choice(["yes", "no"], 12, p=[0.5, 0.5]),
        }
    )


def make_files(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """All five tables, by name of the file."""
    accounts = make_accounts(rng)
    return {
        "orders": make_orders(accounts, rng),
        "customer_answers": make_answers(accounts, rng),
        "staff_answers": make_staff(rng),
        "prospects": make_prospects(rng),
        "accounts": accounts.drop(columns=["size", "bond"]),
    }


if __name__ == "__main__":
    for name, frame in make_files(np.random.default_rng(SEED)).items():
        path = Path(__file__).parent / f"{name}.csv"
        frame.to_csv(path, index=False, float_format="%g", lineterminator="\n")
