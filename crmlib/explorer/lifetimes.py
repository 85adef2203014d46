"""The lifetime explorer: readers change margin, retention, rate, horizon and cost, and see the value year by year."""

from typing import Any

import altair
import numpy as np
import pandas as pd

from crmlib import drawing
from crmlib.clv.cashflows.discounting import TIMINGS, discounted_cash_flows
from crmlib.clv.cashflows.retention import expected_margins, margin_multiple
from crmlib.explorer.page import INK, Explorer, Slider, dressed
from crmlib.figures.lifetime import cash_flows
from crmlib.tables import table

__all__ = ["lifetime_explorer"]

#: The results beside the chart; the first two are money.
_OUTCOMES = {
    "said_total": "Value within the horizon, {unit}",
    "said_endless": "Value for ever, {unit}",
    "said_share": "Share of the endless profit",
    "said_even": "Break-even, years from today",
}
_COST, _PROFIT = "Investment", "Profit, present value"


def lifetime_explorer(
    margin: float,
    retention: float,
    rate: float,
    cost: float,
    horizon: int,
    *,
    timing: str,
    first: str,
    unit: str,
    alt: str,
    origin: str | None = None,
    longest: int = 15,
) -> Explorer:
    """Make the value of a customer answer to sliders, year by year and for ever.

    The page computes what `crmlib.clv` computes at constant retention [gupta2003]_: the sum of
    ``margin·survival·(1 + rate)^−time`` over the payments within the horizon, less the cost.

    Parameters
    ----------
    margin, retention, rate, cost, horizon
        The start: yearly margin, retention and discount rate a year, acquisition cost paid today, years that count.
    timing, first
        When margins come, as in `crmlib.clv.cashflows.retention.margin_multiple`.
    unit
        Unit of the money, for the reader.
    alt
        Text alternative of the figure at the start.
    origin
        Origin of the start, for the mark of the table.
    longest
        The longest horizon.

    Raises
    ------
    ValueError
        If `alt` is empty.
    InputError
        If a term is out of its bounds, or the value has no limit.

    Examples
    --------
    >>> words = {"unit": "yuan", "alt": "Bars and a line"}
    >>> explorer = lifetime_explorer(100, 0.8, 0.1, 150, 3, timing="end", first="certain", **words)
    >>> [slider.label for slider in explorer.sliders["The money"]]
    ['Discount rate', 'Years that count']
    """
    margin_multiple(retention, rate, timing, first)  # refuses a value without a limit
    margins = pd.DataFrame(float(margin), index=["start"], columns=range(1, longest + 1))
    kept = pd.DataFrame(float(retention), margins.index, margins.columns)
    expected = expected_margins(margins, kept, first)
    within = discounted_cash_flows(expected, rate, timing, cost, horizon)
    every = discounted_cash_flows(expected, rate, timing, cost, longest)
    survival = (expected / margins).loc["start"] if margin else kept.loc["start"]
    rows = pd.DataFrame(
        {
            "Still a customer": [1.0, *survival],
            "Paid in or out, present value": [-float(cost), *every.discounted.loc["start"]],
            "Value so far": [-float(cost), *every.cumulated.loc["start"]],
        },
        index=pd.Index([0.0, *(np.arange(longest) + TIMINGS[timing])], name="Years from today"),
    )
    sliders = _sliders(margin, retention, rate, cost, horizon, longest)
    formats = {"Still a customer": "{:.1%}"} | dict.fromkeys(rows.columns[1:], "{:,.0f}")
    return Explorer(
        spec=_spec(sliders, rows, timing, first, unit, alt),
        sliders=sliders,
        figure=cash_flows(within, "start", unit, alt=alt),
        table=table(rows, caption=f"Payment by payment; {unit}", formats=formats, origin=origin),
        outcomes={name: label.format(unit=unit) for name, label in _OUTCOMES.items()},
    )


def _sliders(
    margin: float, retention: float, rate: float, cost: float, horizon: int, longest: int
) -> dict[str, tuple[Slider, ...]]:
    """The sliders by heading; money runs from nothing to twice the start or more, in round steps."""
    step = 10.0 ** np.floor(np.log10(max(margin, cost, 1) / 10))
    most = float(step * np.ceil(2 * max(margin, cost, 1) / step))
    return {
        "The customer": (
            Slider("margin", "Margin a year", float(margin), 0, most, float(step)),
            Slider("retention", "Retention", float(retention), 0, 0.99, 0.01),
            Slider("cost", "Acquisition cost", float(cost), 0, most, float(step)),
        ),
        "The money": (
            Slider("rate", "Discount rate", float(rate), 0, 0.4, 0.01),
            Slider("years", "Years that count", float(horizon), 1, longest, 1),
        ),
    }


