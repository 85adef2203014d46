"""One row a respondent: a column for each pair, or two columns that say which and how much; or turned on its side."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from crmlib.cases.experts.answers import Answer, Block
from crmlib.cases.experts.long import EXPERT
from crmlib.cases.experts.rows import Rows, read_rows
from crmlib.cases.experts.scales import says_how_much, says_which
from crmlib.cases.experts.titles import Pairs, pairs_in
from crmlib.errors import InputError, Problem
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import folded, plain

__all__ = ["find_columns"]

_DEEPEST = 40  # rows in which headings are looked for


class _Headings(NamedTuple):
    """The position of the row, its titles, the pair that each column is about, the columns that say which, and who."""

    row: int
    titles: list[str]
    pairs: Pairs
    choices: dict[int, int]
    expert: int | None


def find_columns(sheet: Sheet, mapping: Mapping[str, str]) -> Block | None:
    """The answers of a sheet with a column for each pair; None if it has not."""
    across, down = _headings(sheet, mapping), _headings(_turned(sheet), mapping)
    if down and (not across or len(down.pairs) > len(across.pairs)):
        return _people_across(sheet, down)
    return _people_down(sheet, across) if across else None


def _headings(sheet: Sheet, mapping: Mapping[str, str]) -> _Headings | None:
    """The row of headings that names most pairs."""
    best: _Headings | None = None
    for row in range(min(len(sheet.cells) - 1, _DEEPEST)):
        titles = [plain(cell) for cell in sheet.cells[row]]
        if sum(map(bool, titles)) < (1 if best is None else len(best.pairs) + 1):
            continue
        below = sheet.cells[row + 1 :]
        judged = [at for at, title in enumerate(titles) if title and _is_answered(below[:, at])]
        pairs = pairs_in(titles, judged)
        if pairs and (best is None or len(pairs) > len(best.pairs)):
            choices = _choices(below, titles, pairs)
            best = _Headings(row, titles, pairs, choices, _expert(titles, pairs, mapping))
    return best


def _is_answered(cells: np.ndarray) -> bool:
    """A column of judgements, of words, or one that nobody has answered."""
    said = [cell for cell in cells if plain(cell)]
    short = sum(len(plain(cell)) < 80 for cell in said)
    return not said or says_how_much(cells) or 2 * short > len(said)


def _choices(below: np.ndarray, titles: list[str], pairs: Pairs) -> dict[int, int]:
    """The column that says how much, by the column that says which of a pair is more important."""
    which = [at for at, pair in pairs.items() if says_which(below[:, at], *pair)]
    found = {}
    for at in which:
        behind = [
            next_at for next_at in range(at + 1, len(titles))
            if next_at not in which and says_how_much(below[:, next_at])
            and (next_at not in pairs or pairs[next_at] == pairs[at])
        ]  # fmt: skip
        last = min((other for other in which if other > at), default=len(titles))
        found[at] = behind[0] if behind and behind[0] < last else -1
    return found


def _expert(titles: list[str], pairs: Pairs, mapping: Mapping[str, str]) -> int | None:
    """The column of respondents' names."""
    names = [mapping["expert"]] if "expert" in mapping else EXPERT.names
    keys = {re.sub(r"[\W_]+", "", folded(title)): at for at, title in enumerate(titles) if at not in pairs and title}
    return next((keys[key] for name in names if (key := re.sub(r"[\W_]+", "", folded(name))) in keys), None)


def _people_down(sheet: Sheet, found: _Headings) -> Block:
    how_much = {at: found.choices.get(at, at) for at in found.pairs if at not in found.choices.values()}
    _refuse_lone_choices(sheet, found)
    used = {f"pair {at}": at for at in {*how_much, *how_much.values()}}
    columns = used | ({} if found.expert is None else {"expert": found.expert})
    rows = read_rows(sheet, found.row, found.titles, columns, "expert", empty=list(used))
    names = _respondents(sheet, rows)
    answers = [
        Answer(
            names[row], *found.pairs[at], sheet.cells[row, amount], sheet.place(row, amount, found.titles[amount]),
            choice=sheet.cells[row, at] if amount != at else None,
            choice_place=sheet.place(row, at, found.titles[at]) if amount != at else "",
        )
        for row in rows.positions
        for at, amount in how_much.items()
    ]  # fmt: skip
    shape = f"one row an expert, {len(how_much)} comparisons"
    if found.choices:
        shape += ", each in two columns: which, and how much"
    return Block(sheet, answers, shape, notes=rows.notes, problems=[*rows.problems, *_twice(sheet, found, rows)])


def _respondents(sheet: Sheet, rows: Rows) -> dict[int, str]:
    if "expert" in rows.columns:
        return {row: plain(rows.cell(row, "expert")) for row in rows.positions}
    rows.notes.append("experts are named by their rows; if a column has their names, say expert=HEADING")
    return {row: f"row {row + sheet.first_row}" for row in rows.positions}


def _twice(sheet: Sheet, found: _Headings, rows: Rows) -> list[Problem]:
    """Two rows of one name are two people or a second answer: only the file's owner knows."""
    if found.expert is None:
        return []
    first: dict[str, int] = {}
    problems = []
    for row in rows.positions:
        name = plain(rows.cell(row, "expert"))
        before = first.setdefault(folded(name), row)
        if before != row:
            place = sheet.place(row, found.expert, found.titles[found.expert])
            told = f"{name!r} is in {sheet.row(before)} too"
            problems.append(Problem(place, told, "Keep the row that counts, or tell the two people apart"))
    return problems


def _refuse_lone_choices(sheet: Sheet, found: _Headings) -> None:
    problems = [
        Problem(sheet.place(found.row, at, found.titles[at]), "says which is more important, and no column how much",
                "Put the column that says how much right of it")
        for at, amount in found.choices.items()
        if amount < 0
    ]  # fmt: skip
    if problems:
        raise InputError(sheet.file, problems)


def _turned(sheet: Sheet) -> Sheet:
    return replace(sheet, cells=sheet.cells.T)


def _people_across(sheet: Sheet, found: _Headings) -> Block | None:
    """Pairs below each other in one column, a column for each respondent; `found` is of the turned sheet."""
    pairs, column = found.pairs, found.row
    heading = min(pairs) - 1
    people = [
        at for at in range(column + 1, sheet.cells.shape[1]) if says_how_much(sheet.cells[sorted(pairs), at])
    ]  # fmt: skip
    if not people:
        return None
    name = {at: plain(sheet.cells[heading, at]) if heading >= 0 else "" for at in people}
    name = {at: text or f"column {at + 1}" for at, text in name.items()}
    answers = [
        Answer(name[at], *pair, sheet.cells[row, at], sheet.place(row, at, name[at]))
        for at in people
        for row, pair in pairs.items()
    ]
    skipped = [
        row for row in range(heading + 1, len(sheet.cells)) if row not in pairs and plain(sheet.cells[row, column])
    ]
    notes = [f"{len(skipped)} rows left out, the first is {sheet.row(skipped[0])}"] if skipped else []
    return Block(sheet, answers, "one row a comparison, one column an expert", notes=notes)
