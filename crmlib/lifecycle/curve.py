"""The source's picture of a relationship as a model: volume rises, levels off and falls; profit follows later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
import scipy

from crmlib.arguments import Count, Each, NotNegative, Positive, checked
from crmlib.checks import NOT_NEGATIVE, Rule
from crmlib.errors import InputError, Problem
from crmlib.lifecycle.stages import STAGES

__all__ = ["Gain", "LifecycleCurve"]

#: The rise belongs to formation between this share and the rest of it; the fall begins with this share lost.
_EDGE = 0.1
_WIDTH = float(np.log((1 - _EDGE) / _EDGE))  # of an edge from the middle, in scales


_TRIAL = Rule("Give a share below 1", lambda values: (values >= 0) & (values < 1))
_Ages = Annotated[np.ndarray, Each(rule=NOT_NEGATIVE)]


@checked("The gain")
@dataclass(frozen=True)
class Gain:
    """Money per unit of volume that a relationship earns the longer it lasts: `amount`·(1 − exp(−t/`lag`))."""

    amount: NotNegative
    lag: Positive


@checked("The lifecycle curve")
@dataclass(frozen=True)
class LifecycleCurve:
    """Volume and profit of one customer at age t (periods since the first order).

    ``volume(t) = ceiling · (trial + (1 − trial)·Λ((t − rise)/rise_scale)) · (1 − Λ((t − fall)/fall_scale))`` with
    the logistic function Λ; ``profit(t) = volume(t) · (margin + Σ amount·(1 − exp(−t/lag))) − upkeep``.

    Three statements of the source are theorems here. (1) Volume has one peak. (2) As long as volume rises and profit
    is positive, profit grows by a larger percentage than volume. (3) Profit still rises when volume peaks. The
    first needs the fall to be at least as steep as the rise; the others, that a unit earns more the longer the
    relationship lasts; if by then it hardly does any more, both peaks round to one age.

    Parameters
    ----------
    ceiling
        Volume that the rise approaches, in units a period.
    trial
        Volume of the first trial orders as a share of the ceiling, at least 0 and below 1.
    rise, fall
        Age at which half of the rise, of the fall, is done.
    rise_scale, fall_scale
        Periods; four scales cover about the middle three quarters of the rise, of the fall.
    margin
        Money per unit at the start.
    gains
        What is added per unit with age, by its reason, such as prices, referrals, lower costs.
    upkeep
        Money a period that the relationship costs whatever its volume.

    Examples
    --------
    >>> curve = LifecycleCurve(100, 0.1, 8, 2, 30, 2, 2.0, {"lower costs": Gain(3.0, 12)}, 50.0)
    >>> curve.starts.round(1).to_dict()
    {'exploration': 0.0, 'formation': 3.6, 'stability': 12.4, 'decline': 25.6}
    >>> curve.peaks.round(1).to_dict()
    {'volume': 18.9, 'profit': 22.0}
    """

    ceiling: Positive
    trial: Annotated[float, _TRIAL]
    rise: NotNegative
    rise_scale: Positive
    fall: NotNegative
    fall_scale: Positive
    margin: NotNegative
    gains: Mapping[str, Gain]
    upkeep: NotNegative

    def __post_init__(self) -> None:
        if problems := self._shape_problems():
            raise InputError("The lifecycle curve", problems)

    def _shape_problems(self) -> list[Problem]:
        problems = []
        if self.fall_scale > self.rise_scale:
            found = f"found {self.fall_scale}, above rise_scale {self.rise_scale}"
            problems.append(Problem("fall_scale", found, "Let the fall be as steep as the rise or steeper"))
        if not self.starts.is_monotonic_increasing or not self.starts.is_unique:
            found = f"stages would start at {self.starts.round(2).to_dict()}"
            problems.append(Problem("rise and fall", found, "Let them lie farther apart, or make them steeper"))
        return problems

    @property
    def starts(self) -> pd.Series:
        """Age at which each stage starts: a tenth and nine tenths of the rise are done, a tenth of the fall."""
        half_rise, half_fall = _WIDTH * self.rise_scale, _WIDTH * self.fall_scale
        return pd.Series(
            [0.0, self.rise - half_rise, self.rise + half_rise, self.fall - half_fall], index=list(STAGES), name="start"
        )

    @checked("The ages")
    def stage(self, t: _Ages) -> np.ndarray:
        """Stage at each age."""
        return np.array(STAGES)[np.searchsorted(self.starts.to_numpy()[1:], t, side="right")]

    @checked("The ages")
    def volume(self, t: _Ages | NotNegative) -> np.ndarray:
        """Units a period at age t."""
        expit = scipy.special.expit
        risen = self.trial + (1 - self.trial) * expit((np.asarray(t) - self.rise) / self.rise_scale)
        return np.asarray(self.ceiling * risen * expit((self.fall - np.asarray(t)) / self.fall_scale))

    @checked("The ages")
    def profit_parts(self, t: _Ages) -> pd.DataFrame:
        """Money a period at each age from the margin, each gain and the upkeep; the sum of a row is the profit."""
        volume = self.volume(t)
        parts = {"margin": self.margin * volume}
        parts |= {name: gain.amount * -np.expm1(-t / gain.lag) * volume for name, gain in self.gains.items()}
        return pd.DataFrame(
            parts | {"upkeep": np.full(len(volume), -float(self.upkeep))}, index=pd.Index(t, name="age")
        )

    @checked("The ages")
    def profit(self, t: _Ages) -> np.ndarray:
        """Money a period at each age."""
        return self.profit_parts(np.asarray(t, dtype=float)).sum(axis=1).to_numpy()

    @property
    def peaks(self) -> pd.Series:
        """Age at which volume, and at which profit, is largest."""
        ages = np.linspace(0, self.fall + 20 * self.fall_scale, 2001)
        slopes = {"volume": self._growth, "profit": self._profit_slope}
        return pd.Series({name: _peak(slope, ages) for name, slope in slopes.items()})

    def _growth(self, t: np.ndarray | float) -> np.ndarray:
        """Relative slope of the volume at age t."""
        expit = scipy.special.expit
        risen, fallen = (np.asarray(t) - self.rise) / self.rise_scale, (np.asarray(t) - self.fall) / self.fall_scale
        rise = (1 - self.trial) * expit(risen) * expit(-risen) / (self.trial + (1 - self.trial) * expit(risen))
        return np.asarray(rise / self.rise_scale - expit(fallen) / self.fall_scale)

    def _profit_slope(self, t: np.ndarray | float) -> np.ndarray:
        """Slope of the profit at age t, for each unit of volume."""
        age, gains = np.asarray(t), self.gains.values()
        unit = self.margin + sum(gain.amount * -np.expm1(-age / gain.lag) for gain in gains)
        return np.asarray(
            self._growth(t) * unit + sum(gain.amount / gain.lag * np.exp(-age / gain.lag) for gain in gains)
        )

    @checked("The ages")
    def to_frame(self, periods: Count) -> pd.DataFrame:
        """Stage, volume and profit at ages 0, 1, …, periods − 1."""
        t = np.arange(periods, dtype=float)
        table = {"stage": self.stage(t), "volume": self.volume(t), "profit": self.profit(t)}
        return pd.DataFrame(table, index=pd.Index(t, name="age"))


def _peak(slope: Callable[[np.ndarray | float], np.ndarray], ages: np.ndarray) -> float:
    """Where the slope changes from positive to negative, which it does once; the values are too flat there to tell."""
    rising = np.flatnonzero(slope(ages) > 0)
    if not len(rising):
        return 0.0
    before, after = ages[rising[-1] : rising[-1] + 2].tolist()
    return float(scipy.optimize.brentq(lambda age: float(slope(age)), before, after, xtol=1e-14))
