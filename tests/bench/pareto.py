"""Speed and memory of ABC classes of ten million customers beside sorting, table engines and the ABC packages.

Run it by `make bench`. Writes data/speed/abc.csv, one row a contender. Times are taken in turns, in one run on one
core; the memory of each contender is measured in a process of its own.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", POLARS_MAX_THREADS="1")  # before numpy is imported

import statistics
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

import crmlib
from crmlib import pareto

ROOT = Path(__file__).resolve().parents[2]
CUSTOMERS = 10_000_000
ROUNDS = 5  # every contender is timed once a round, so that a busy moment meets them all
SHARES = {"A": 0.8, "B": 0.15, "C": 0.05}
CUTS = np.array([0.8, 0.95])


def revenue() -> np.ndarray:
    """Log-normal revenue, as heavy-tailed as that of many firms."""
    return np.random.default_rng(0).lognormal(5, 1.5, CUSTOMERS)


def by_crmlib(values: pd.Series) -> np.ndarray:
    """Classes as codes 0, 1, 2, here and below."""
    return pareto.abc_classes(values, SHARES).classes.cat.codes.to_numpy()


def by_limits(values: pd.Series) -> None:
    """The two limits only, of the table in ten parts."""
    pareto.class_limits(np.array_split(values.to_numpy(), 10), SHARES)


def by_sort(values: pd.Series) -> None:
    """Sorting, and nothing else."""
    np.sort(values.to_numpy())


def by_argsort(values: pd.Series) -> np.ndarray:
    """The textbook way: order, cumulate, cut, and back to the customers' order."""
    numbers = values.to_numpy()
    order = np.argsort(-numbers)
    reached = np.cumsum(numbers[order])
    begin = (reached - numbers[order]) / reached[-1]
    codes = np.empty(len(numbers), dtype=np.int8)
    codes[order] = np.searchsorted(CUTS, begin, side="right")
    return codes


def by_polars(values: pd.Series) -> np.ndarray:
    """The same in polars, with the customers' numbers beside."""
    import polars as pl  # noqa: PLC0415 (only this process needs it)

    value = pl.col("value")
    frame = pl.DataFrame({"value": values.to_numpy()}).with_row_index().sort("value", descending=True)
    begin = (value.cum_sum() - value) / value.sum()
    frame = frame.with_columns(code=(begin >= CUTS[0]).cast(pl.Int8) + (begin >= CUTS[1]).cast(pl.Int8))
    return frame.sort("index")["code"].to_numpy()


def by_pandas(values: pd.Series) -> np.ndarray:
    """The same in pandas."""
    falling = values.sort_values(ascending=False)
    begin = (falling.cumsum() - falling) / falling.sum()
    codes = (begin >= CUTS[0]).astype("int8") + (begin >= CUTS[1]).astype("int8")
    return codes.sort_index().to_numpy()


def by_inventorize(values: pd.Series) -> np.ndarray:
    """Its function ABC; it asks where a customer's share ends, not where it begins."""
    from inventorize import ABC  # noqa: PLC0415

    result = ABC(pd.DataFrame({"item": values.index, "value": values}))
    return result["Category"].map({"A": 0, "B": 1, "C": 2}).sort_index().to_numpy()


def by_abc_analysis(values: pd.Series) -> np.ndarray:
    """Its only method: limits computed from the data."""
    from abc_analysis import abc_analysis  # noqa: PLC0415

    result = abc_analysis(values)
    codes = np.full(len(values), 2, dtype=np.int8)
    codes[result["Aind"]], codes[result["Bind"]] = 0, 1
    return codes


def by_computed(values: pd.Series) -> np.ndarray:
    """The same limits by crmlib."""
    return pareto.computed_abc(values).classes.cat.codes.to_numpy()


MEASUREMENTS: dict[str, dict[str, tuple[Callable[[pd.Series], np.ndarray | None], str]]] = {
    "ABC classes of 10 million": {
        "crmlib": (by_crmlib, ""),
        "crmlib, limits from ten parts": (by_limits, ""),
        "NumPy, sorting alone": (by_sort, "numpy"),
        "NumPy argsort": (by_argsort, "numpy"),
        "polars": (by_polars, "polars"),
        "pandas": (by_pandas, "pandas"),
        "inventorize": (by_inventorize, "inventorize"),
    },
    "Limits from the data, 10 million": {
        "crmlib": (by_computed, ""),
        "abc-analysis": (by_abc_analysis, "abc-analysis"),
    },
}


def seconds(call: Callable[[pd.Series], object], values: pd.Series) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    call(values)
    return time.perf_counter() - start


def megabytes(measurement: str, name: str) -> float:
    """Memory that a call needs on top of the values, at its peak; for a process of its own (Linux)."""
    warnings.simplefilter("ignore")
    call, values = MEASUREMENTS[measurement][name][0], pd.Series(revenue())
    call(values[:1000])  # imports are not part of the work
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before = _status("VmRSS")
    call(values)
    return (_status("VmHWM") - before) / 1024


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def differing(found: np.ndarray | None, ours: np.ndarray) -> str:
    """In how many customers classes differ from ours, in words."""
    return "" if found is None else f"{np.count_nonzero(found != ours):,} customers in another class than crmlib's"


def measure(measurement: str) -> list[tuple[object, ...]]:
    """One row a contender."""
    contenders = MEASUREMENTS[measurement]
    values = pd.Series(revenue())
    ours = next(iter(contenders.values()))[0](values)
    notes = {name: differing(call(values), ours) for name, (call, _) in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, (call, _) in contenders.items():
            times[name].append(seconds(call, values))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    rows = []
    for name, (_, package) in contenders.items():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            memory = process.submit(megabytes, measurement, name).result()
        own = name.startswith("crmlib")
        made_by = crmlib.__version__ if own else version(package)
        ratio = medians[name] / medians["crmlib"]
        rows.append((measurement, name, made_by, medians[name], ratio, memory, "" if own else notes[name]))
    return rows


def main() -> None:
    """Measure everything, show it and write it to data/speed."""
    warnings.simplefilter("ignore")  # of the peers
    columns = ["measurement", "contender", "version", "median_seconds", "ratio_to_crmlib", "peak_megabytes", "note"]
    table = pd.DataFrame([row for name in MEASUREMENTS for row in measure(name)], columns=columns)
    table[columns[3:6]] = table[columns[3:6]].map(lambda value: float(f"{value:.4g}"))
    print(table.to_markdown(index=False, tablefmt="simple"))
    path = ROOT / "data" / "speed" / "abc.csv"
    table.to_csv(path, index=False)
    print(f"Written: {path}")


if __name__ == "__main__":
    main()
