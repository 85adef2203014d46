"""The lines of README.md run, and give what is said there."""

import re
from pathlib import Path

import pandas as pd

from tests.conftest import ROOT

LINES = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)[1]


def test_six_lines_lead_from_orders_to_customers_with_value_class_and_quadrant():
    assert len([line for line in LINES.splitlines() if line and not line.startswith("import")]) == 6
    orders = pd.read_csv(ROOT / "data" / "cdnow" / "orders.csv", parse_dates=["date"])
    names = {"pd": pd, "orders": orders[orders["amount"] > 0]}
    exec(compile(LINES, Path("README.md"), "exec"), names)  # noqa: S102 (our own README)
    customers = names["customers"]
    assert list(customers) == ["current", "potential", "abc", "quadrant"]
    assert not customers.isna().any().any()
    assert set(customers["abc"]) == set("ABC")
    assert customers["quadrant"].nunique() == 4
    best = customers["potential"].idxmax()
    assert customers.loc[best, "quadrant"] == names["places"].at(("high", "high"))["quadrant"].iloc[0]
