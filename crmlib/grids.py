"""The two-by-two grids of the sources and of this book, as data for `crmlib.matrix.value_matrix`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from crmlib.arguments import checked
from crmlib.errors import InputError, Problem
from crmlib.matrix import PLACES

__all__ = ["GRIDS", "Grid", "Quadrant", "crosswalk"]


@checked("The quadrant")
@dataclass(frozen=True)
class Quadrant:
    """One of four: the levels of the two axes, its names, and what to do there.

    Each is ``published`` by the grid's source or ``assumed`` by us: `origin` says it of the name, `place_origin` of
    the levels that belong to the name, `strategy_origin` of what to do. The name is the source's in the source's
    language only; its translation is ours, and so is the wording of what to do.
    """

    levels: tuple[str, str]
    name: str
    chinese: str
    strategy: str
    origin: str = "published"
    place_origin: str = "published"
    strategy_origin: str = "assumed"


@checked("The grid")
@dataclass(frozen=True)
class Grid:
    """Two axes, four quadrants and a source (a key of references.bib). Both axes run from low to high.

    Raises
    ------
    InputError
        If the cells are not the four places, each once.

    Examples
    --------
    >>> GRIDS["current_loyalty"].quadrants["high", "low"]
    'Secondary value'
    """

    title: str
    chinese: str
    axes: tuple[str, str]
    source: str
    cells: tuple[Quadrant, ...]

    def __post_init__(self) -> None:
        levels = [cell.levels for cell in self.cells]
        if sorted(levels) != sorted(PLACES):
            raise InputError("The grid", [Problem("cells", f"found {levels}", f"Give each of {PLACES} once")])

    @property
    def quadrants(self) -> dict[tuple[str, str], str]:
        """Name of each quadrant by the levels of the two axes, as `value_matrix` takes them."""
        return {cell.levels: cell.name for cell in self.cells}

    def to_frame(self) -> pd.DataFrame:
        """One row a quadrant: the levels of both axes, then the quadrant's other fields."""
        fields = ["chinese", "strategy", "origin", "place_origin", "strategy_origin"]
        rows = [
            dict(zip(self.axes, cell.levels, strict=True)) | {field: getattr(cell, field) for field in fields}
            for cell in self.cells
        ]
        return pd.DataFrame(rows, index=[cell.name for cell in self.cells])

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return asdict(self)


@checked("The grids")
def crosswalk(grids: Iterable[Grid]) -> pd.DataFrame:
    """What each grid calls the same four places.

    Returns
    -------
    pandas.DataFrame
        One row a grid, by its title in both languages; columns ``To the right`` and ``Upwards`` (the axes), a column
        ``High, high`` … ``Low, low`` for each place with both names, ``Names`` and ``Places`` (``published`` if that
        is the origin of all four, else ``assumed``), and ``Source`` (a key of references.bib).

    Examples
    --------
    >>> crosswalk([GRIDS["current_potential"], GRIDS["current_loyalty"]])["Low, high"].tolist()
    ['Grow 培育', 'Latent value 潜价值客户']
    """
    rows, titles = [], []
    for grid in grids:
        cells = {cell.levels: cell for cell in grid.cells}
        right, up = (axis.replace("_", " ").capitalize() for axis in grid.axes)
        names = {
            ", ".join(place).capitalize(): f"{cells[place].name} {cells[place].chinese}".strip() for place in PLACES
        }
        marks = {
            "Names": _of_all(cell.origin for cell in grid.cells),
            "Places": _of_all(cell.place_origin for cell in grid.cells),
        }
        titles.append(f"{grid.title} {grid.chinese}")
        rows.append({"To the right": right, "Upwards": up, **names, **marks, "Source": grid.source})
    return pd.DataFrame(rows, index=titles)


def _of_all(origins: Iterable[str]) -> str:
    return "published" if set(origins) == {"published"} else "assumed"


_HH, _HL, _LH, _LL = PLACES


def _ours(levels: tuple[str, str], name: str, chinese: str, strategy: str) -> Quadrant:
    return Quadrant(levels, name, chinese, strategy, origin="assumed", place_origin="assumed")


