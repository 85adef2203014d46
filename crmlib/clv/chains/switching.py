"""Brand switching: what every customer is worth to every brand, and what a point of retention is worth."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.checks import is_number, shown
from crmlib.clv._numbers import check_kind, plain_horizon
from crmlib.clv.chains._distributions import number_problems, rate_problems
from crmlib.clv.chains.market import Market, next_shares
from crmlib.errors import InputError, Problem

__all__ = ["BrandValues", "SwitchingGains", "brand_values", "switching_gains"]


@dataclass(frozen=True)
class BrandValues:
    """Present value of the purchases to come, by segment and brand, in the unit of the margins.

    `per_customer`: of one customer; `total`: of all customers of the segment; `horizon`: the years in which purchases
    count, infinity for ever; `convention`: when the first one comes.
    """

    per_customer: pd.DataFrame
    total: pd.DataFrame
    discount_rate: float
    horizon: float
    convention: str

    @property
    def equity(self) -> pd.Series:
        """Customer equity of each brand: the sum over all its customers."""
        return self.total.sum()

    def to_frame(self) -> pd.DataFrame:
        """One row a segment: the value of one customer and of all, by brand."""
        return pd.concat({"per customer": self.per_customer, "total": self.total}, axis=1)

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {
            "per_customer": self.per_customer.to_dict(orient="index"),
            "total": self.total.to_dict(orient="index"),
            "equity": self.equity.to_dict(),
            "discount_rate": self.discount_rate,
            "horizon": plain_horizon(self.horizon),
            "convention": self.convention,
        }


@dataclass(frozen=True)
class SwitchingGains:
    """What it is worth to a brand to raise one entry of its column of the switching matrix.

    `gains`: shape (segments, brands): the brand's gain in customer equity if customers who last bought the
    column's brand choose it more often by `step`, in proportion less the others. In the brand's own column
    this is the value of retention, elsewhere that of winning customers over.
    """

    brand: str
    step: float
    gains: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a segment, one column a brand bought last."""
        return self.gains

    def to_dict(self) -> dict[str, object]:
        """All fields in plain Python types."""
        return {"brand": self.brand, "step": self.step, "gains": self.gains.to_dict(orient="index")}


def brand_values(
    trade: Market, discount_rate: float, horizon: float = np.inf, *, first_purchase_in: float = 1
) -> BrandValues:
    r"""Value of every customer to every brand [rust2004]_.

    A customer who buys f times a year brings brand j
    :math:`\sum_{t=1}^{n} (1+d)^{-(t-1+s)/f}\, v\, m_j\, (a P^t)_j` with n = horizon · f whole purchases, the
    volume v, the margin m, the last shares a, and s intervals to the next purchase.

    Parameters
    ----------
    discount_rate
        Per year.
    horizon
        Years in which purchases count; for ever by default, which needs a positive rate.
    first_purchase_in
        Purchase intervals until the next purchase: 1 if the last has just been made, 0 if it is due now.

    Raises
    ------
    InputError
        If a number is out of its range, or the sum for ever would not be finite.

    Examples
    --------
    >>> from crmlib.clv.chains.market import brand_market
    >>> brands = ["A", "B"]
    >>> trade = brand_market(
    ...     pd.DataFrame([[1.0, 0.0]], index=["homes"], columns=brands),
    ...     pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=brands, columns=brands),
    ...     pd.Series({"A": 10.0, "B": 10.0}),
    ...     pd.DataFrame({"customers": [1], "purchases_per_year": [2], "volume": [1]}, index=["homes"]),
    ... )
    >>> brand_values(trade, 0.1, horizon=3).equity.round(2).to_dict()
    {'A': 32.73, 'B': 18.22}
    """
    check_kind("The values of the brands", Market, "Give the answer of brand_market", trade=trade)
    problems = rate_problems(discount_rate)
    endless = is_number(horizon) and horizon == np.inf
    if not endless:
        problems += number_problems("horizon", horizon, lowest=0)
    elif not problems and discount_rate <= 0:
        found = f"at {discount_rate:g} the value for ever is not finite"
        problems.append(Problem("discount_rate", found, "Give a positive rate, or a horizon"))
    if problems := problems + number_problems("first_purchase_in", first_purchase_in, lowest=0):
        raise InputError("The values of the brands", problems)
    frequency = trade.segments["purchases_per_year"].to_numpy()
    factor = (1 + discount_rate) ** (-1 / frequency)
    counted = np.floor(horizon * frequency + 1e-9)
    purchases = _for_ever(trade, factor) if endless else _until(trade, factor, counted)
    volume = trade.segments["volume"].to_numpy() * factor ** (first_purchase_in - 1)
    each = pd.DataFrame(purchases, index=trade.shares.index, columns=trade.brands).mul(volume, axis=0) * trade.margins
    return BrandValues(
        per_customer=each,
        total=each.mul(trade.segments["customers"], axis=0),
        discount_rate=float(discount_rate),
        horizon=float(horizon),
        convention=f"the next purchase comes {first_purchase_in:g} purchase intervals from now",
    )


