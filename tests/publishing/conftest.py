import contextlib
import gc
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from crmlib.publishing import cli
from tests.conftest import ROOT
from tests.publishing.shell import execute_here


@contextlib.contextmanager
def quiet_event_loops() -> Iterator[None]:
    """Papermill leaves its event loops open; they are cleared away here, where nobody else trips over them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


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

    def here(self, *arguments: str) -> Result:
        """Run a command in this process, its notebooks on the library of this process: quickest."""
        with patch("papermill.execute_notebook", execute_here):
            return self._invoke(*arguments)

    def with_kernels(self, *arguments: str) -> Result:
        """Run a command in this process, its notebooks on the copy's own library."""
        return self._invoke(*arguments)

    def _invoke(self, *arguments: str) -> Result:
        with contextlib.chdir(self.root), quiet_event_loops():
            return CliRunner().invoke(cli.main, arguments)

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
