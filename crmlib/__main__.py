"""``python -m crmlib`` is the command ``crmlib``."""

import sys

from crmlib.extras import MissingExtraError, extra


def main() -> None:
    """Start the command, or say what it needs."""
    try:
        with extra("book"):
            from crmlib.publishing.cli import main as command  # noqa: PLC0415 (the methods do without it)
    except MissingExtraError as error:
        sys.exit(f"crmlib: {error}")
    command(prog_name="crmlib")


if __name__ == "__main__":
    main()
