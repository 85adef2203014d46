"""The two-by-two grids of the sources, as data for `crmlib.matrix.value_matrix`."""

from dataclasses import asdict, dataclass

import pandas as pd

__all__ = ["GRIDS", "Grid"]


@dataclass(frozen=True)
class Quadrant:
    """One of four: the levels of the two axes, its names, what to do there, and where the name comes from.

    `origin`: ``published`` where the grid's source prints the name, otherwise ``assumed``; the strategies are ours.
    """

    levels: tuple[str, str]
    name: str
    chinese: str
    strategy: str
    origin: str = "published"


@dataclass(frozen=True)
class Grid:
    """Two axes, four quadrants and a source (a key of references.bib). Both axes run from low to high.

    Examples
    --------
    >>> GRIDS["current_potential"].quadrants["high", "low"]
    'Secondary value'
    """

    title: str
    chinese: str
    axes: tuple[str, str]
    source: str
    cells: tuple[Quadrant, Quadrant, Quadrant, Quadrant]

    @property
    def quadrants(self) -> dict[tuple[str, str], str]:
        """Name of each quadrant by the levels of the two axes, as `value_matrix` takes them."""
        return {cell.levels: cell.name for cell in self.cells}

    def to_frame(self) -> pd.DataFrame:
        """One row a quadrant: the levels of both axes, Chinese name, strategy and origin of the name."""
        rows = [
            dict(zip(self.axes, cell.levels, strict=True))
            | {"chinese": cell.chinese, "strategy": cell.strategy, "origin": cell.origin}
            for cell in self.cells
        ]
        return pd.DataFrame(rows, index=[cell.name for cell in self.cells])

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return asdict(self)


_HH, _HL, _LH, _LL = ("high", "high"), ("high", "low"), ("low", "high"), ("low", "low")

#: The grids by name. Their axes are the columns of the scores that `value_matrix` gets, in this order.
GRIDS: dict[str, Grid] = {
    "current_potential": Grid(
        "Value matrix",
        "客户价值矩阵",
        ("current_value", "potential_value"),
        "hotel_article9",
        (
            Quadrant(_HH, "High value", "高价值客户", "Give enough to keep and deepen the relationship"),
            Quadrant(_HL, "Secondary value", "次价值客户", "Keep in close touch; rivals court them, so bind with care"),
            Quadrant(_LH, "Latent value", "潜价值客户", "Invest in growth: find out what holds the purchases back"),
            Quadrant(_LL, "Low value", "低价值客户", "Serve by standard and cheaply; do not chase"),
        ),
    ),
    "acquisition_maintenance": Grid(
        "Costs of a customer",
        "猎取成本与维持成本",
        ("acquisition_cost", "maintenance_cost"),
        "lifecycle_articles",
        (
            Quadrant(_HH, "Loyal", "忠诚客户", "Worth the money only while the relationship lasts: protect it"),
            Quadrant(
                _HL, "Hard to acquire, easy to keep", "易维持难获得客户", "Spend on winning; afterwards they stay"
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
