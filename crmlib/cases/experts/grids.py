"""Grids: the same names above and beside a square of judgements, one grid or many in a sheet."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from crmlib.cases.experts.answers import Answer, Block
from crmlib.cases.experts.scales import says_how_much
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import folded, is_missing, plain

__all__ = ["find_grids"]

_CORNERS = frozenset(
    {"", "criteria", "criterion", "指标", "准则", "项目", "因素", "a", "matrix", "judgementmatrix", "判断矩阵", "/",
    "\\",
     "factor", "factors", "alternative", "alternatives", "方案", "item", "items", "name"}
)  # fmt: skip
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:[/:⁄][\d.,]+)?%?")
_PERSON = re.compile(r"(?:expert|respondent|name|专家|受访者|姓名) ?[:：] ?(?=.)", re.IGNORECASE)
_HIGHEST = 3  # rows above a grid in which its title is looked for


class _Grid(NamedTuple):
    """The position of the corner, the labels of the columns and rows, and their positions behind the corner."""

    row: int
    column: int
    across: dict[str, int]
    down: dict[str, int]
    labels: dict[str, str]

    @property
    def size(self) -> int:
        return len(self.across)


def find_grids(sheet: Sheet) -> list[Block]:
    """All grids of a sheet, in the order of their rows; the names may stand in another order above than beside.

    What is beside a grid, such as its weights, is not read. A grid may be full, or have one triangle only; the
    diagonal may be empty.
    """
    grids = list(_grids(sheet))
    return [Block(sheet, _answers(sheet, grid), "a grid", _title(sheet, grid, grids)) for grid in grids]


def _grids(sheet: Sheet) -> Iterator[_Grid]:
    texts = np.array([[plain(cell) for cell in row] for row in sheet.cells], dtype=object)
    taken = np.zeros(texts.shape, dtype=bool)
    rows, columns = texts.shape
    for row in range(rows - 2):
        for column in range(columns - 2):
            if taken[row, column] or not texts[row, column + 1] or not texts[row + 1, column]:
                continue
            grid = _grid_at(texts, row, column)
            if grid is None:
                continue
            area = slice(row, row + grid.size + 1), slice(column, column + grid.size + 1)
            if not taken[area].any() and _holds_judgements(sheet, grid):
                taken[area] = True
                yield grid


def _grid_at(texts: np.ndarray, row: int, column: int) -> _Grid | None:
    """The largest square with the same names above and beside it."""
    across = _run(texts[row, column + 1 :])
    down = _run(texts[row + 1 : row + 1 + len(across), column])
    for size in range(min(len(across), len(down)), 1, -1):
        above = {folded(name): at for at, name in enumerate(across[:size], start=column + 1)}
        beside = {folded(name): at for at, name in enumerate(down[:size], start=row + 1)}
        if above.keys() == beside.keys() and len(above) == size and _are_names(list(above)):
            return _Grid(row, column, above, beside, {folded(name): name for name in down[:size]})
    return None


def _run(texts: np.ndarray) -> list[str]:
    run = []
    for text in texts:
        if not text:
            break
        run.append(text)
    return run


def _are_names(labels: list[str]) -> bool:
    """No numbers, unless all that is compared is numbered."""
    return not any(map(_NUMBER.fullmatch, labels)) or labels == [str(at) for at in range(1, len(labels) + 1)]


def _holds_judgements(sheet: Sheet, grid: _Grid) -> bool:
    """Names alone may stand so by chance."""
    return says_how_much(sheet.cells[np.ix_(list(grid.down.values()), list(grid.across.values()))].ravel())


def _answers(sheet: Sheet, grid: _Grid) -> list[Answer]:
    """The cells row by row; a cell against itself only where it says something."""
    answers = []
    for first, down in grid.down.items():
        for second, across in grid.across.items():
            cell = sheet.cells[down, across]
            if first != second or not is_missing(cell):
                name = grid.labels[first], grid.labels[second]
                place = f"{sheet.place(down, across)}, {name[0]} against {name[1]}"
                answers.append(Answer("", *name, cell, place))
    return answers


def _title(sheet: Sheet, grid: _Grid, grids: list[_Grid]) -> str:
    """What stands in the corner, or alone in a row above and in no other grid."""
    corner = plain(sheet.cells[grid.row, grid.column])
    if folded(corner) not in _CORNERS:
        return _PERSON.sub("", corner)
    left, right = grid.column, grid.column + grid.size
    for row in range(grid.row - 1, max(grid.row - 1 - _HIGHEST, -1), -1):
        if any(
            other.row <= row <= other.row + other.size and other.column <= right for other in grids if other is not grid
        ):
            break
        said = [text for cell in sheet.cells[row, left : right + 1] if (text := plain(cell))]
        if len(said) in (1, 2):  # "Ann", or "Expert" and "Ann"
            return _PERSON.sub("", said[-1])
    return ""
