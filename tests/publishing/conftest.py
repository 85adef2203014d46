import contextlib
import gc
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crmlib.publishing import cli
from tests.conftest import ROOT


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

    def verify(self, *cases: str) -> Result:
        """Verify cases: their notebooks run on the copy's code, the command in this process, which is quicker."""
        with contextlib.chdir(self.root), warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # papermill leaves its event loops open
            result = CliRunner().invoke(cli.main, ["verify", *cases])
            gc.collect()
        return result

    def crmlib(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the copy as a user does, in a process of its own."""
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
