import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Thirty examples of each property keep the suite under three minutes; no property is judged by the clock.
settings.register_profile("suite", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parents[1]
collect_ignore = ["bench"]  # needs the peers; `make bench` runs it


class Checkout:
    """A copy of the project in which a test may break things."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace text that must be there, so that a fault is really planted."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}; adapt the test"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def crmlib(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line of the copy."""
        return subprocess.run(
            [sys.executable, "-m", "crmlib", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "checkout"
    for name in ("crmlib", "data", "notebooks", "book"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    (root / "book" / "vendor").mkdir()
    shutil.copy(ROOT / "_config.yml", root)
    return Checkout(root)
