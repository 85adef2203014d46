"""The command ahp: weights and consistency of experts' answers."""

from collections.abc import Sequence
from pathlib import Path

import click

from crmlib.ahp import METHODS, RANDOM_INDEX
from crmlib.cases import read_experts
from crmlib.cases.experts import SCALES
from crmlib.publishing.answers import experts_report
from crmlib.publishing.options import named_pair

__all__ = ["ahp"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--method", type=click.Choice(list(METHODS)), default="eigenvector", show_default=True)
@click.option("--table", type=click.Choice(list(RANDOM_INDEX)), default="saaty1980", show_default=True,
              help="Random indices for CR.")  # fmt: skip
@click.option("--scale", type=click.Choice(list(SCALES)), default="ratio", show_default=True,
              help="How the answers are written; see below.")  # fmt: skip
@click.option("--sheet", help="The only sheet of the workbook to read.")
@click.option("--encoding", help="Of a file of text, if it is not found out, such as gb18030.")
@click.option("--column", "columns", multiple=True, metavar="ID=HEADING",
              help="The heading of expert, first, second, judgement, choice or group; repeatable.")  # fmt: skip
@click.option("--on-bad", type=click.Choice(["refuse", "leave out"]), default="refuse", show_default=True,
              help="What to do with an expert of whom an answer cannot be read.")  # fmt: skip
def ahp(
    file: Path, method: str, table: str, scale: str, sheet: str | None, encoding: str | None, columns: Sequence[str],
    on_bad: str,
) -> None:  # fmt: skip
    """Weights and consistency of the experts' answers in FILE, a spreadsheet or CSV file.

    \b
    It may have
    - one row a comparison: expert, first, second, judgement (an example is data/ahp-basics/experts.csv);
    - one row an expert: a column "price vs service" for each pair, or two: which one, and how much;
    - grids: the same names above and beside the judgements; several in a sheet, or a sheet an expert;
    - several groups of criteria: a sheet each, a grid each with its name above it, or a column group.

    A judgement says how many times the first is as important as the second, such as 3 or 1/3; leave a missing one
    empty. In Excel, format such columns as text, because it makes dates of 1/3.

    \b
    Scales:
    ratio          3 or 1/3: the first is three times, or a third, as important
    minus-first    -9 to 9, -3: the first is 3 times as important
    minus-second   -9 to 9, -3: the second is 3 times as important
    steps-first    -8 to 8, 0 equal, -2: the first is 3 times as important
    steps-second   -8 to 8, 0 equal, -2: the second is
    places-first   1 to 17, 9 equal, 7: the first is 3 times as important
    places-second  1 to 17, 9 equal, 7: the second is

    Prints what was done to read the file, each expert's weights and CR, the judgement that contradicts the others most
    where CR is 0.1 or more, the weights and the consensus of the group, and the methods side by side.
    """  # noqa: D301 (click wants a backspace)
    mapping = dict(named_pair("--column", pair, "ID=HEADING") for pair in columns)
    experts = read_experts(file, sheet=sheet, encoding=encoding, columns=mapping, scale=scale, on_bad=on_bad)
    click.echo("".join(f"{line}\n" for line in [str(file), *(f"  {note}" for note in experts.notes)]))
    click.echo(experts_report(experts.groups, method, table))
