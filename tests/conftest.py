import os
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from xdist.scheduler import LoadScopeScheduling

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

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


class SharedRuns(LoadScopeScheduling):
    """Tests whose first parameter is one chapter go to one worker, which runs it once; so do those with a browser.

    Every other test goes to whoever is free. Marks of xdist do not do it: with pytest 9.2 they are lost in silence.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "browser"
        return next((chapter for chapter in CHAPTERS if f"[{chapter}" in nodeid), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return SharedRuns(config, log)
