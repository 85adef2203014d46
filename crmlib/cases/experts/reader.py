"""The judgements in a file, whatever their shape: found out, read, checked, and told what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.cases.experts.answers import Block
from crmlib.cases.experts.blocks import named_blocks
from crmlib.cases.experts.grids import find_grids
from crmlib.cases.experts.long import LONG, find_rows
from crmlib.cases.experts.matrices import Judged, judged_groups
from crmlib.cases.experts.scales import SCALES, read_ratios
from crmlib.cases.experts.wide import find_columns
from crmlib.checks import check_choice, refuse
from crmlib.errors import InputError, Problem
from crmlib.reading.sheets import Sheet, open_sheets

__all__ = ["Experts", "read_experts"]

_SHAPES = (
    "Give it one row a comparison, with the headings expert, first, second, judgement; or one row an expert, with "
    "headings such as 'price vs service'; or a grid with the same names above and beside it"
)


@dataclass(frozen=True)
class Experts:
    """Judgements that were read.

    Attributes
    ----------
    groups
        For each group of comparisons, such as the criteria below one node of a tree, and each expert a judgement
        matrix as from `judgement_matrix`: shape (criteria, criteria), NaN where a judgement is missing, the same
        criteria in the same order for all experts of a group. A file with one group has it under ``""``.
    notes
        What was done to read them, one line each.
    """

    groups: Mapping[str, dict[str, pd.DataFrame]]
    notes: tuple[str, ...]

    @property
    def judgements(self) -> dict[str, pd.DataFrame]:
        """The matrices by expert, of a file with one group.

        Raises
        ------
        InputError
            If there are several groups.
        """
        if len(self.groups) > 1:
            found = f"has {len(self.groups)} groups of comparisons: {'; '.join(self.groups)}"
            raise InputError("The judgements", [Problem("the file", found, "Take one of its groups")])
        return dict(next(iter(self.groups.values())))


def read_experts(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    scale: str = "ratio",
    largest: float = 9,
    on_bad: str = "refuse",
) -> Experts:
    r"""Read the judgements of one or many experts.

    The file may have one row a comparison, one row an expert with a column for each pair (or two: which, and how much),
    or labelled grids: one or several in a sheet, a sheet an expert, a sheet or a block for each group of criteria.

    Parameters
    ----------
    path
        A file of text or a workbook, as `open_sheets` takes it.
    sheet
        The only sheet to read; by default all that hold judgements.
    encoding
        Of a file of text, if it is not found out rightly.
    columns
        The heading of a column by its id (expert, first, second, judgement, choice, group), such as
        ``{"expert": "Your name"}``.
    scale
        How answers are written; a key of `SCALES`. Negative numbers say which side is meant only with it.
    largest
        The end of the judgement scale.
    on_bad
        ``"refuse"`` the file for an answer that cannot be read, or ``"leave out"`` the expert who gave it, and say so.

    Raises
    ------
    InputError
        Lists, by file, cell and expert, every answer that cannot be read, is off the scale, or contradicts another
        answer to the same question; and every expert whose answers do not connect the criteria.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "survey.csv"
    ...     _ = file.write_text("Name,price vs service\nAnn,1/3\nBo,0.14\n", encoding="utf-8")
    ...     experts = read_experts(file)
    >>> {name: round(matrix.loc["service", "price"].item(), 9) for name, matrix in experts.judgements.items()}
    {'Ann': 3.0, 'Bo': 7.0}
    >>> experts.notes
    ('read as one row an expert, 1 comparisons', '0.14 is read as 1/7')
    """
    unknown = next((name for name in columns or {} if name not in _IDS), _IDS[0])
    refuse(
        "The way of reading",
        check_choice("scale", scale, SCALES),
        check_choice("on_bad", on_bad, ("refuse", "leave out")),
        check_choice("columns", unknown, _IDS),
    )
    sheets = _chosen(open_sheets(path, encoding=encoding), sheet)
    blocks = named_blocks(_blocks(sheets, dict(columns or {})), Path(path).stem)
    answers = [answer for block in blocks for answer in block.answers]
    ratios = read_ratios(answers, scale, largest, bool(sheets[0].separator))
    judged = judged_groups(answers, ratios, largest)
    problems = list(dict.fromkeys(problem for block in blocks for problem in block.problems))
    notes = [*_told(sheets, blocks), *ratios.notes, *judged.notes]
    if on_bad == "refuse":
        _refuse(str(path), [*problems, *(problem for own in judged.problems.values() for problem in own)])
    if not judged.groups:
        _refuse(str(path), [*problems, *(problem for own in judged.problems.values() for problem in own)]
                or [Problem("the table", "has no answer", "Fill it in")])  # fmt: skip
    return Experts(judged.groups, tuple(dict.fromkeys([*notes, *_left_out(problems, judged)])))


_IDS = tuple(column.id for column in LONG.columns)


def _refuse(file: str, problems: list[Problem]) -> None:
    if problems:
        raise InputError(file, problems)


def _chosen(sheets: list[Sheet], name: str | None) -> list[Sheet]:
    if name is None:
        return [sheet for sheet in sheets if sheet.visible] or sheets
    named = [sheet for sheet in sheets if sheet.name == name]
    if not named:
        remedy = f"The sheets are {', '.join(repr(sheet.name) for sheet in sheets)}"
        raise InputError(sheets[0].file, [Problem(f"sheet {name!r}", "is not there", remedy)])
    return named


def _blocks(sheets: list[Sheet], mapping: dict[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for sheet in sheets:
        grids = find_grids(sheet)
        found = [] if grids else [find_rows(sheet, mapping) or find_columns(sheet, mapping)]
        blocks += [*grids, *(block for block in found if block)]
    if not blocks:
        first = [str(cell) for cell in sheets[0].cells[0] if cell not in (None, "")][:8]
        found_there = f"holds no judgements in a shape that is known; its first row has {', '.join(map(repr, first))}"
        raise InputError(sheets[0].file, [Problem("the file", found_there, _SHAPES)])
    return blocks


def _told(sheets: list[Sheet], blocks: list[Block]) -> list[str]:
    notes = []
    for sheet in sheets:
        where = f"sheet {sheet.name!r}: " if sheet.several else ""
        own = [block for block in blocks if block.sheet is sheet]
        if not own:
            notes.append(f"{where}left out, it holds no judgements")
            continue
        several = f", {len(own)} times" if len({id(block.answers) for block in own}) > 1 else ""
        notes.append(f"{where}read as {own[0].shape}{several}")
        notes += [f"{where}{note}" for block in own for note in [*sheet.notes, *block.notes]]
    return notes


def _left_out(problems: list[Problem], judged: Judged) -> list[str]:
    rows = [f"left out: {problem.where}: {problem.found}" for problem in problems]
    experts = [
        f"expert {name!r}{f', group {group!r}' if group else ''} left out: {own[0].where}: {own[0].found}"
        + (f", and {len(own) - 1} more" if len(own) > 1 else "")
        for (group, name), own in judged.problems.items()
    ]
    return rows + experts
