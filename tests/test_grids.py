import itertools

import pandas as pd
import pytest

from crmlib.grids import GRIDS
from crmlib.matrix import value_matrix
from tests.conftest import ROOT

BIBLIOGRAPHY = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GRIDS)
def test_every_grid_is_complete_and_placed_by_the_value_matrix(name):
    grid = GRIDS[name]
    scores = pd.DataFrame(itertools.product([1.0, -1.0], repeat=2), columns=list(grid.axes))
    placed = value_matrix(scores, grid.quadrants, "mean").table["quadrant"]
    assert placed.tolist() == [cell.name for cell in grid.cells]
    assert placed.is_unique
    frame = grid.to_frame()
    assert list(frame.index) == placed.tolist()
    assert frame[list(grid.axes)].to_numpy().tolist() == [list(cell.levels) for cell in grid.cells]
    assert (frame[["chinese", "strategy"]] != "").all(axis=None)
    assert f"{{{grid.source}," in BIBLIOGRAPHY
    assert grid.to_dict()["cells"][0]["levels"] == ("high", "high")


def test_the_grid_of_costs_has_the_printed_names():
    """High/high loyal, low/low casual; the other two say in words which cost is high."""
    names = {cell.levels: cell.chinese for cell in GRIDS["acquisition_maintenance"].cells}
    assert names == {
        ("high", "high"): "忠诚客户",
        ("low", "low"): "随意客户",
        ("low", "high"): "易获得难维持客户",
        ("high", "low"): "易维持难获得客户",
    }


def test_martilla_james_1977_importance_performance():
    """Four of the dealer's fourteen attributes, as reprinted; the means were not held against the print."""
    means = pd.DataFrame(
        {"performance": [2.63, 2.00, 3.29, 3.33], "importance": [3.83, 3.29, 3.41, 2.05]},
        index=["right first time", "low prices", "courteous", "maintenance notices"],
    )
    grid = GRIDS["importance_performance"]
    placed = value_matrix(means[list(grid.axes)], grid.quadrants).table["quadrant"]
    assert placed.tolist() == ["Concentrate here", "Concentrate here", "Keep up the good work", "Possible overkill"]
