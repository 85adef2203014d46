import os
from pathlib import Path

from hypothesis import settings

# Before numpy is loaded: pytest runs one process a processor, and threads of each would stand in the others' way.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Thirty examples of each property keep the suite under three minutes; no property is judged by the clock.
settings.register_profile("suite", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parents[1]
collect_ignore = ["bench"]  # needs the peers; `make bench` runs it