def switching_gains(
    trade: Market,
    brand: str,
    discount_rate: float,
    horizon: float = np.inf,
    *,
    step: float = 0.01,
    first_purchase_in: float = 1,
) -> SwitchingGains:
    """What a brand gains by being chosen a little more often: a point of retention, or of customers won over.

    Each entry of the brand's column is raised by `step` alone, the others of its row giving way in
    proportion, and the values are computed anew. More than the gain should not be paid for the point.

    Raises
    ------
    InputError
        If the brand is unknown, the step is not positive, or an entry would pass 1.

    Examples
    --------
    >>> from crmlib.clv.chains.market import brand_market
    >>> brands = ["A", "B"]
    >>> trade = brand_market(
    ...     pd.DataFrame([[1.0, 0.0]], index=["homes"], columns=brands),
    ...     pd.DataFrame([[0.7, 0.3], [0.5, 0.5]], index=brands, columns=brands),
    ...     pd.Series({"A": 10.0, "B": 10.0}),
    ...     pd.DataFrame({"customers": [1], "purchases_per_year": [2], "volume": [1]}, index=["homes"]),
    ... )
    >>> switching_gains(trade, "A", 0.1, horizon=3).gains.round(2).loc["homes"].to_dict()
    {'A': 0.44, 'B': 0.17}
    """
    check_kind("The gains from switching", Market, "Give the answer of brand_market", trade=trade)
    if problems := _gain_problems(trade, brand, step):
        raise InputError("The gains from switching", problems)
    place = list(trade.brands).index(brand)
    now = brand_values(trade, discount_rate, horizon, first_purchase_in=first_purchase_in).total[brand]
    gains = {}
    for row, last in enumerate(trade.brands):
        raised = trade.switching.copy()
        old = raised[..., row, place].copy()
        raised[..., row, :] *= ((1 - old - step) / (1 - old))[..., None]
        raised[..., row, place] = old + step
        changed = brand_values(
            replace(trade, switching=raised), discount_rate, horizon, first_purchase_in=first_purchase_in
        )
        gains[last] = changed.total[brand] - now
    return SwitchingGains(brand=brand, step=step, gains=pd.DataFrame(gains))


def _gain_problems(trade: Market, brand: str, step: float) -> list[Problem]:
    if brand not in list(trade.brands):
        return [Problem("brand", f"found {shown(brand)}", f"The brands are {', '.join(map(str, trade.brands))}")]
    if not (is_number(step) and 0 < step < 1):
        return [Problem("step", f"found {shown(step)}", "Give a positive share, such as 0.01 for one point")]
    largest = trade.switching[..., list(trade.brands).index(brand)].reshape(-1, len(trade.brands)).max(axis=0)
    return [
        Problem(f"from {last!r} to {brand!r}", f"{share:g} leaves no room for {step:g} more", "Give a smaller step")
        for last, share in zip(trade.brands, largest, strict=True)
        if share + step > 1
    ]


def _until(trade: Market, factor: np.ndarray, purchases: np.ndarray) -> np.ndarray:
    """Discounted purchases of each brand, the first counted one interval from now."""
    shares = trade.shares.to_numpy()
    total = np.zeros_like(shares)
    for purchase in range(1, int(purchases.max()) + 1):
        shares = next_shares(shares, trade.switching) * factor[:, None]
        total += np.where(purchase <= purchases, 1.0, 0.0)[:, None] * shares
    return total


def _for_ever(trade: Market, factor: np.ndarray) -> np.ndarray:
    """The same for ever: x = (a + x)·P·factor, solved for x."""
    steps = trade.switching * factor[:, None, None]
    first = next_shares(trade.shares.to_numpy(), trade.switching) * factor[:, None]
    system = np.eye(len(trade.brands)) - np.swapaxes(steps, -1, -2)
    return np.asarray(np.linalg.solve(system, first[..., None])[..., 0])
