"""From 100 million transactions in Parquet files to a fitted BG/NBD model, with DuckDB held to 2 GB of memory.

Writes data/speed/hundred_million.csv. The files (about 1 GB) are made first, in a temporary folder; making them is not
timed. Run it by ``python tests/bench/hundred_million.py`` in the environment of the benchmark; it takes a few minutes.
"""

import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from crmlib.clv.purchases.bg_nbd import BgNbd, fit_bg_nbd
from crmlib.transactions import summary_cells, transaction_log
from tests.bench.timing import ROOT, reset_peak, resident

ROWS = 100_000_000
CUSTOMERS_A_FILE = 500_000
TRUE = BgNbd(r=0.8, alpha=30.0, a=0.5, b=6.0, unit="day")
FIRST, DAYS = np.datetime64("2018-01-01"), 730


def histories(customers: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Customer and day of every purchase of some customers who follow the model and start on any day of a year."""
    starts = rng.integers(0, 365, customers)
    rates, leaving = rng.gamma(TRUE.r, 1 / TRUE.alpha, customers), rng.beta(TRUE.a, TRUE.b, customers)
    possible = rng.poisson(rates * (DAYS - 1 - starts))
    made = np.minimum(possible, np.ceil(rng.standard_exponential(customers) / -np.log1p(-leaving))).astype(int)
    # The k-th of n random times of an interval is the sum of k of n + 1 exponential gaps over the sum of all.
    gaps = np.cumsum(rng.standard_exponential((possible + 1).sum()))
    ends = np.cumsum(possible + 1)
    before = np.concatenate([[0], gaps[ends[:-1] - 1]])
    owners = np.repeat(np.arange(customers), possible + 1)
    place = np.arange(len(gaps)) - (ends - possible - 1)[owners]
    share = (gaps - before[owners]) / (gaps[ends - 1] - before)[owners]
    kept = place < made[owners]
    days = starts[owners[kept]] + np.ceil(share[kept] * (DAYS - 1 - starts[owners[kept]])).astype(int)
    return np.concatenate([np.arange(customers), owners[kept]]), np.concatenate([starts, days])


def write(folder: Path) -> None:
    """Write files until there are enough rows; within a file, rows are in order of time."""
    rows = files = 0
    with tqdm(total=ROWS, desc="Making the files", unit="row", unit_scale=True) as progress:
        while rows < ROWS:
            rng = np.random.default_rng([5, files])
            owners, days = histories(CUSTOMERS_A_FILE, rng)
            order = np.argsort(days, kind="stable")[: ROWS - rows]
            columns = {
                "customer": owners[order] + files * CUSTOMERS_A_FILE,
                "date": (FIRST + days[order]).astype("datetime64[D]"),
                "amount": np.round(rng.gamma(2, 20, len(order)) + 0.01, 2),
            }
            pq.write_table(pa.table(columns), folder / f"{files:03}.parquet", compression="zstd")
            rows, files = rows + len(order), files + 1
            progress.update(len(order))


def run(folder: Path) -> dict[str, object]:
    """Check, sum up, count and fit; what it took."""
    engine = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder / "spilled")})
    engine.execute("SET preserve_insertion_order = false")
    reset_peak()
    before = resident("VmRSS")
    marks = [time.perf_counter()]
    log = transaction_log(engine.read_parquet(str(folder / "*.parquet")), end=str(FIRST + DAYS - 1))
    marks.append(time.perf_counter())
    counted = summary_cells(log, unit="day")
    marks.append(time.perf_counter())
    fit = fit_bg_nbd(counted)
    marks.append(time.perf_counter())
    checked, summed, fitted = np.diff(marks)
    return {
        "rows": log.rows,
        "customers": fit.customers,
        "cells": fit.cells,
        "gigabytes of Parquet": sum(file.stat().st_size for file in folder.glob("*.parquet")) / 1e9,
        "seconds to check": checked,
        "seconds to summarise": summed,
        "seconds to fit": fitted,
        "seconds in all": marks[-1] - marks[0],
        "peak megabytes": resident("VmHWM") - before,
        "the fit converged": "yes" if fit.converged else "no",
        "DuckDB": duckdb.__version__,
        **{f"{name}, found": value for name, value in fit.parameters.items()},
    }


def main() -> None:
    """Make the files, run, show and write what it took."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        found = pd.Series(run(Path(folder)), name="value").rename_axis("property")
    found = found.map(lambda value: float(f"{value:.4g}") if isinstance(value, float) else value)
    print(found.to_markdown(tablefmt="simple"))
    path = ROOT / "data" / "speed" / "hundred_million.csv"
    found.to_csv(path)
    print(f"Written: {path}. Next: crmlib pin speed")


if __name__ == "__main__":
    main()