#: The grids by name. Their axes are the columns of the scores that `value_matrix` gets, in this order.
GRIDS: dict[str, Grid] = {
    # The article draws current value upwards and potential value to the right; here today is to the right. It calls
    # customers of high and of low value so, and those of the other two quadrants the middle part; ours tell all apart.
    "current_potential": Grid(
        "Value matrix",
        "客户价值矩阵",
        ("current_value", "potential_value"),
        "lubricant_article1",
        (
            _ours(_HH, "Keep", "留住", "Give them the best service and the first call"),
            _ours(
                _HL,
                "Secure",
                "稳固",
                "Find out why little is to come: win back those who drift away, serve the content well",
            ),
            _ours(_LH, "Grow", "培育", "Invest with patience: find out what holds the purchases back"),
            _ours(_LL, "Economise", "从简", "Serve by standard and cheaply; do not chase"),
        ),
    ),
    # The article says where the first two lie. Of the other two it prints names and strategies only. It calls a single
    # latent customer worth little, with something to bring out: low today and high in loyalty is our reading.
    "current_loyalty": Grid(
        "Guests of a budget hotel",
        "经济型酒店客户价值评价模型",
        ("current_value", "loyalty"),
        "hotel_article9",
        (
            Quadrant(
                _HH,
                "High value",
                "高价值客户",
                "Put in enough for a long, close tie: a file for each, visits or calls, easier credit, no queue",
                strategy_origin="published",
            ),
            Quadrant(
                _HL,
                "Secondary value",
                "次价值客户",
                "Other hotels court them: put in by their credit and with care; more contact, some personal service",
                strategy_origin="published",
            ),
            Quadrant(
                _LH,
                "Latent value",
                "潜价值客户",
                "The many, each worth little: bring out what they could buy; self-service and messages, not visits",
                place_origin="assumed",
                strategy_origin="published",
            ),
            Quadrant(
                _LL,
                "Low value",
                "低价值客户",
                "Ask why: care for the new, weigh cost and return for the fading, little for disloyal bargain hunters",
                place_origin="assumed",
                strategy_origin="published",
            ),
        ),
    ),
    "acquisition_maintenance": Grid(
        "Costs of a customer",
        "猎取成本与维持成本",
        ("acquisition_cost", "maintenance_cost"),
        "s3_value_management",
        (
            Quadrant(_HH, "Loyal", "忠诚客户", "Worth the money only while the relationship lasts: protect it"),
            Quadrant(
                _HL,
                "Hard to acquire, easy to keep",
                "易维持难获得客户",
                "Spend on winning; afterwards they cost little",
            ),
            Quadrant(
                _LH,
                "Easy to acquire, hard to keep",
                "易获得难维持客户",
                "Make staying cheaper: contracts, self-service",
            ),
            Quadrant(_LL, "Casual", "随意客户", "Sell without ties; spend little on either"),
        ),
    ),
    # The text on value management has such a grid without names, and its heading and its sentence disagree about the
    # second axis (profitability or lifetime value); axes and names are those of the cited article.
    "loyalty_profitability": Grid(
        "Loyalty and profitability",
        "客户忠诚度与客户盈利能力",
        ("loyalty", "profitability"),
        "reinartz2002",
        (
            Quadrant(_HH, "True friends", "挚友", "Delight and protect; contact them with restraint"),
            Quadrant(_HL, "Barnacles", "藤壶", "Find out whether the wallet is small or shared; sell more or cut cost"),
            Quadrant(_LH, "Butterflies", "蝴蝶", "Profit from them while they are here; stop when they leave"),
            Quadrant(_LL, "Strangers", "陌生人", "Invest nothing; every sale must pay for itself"),
        ),
    ),
    # High/high is plainly loyalty in the cited article; premium is the word of the essay on the pyramid.
    "attachment_repeat": Grid(
        "Attachment and repeat purchase",
        "依恋程度与重复购买",
        ("attachment", "repeat_purchase"),
        "dick1994",
        (
            Quadrant(_HH, "Premium loyalty", "超值忠诚", "Thank them, ask for referrals, let them shape the offer"),
            Quadrant(_HL, "Latent loyalty", "潜在忠诚", "Remove what keeps a willing customer from buying"),
            Quadrant(_LH, "Spurious loyalty", "虚假忠诚", "Give a reason to prefer you before a rival does"),
            Quadrant(_LL, "No loyalty", "无忠诚", "Sell on price if it pays; expect no return"),
        ),
    ),
    "importance_performance": Grid(
        "Importance and performance",
        "重要性—绩效分析",
        ("performance", "importance"),
        "martilla1977",
        (
            Quadrant(_HH, "Keep up the good work", "继续保持", "Hold the standard"),
            Quadrant(_HL, "Possible overkill", "供给过度", "Move effort from here to where it counts"),
            Quadrant(_LH, "Concentrate here", "优先改进", "Improve first"),
            Quadrant(_LL, "Low priority", "次要改进", "Improve when all else is done"),
        ),
    ),
}