def _spec(
    sliders: dict[str, tuple[Slider, ...]], rows: pd.DataFrame, timing: str, first: str, unit: str, alt: str
) -> dict[str, Any]:
    """Vega-Lite specification: the numbers of the payments are data, all else is computed from the parameters."""
    parameters = [altair.param(slider.parameter, value=slider.value) for group in sliders.values() for slider in group]
    chart = _computed(_drawn(unit), TIMINGS[timing], int(first == "at_risk")).add_params(*parameters)
    payments = [{"row": number} for number in range(len(rows))]
    data = altair.InlineData(payments, name="payments")
    specification: dict[str, Any] = chart.properties(data=data, description=alt).to_dict()
    return specification


def _computed(chart: altair.LayerChart, offset: float, risk: int) -> altair.LayerChart:
    """The chart with what `discounted_cash_flows` and `margin_multiple` compute; row 0 is the investment of today."""
    endless = f"margin * pow(retention, {risk}) * pow(1 + rate, {1 - offset}) / (1 + rate - retention) - cost"
    return (
        chart.transform_filter("datum.row <= years")
        .transform_calculate(
            time=f"max(datum.row - 1 + {offset}, 0)", survival=f"pow(retention, max(datum.row - 1 + {risk}, 0))"
        )
        .transform_calculate(flow="if(datum.row == 0, -cost, margin * datum.survival * pow(1 + rate, -datum.time))")
        .transform_window(value="sum(flow)", before="lag(time)", sort=[altair.SortField("row")])
        .transform_calculate(
            reached="if(datum.row == 0, if(cost <= 0, 0, null), if(datum.value >= 0 && datum.value - datum.flow < 0, "
            "datum.before + (datum.time - datum.before) * (datum.flow - datum.value) / datum.flow, null))"
        )
        .transform_joinaggregate(total="sum(flow)", even="min(reached)")
        .transform_calculate(
            endless=endless,
            kind=f"if(datum.row == 0, '{_COST}', '{_PROFIT}')",
            left="datum.time - 0.3",
            right="datum.time + 0.3",
            cells="[format(datum.survival, '.1%'), format(datum.flow, ',.0f'), format(datum.value, ',.0f')]",
            said_total="format(datum.total, ',.0f')",
            said_endless=f"format({endless}, ',.0f')",
            said_share="format(1 - pow(retention / (1 + rate), years), '.1%')",
            said_even="if(isValid(datum.even), format(datum.even, '.2f'), 'not within the horizon')",
        )
    )


def _drawn(unit: str) -> altair.LayerChart:
    """Bars of payments, the line of the value so far, and rules at zero, break-even and the endless value."""
    kinds = altair.Scale(domain=[_PROFIT, _COST], range=[drawing.PALETTE[0], drawing.PALETTE[1]])
    legend = altair.Legend(title=None, orient="bottom", labelLimit=0)
    x = altair.X(
        "time:Q", title="Years from today", scale=altair.Scale(nice=False, padding=14), axis=altair.Axis(tickMinStep=1)
    )
    y = altair.Y("value:Q", title=unit)
    bars = altair.Chart().mark_bar().encode(
        altair.X("left:Q"), altair.X2("right:Q"), altair.Y("flow:Q"), altair.Y2(datum=0),
        altair.Color("kind:N", scale=kinds, legend=legend),
    )  # fmt: skip
    one = altair.Chart().transform_filter("datum.row == 0")
    even = altair.Chart().transform_filter("datum.row == 0 && isValid(datum.even)")
    below = {"align": "left", "dx": 4, "dy": 12, "fontSize": 12, "color": INK}
    return dressed(
        altair.layer(
            bars,
            one.mark_rule(color=INK).encode(y=altair.datum(0)),
            one.mark_rule(color=INK, strokeDash=[6, 4]).encode(y="endless:Q"),
            one.mark_text(**below).encode(x=altair.value(0), y="endless:Q", text=altair.value("for ever")),
            even.mark_rule(color=INK, strokeDash=[2, 3]).encode(x="even:Q"),
            altair.Chart().mark_line(color=INK).encode(x, y),
            altair.Chart().mark_point(color=INK, fill=INK, opacity=1, size=45).encode(x, y),
        ),
        height=380,
    )
