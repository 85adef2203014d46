"""What the benchmarks share: contenders, taken in turns, their median times and peaks of memory, and the machine."""

import ctypes.util
import gc
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
SHORTEST = 0.02  # seconds; shorter calls are repeated within a round until they take so long
LONG = 3.0  # seconds; a longer call is timed once


@dataclass(frozen=True)
class Contender:
    """One way to do the work.

    `times`: what its seconds are multiplied by if it does a part of the work only; `check`: what to say of its answer.
    """

    name: str
    version: str
    call: Callable[[], Any]
    times: float = 1
    note: str = ""
    check: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Measured:
    """Median seconds of a contender, the most memory it took beyond what was in use before, and what is to be noted."""

    seconds: float
    megabytes: float
    note: str


def seconds(call: Callable[[], object], calls: int) -> float:
    """Wall time of one call, the mean of so many."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def resident(field: str) -> float:
    """Memory of this process in megabytes: ``VmRSS`` now, ``VmHWM`` at its peak; NaN where Linux's /proc is missing."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), float("nan"))


def reset_peak() -> None:
    """Let the peak of memory start anew from what is in use; what was freed goes back to the system first."""
    gc.collect()
    if library := ctypes.util.find_library("c"):
        getattr(ctypes.CDLL(library), "malloc_trim", int)(0)  # of glibc; elsewhere nothing
    reset = Path("/proc/self/clear_refs")
    if reset.is_file():
        reset.write_text("5", encoding="utf-8")


def first_call(one: Contender) -> tuple[float, float, str]:
    """Seconds and peak megabytes of a call, and the note on its answer."""
    reset_peak()
    before = resident("VmRSS")
    start = time.perf_counter()
    answer = one.call()
    taken, megabytes = time.perf_counter() - start, resident("VmHWM") - before
    notes = [one.note, one.check(answer) if one.check else "", "timed once" if taken >= LONG else ""]
    return taken, megabytes, "; ".join(filter(None, notes))


def measure(contenders: list[Contender], rounds: int, advance: Callable[[], object]) -> list[Measured]:
    """Median times over the rounds, in which the contenders take turns; a long call is not repeated."""
    first = [first_call(one) for one in contenders]  # it may import and fill caches, so it counts only if long
    calls = [
        max(1, round(SHORTEST / seconds(one.call, 1))) if taken < LONG else 0
        for one, (taken, _, _) in zip(contenders, first, strict=True)
    ]
    times: list[list[float]] = [[] for _ in contenders]
    for _ in range(rounds):
        for taken, one, count in zip(times, contenders, calls, strict=True):
            if count:
                taken.append(seconds(one.call, count))
        advance()
    return [
        Measured(statistics.median(taken or [alone]) * one.times, megabytes, note)
        for taken, one, (alone, megabytes, note) in zip(times, contenders, first, strict=True)
    ]


def machine() -> pd.Series:
    """What the figures depend on."""
    information = Path("/proc/cpuinfo")
    models = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    model = next((line.split(":", 1)[1].strip() for line in models if line.startswith("model name")), "")
    properties = {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "pandas": pd.__version__,
        "System": f"{platform.system()} {platform.machine()}",
        "Processor": model or platform.processor(),
        "Processors": str(os.cpu_count()),
        "Date": datetime.now(UTC).date().isoformat(),
    }
    return pd.Series(properties, name="value").rename_axis("property")


def rounded(column: pd.Series) -> pd.Series:
    """Four digits: more would be noise."""
    return column.map(lambda value: float(f"{value:.4g}"))


def compared(
    name: str, contenders: list[Contender], rounds: int, advance: Callable[[], object]
) -> list[tuple[Any, ...]]:
    """One row a contender of a measurement, the first of which is crmlib, in the order of `write`."""
    measured = measure(contenders, rounds, advance)
    return [
        (name, one.name, one.version, found.seconds, found.seconds / measured[0].seconds, found.megabytes, found.note)
        for one, found in zip(contenders, measured, strict=True)
    ]


def write(rows: list[tuple[Any, ...]], name: str) -> None:
    """Show the rows of all measurements, and write them to data/speed."""
    columns = ["measurement", "contender", "version", "median_seconds", "ratio_to_crmlib", "peak_megabytes", "note"]
    table = pd.DataFrame(rows, columns=columns)
    table[columns[3:6]] = table[columns[3:6]].apply(rounded)
    print(table.to_markdown(index=False, tablefmt="simple"))
    path = ROOT / "data" / "speed" / f"{name}.csv"
    table.to_csv(path, index=False)
    print(f"Written: {path}. Next: crmlib pin speed")
