"""``python -m crmlib`` is the command ``crmlib``."""

from crmlib.publishing.cli import main

main(prog_name="crmlib")
