import os
from pathlib import Path

from hypothesis import Phase, settings

# Before numpy is loaded: pytest runs one process a processor, and threads of each would stand in the others' way.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Thirty examples of each property keep the suite under three minutes; no property is judged by the clock.
settings.register_profile("suite", max_examples=30, deadline=None, derandomize=True)
# Other examples and more of them, every week: pytest --hypothesis-profile=weekly.
settings.register_profile("weekly", max_examples=200, deadline=None, print_blob=True)
# A mutant is dead as soon as one example fails, however long.
settings.register_profile("mutants", settings.get_profile("suite"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parents[1]
collect_ignore = ["bench", "mutants"]  # need packages of their own; `make bench` and `make mutants` run them
