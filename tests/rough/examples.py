"""Tables of the literature, and any small table, with brute force to hold them against."""

from itertools import combinations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from crmlib.rough import decision_table

NAMES, PATIENTS = ["headache", "muscle_pain", "temperature", "flu"], ["p1", "p2", "p3", "p4", "p5", "p6"]
FLU = pd.DataFrame(
    [
        ("yes", "yes", "normal", "no"),
        ("yes", "yes", "high", "yes"),
        ("yes", "yes", "very high", "yes"),
        ("no", "yes", "normal", "no"),
        ("no", "no", "high", "no"),
        ("no", "yes", "very high", "yes"),
    ],
    columns=NAMES,
    index=PATIENTS,
)
#: Patients 2 and 5 have the same symptoms and differ in flu.
INCONSISTENT_FLU = pd.DataFrame(
    [
        ("no", "yes", "high", "yes"),
        ("yes", "no", "high", "yes"),
        ("yes", "yes", "very high", "yes"),
        ("no", "yes", "normal", "no"),
        ("yes", "no", "high", "no"),
        ("no", "yes", "very high", "yes"),
    ],
    columns=NAMES,
    index=PATIENTS,
)
PAWLAK = pd.DataFrame(
    [list(row) for row in ("10011", "10001", "00000", "11010", "11022", "21022", "22222")],
    columns=list("abcde"),
    index=range(1, 8),
).astype(int)


@st.composite
def tables(draw, missing=("refuse", "value", "any"), attributes=4, rows=7):
    count, length = draw(st.integers(1, attributes)), draw(st.integers(1, rows))
    kind = draw(st.sampled_from(missing))
    value = st.integers(0, 2) if kind == "refuse" else st.sampled_from([0, 1, 2, None])
    cells = draw(st.lists(st.lists(value, min_size=count, max_size=count), min_size=length, max_size=length))
    frame = pd.DataFrame(cells, columns=[f"a{number}" for number in range(count)], dtype=object)
    frame["d"] = draw(st.lists(st.integers(0, 2), min_size=length, max_size=length))
    return decision_table(frame, "d", kind)


def same(table, one, other, attributes):
    """Whether two rows are alike, cell by cell."""
    pairs = [(table.table[name].iloc[one], table.table[name].iloc[other]) for name in attributes]
    if table.missing == "any":
        return all(a is None or b is None or a == b for a, b in pairs)
    return all(a == b for a, b in pairs)


def decided(table, attributes):
    """The positive region, row by row."""
    decisions, rows = list(table.table[table.decision]), range(len(table.table))
    return np.array([all(decisions[j] == decisions[i] for j in rows if same(table, i, j, attributes)) for i in rows])


def subsets(names):
    return [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]
