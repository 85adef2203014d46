import itertools
from dataclasses import replace

import pandas as pd
import pytest

from crmlib.cases import load_case
from crmlib.grids import GRIDS, Grid, Quadrant, crosswalk
from crmlib.matrix import PLACES, value_matrix
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


def test_the_hotel_article_prints_four_names_and_two_places():
    cells = GRIDS["current_loyalty"].cells
    assert [cell.chinese for cell in cells] == ["高价值客户", "次价值客户", "潜价值客户", "低价值客户"]
    assert {cell.origin for cell in cells} == {cell.strategy_origin for cell in cells} == {"published"}
    assert [cell.place_origin for cell in cells] == ["published", "published", "assumed", "assumed"]


def test_no_name_on_current_and_potential_value_is_called_published():
    frame = GRIDS["current_potential"].to_frame()
    assert (frame[["origin", "place_origin", "strategy_origin"]] == "assumed").all(axis=None)


def test_the_page_on_customer_value_has_the_names_of_the_grid():
    page = (ROOT / "book" / "customer-value.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2:4] for line in page.splitlines() if line.startswith("| **")]
    names = {cell.levels: f"{cell.name} ({cell.chinese}):" for cell in GRIDS["current_potential"].cells}
    for upwards, row in zip(("high", "low"), rows, strict=True):
        for right, text in zip(("low", "high"), row, strict=True):
            assert text.strip().startswith(names[right, upwards])


def grid_of(case):
    """The quadrants of a case as a grid, as the book's crosswalk takes them."""
    cells = [
        Quadrant((entry.current, entry.potential), entry.label, entry.chinese, "", str(entry.origin), str(entry.origin))
        for entry in case.entry.quadrants
    ]
    axes = ("current_value", "potential_value")
    return Grid(case.entry.title, case.entry.chinese, axes, case.entry.sources[0], tuple(cells))


def test_the_crosswalk_names_each_place_in_every_grid():
    case = load_case("j-company", data=ROOT / "data")
    names = crosswalk([*GRIDS.values(), grid_of(case)])
    assert len(names) == len(GRIDS) + 1
    for place in PLACES:
        column = names[", ".join(place).capitalize()]
        for grid, text in zip(GRIDS.values(), column, strict=False):
            cell = next(cell for cell in grid.cells if cell.levels == place)
            assert text == f"{cell.name} {cell.chinese}"
        assert column.iloc[-1].startswith(case.quadrants[place])
    hotel = names.loc["Guests of a budget hotel 经济型酒店客户价值评价模型"]
    assert hotel[["Names", "Places"]].tolist() == ["published", "assumed"]
    assert hotel[["To the right", "Upwards", "Source"]].tolist() == ["Current value", "Loyalty", "hotel_article9"]


def test_two_grids_of_one_title_both_stand_in_the_crosswalk():
    first, second = GRIDS["current_potential"], GRIDS["current_loyalty"]
    names = crosswalk([first, replace(second, title=first.title, chinese=first.chinese)])
    assert names["Source"].tolist() == [first.source, second.source]


def test_martilla_james_1977_importance_performance():
    """Four of the dealer's fourteen attributes, as reprinted; the means were not held against the print."""
    means = pd.DataFrame(
        {"performance": [2.63, 2.00, 3.29, 3.33], "importance": [3.83, 3.29, 3.41, 2.05]},
        index=["right first time", "low prices", "courteous", "maintenance notices"],
    )
    grid = GRIDS["importance_performance"]
    placed = value_matrix(means[list(grid.axes)], grid.quadrants).table["quadrant"]
    assert placed.tolist() == ["Concentrate here", "Concentrate here", "Keep up the good work", "Possible overkill"]
