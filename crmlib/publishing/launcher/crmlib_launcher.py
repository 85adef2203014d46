"""The command ``crmlib``: runs the library of the checkout that you stand in."""

import sys
from pathlib import Path


def main() -> None:
    """Start the command of the checkout around the current folder."""
    here = Path.cwd().resolve()
    root = next((folder for folder in (here, *here.parents) if (folder / "crmlib" / "__main__.py").is_file()), None)
    if root is None:
        sys.exit(f"crmlib: {here} is not inside the folder of the book. Change to that folder first.")
    sys.path.insert(0, str(root))
    from crmlib.publishing.cli import main as command  # noqa: PLC0415 (only now can it be found)

    command(prog_name="crmlib")
