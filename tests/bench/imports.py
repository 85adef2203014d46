"""How long the library takes to start: the face, and each room beyond numpy and pandas. By `make bench`.

Every import runs in an interpreter of its own, five times; printed are the medians in seconds.
"""

import statistics
import subprocess
import sys

import crmlib
from tests.bench.timing import ROOT

ROUNDS = 5
CODE = "import time{before}; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"


def seconds(statement: str, before: str = "") -> float:
    """Median time of a statement in a new interpreter, after the modules that do not count."""
    command = [sys.executable, "-c", CODE.format(before=before, statement=statement)]
    return statistics.median(float(subprocess.check_output(command, cwd=ROOT)) for _ in range(ROUNDS))


if __name__ == "__main__":
    print(f"{seconds('import crmlib'):.3f}  import crmlib")
    for room, names in crmlib._ROOMS.items():
        print(f"{seconds(f'import crmlib; crmlib.{names[0]}', ', numpy, pandas'):.3f}  {room}")
