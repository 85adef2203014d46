"""Customers who may leave: constant and changing retention, the margin multiple, Berger and Nasr's cases.

A customer who leaves is lost for good here. Customers who come back, Berger and Nasr's case 5, are a chain of
states: `crmlib.clv.chains.migration`.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import scipy

from crmlib.checks import check_choice, shown
from crmlib.clv._numbers import check_tables, checked_times
from crmlib.clv.cashflows.discounting import annuity_factor
from crmlib.clv.terms import Amount, align
from crmlib.errors import InputError, Problem

__all__ = [
    "FIRST_MARGINS",
    "continuous_value",
    "expected_margins",
    "margin_multiple",
    "profit_curve",
    "purchase_cycle_value",
    "share_within",
]

#: Whether the first margin comes for certain or only if the customer is retained first.
FIRST_MARGINS: Mapping[str, str] = {
    "certain": "the customer pays the first margin whatever happens: retention r is applied from the second on",
    "at_risk": "the customer may leave before the first margin: retention r is applied to it too",
}


def margin_multiple(
    retention: Amount,
    discount_rate: Amount,
    timing: str,
    first: str,
    horizon: Amount = np.inf,
    growth: Amount = 0.0,
) -> Amount:
    """How many of its yearly margins a customer is worth today, at constant retention.

    A margin m that survives each period with probability r is, in expectation, an annuity that grows by
    (1 + g)·r − 1 a period. For ever, without growth, this gives
    ``r/(1 + d − r)`` with ``first="at_risk"``, ``timing="end"``, the margin multiple of [gupta2003]_;
    ``(1 + d)/(1 + d − r)`` with ``first="certain"``, ``timing="start"``: the first margin is paid now;
    ``1/(1 + d − r)`` with ``first="certain"``, ``timing="end"``: a year from now, for certain.

    Parameters
    ----------
    retention
        Probability r of staying from one period to the next, 0 to 1.
    discount_rate
        Discount rate d a period, above −1.
    timing
        When in its period the margin is paid, one of `crmlib.clv.cashflows.discounting.TIMINGS`.
    first
        One of `FIRST_MARGINS`.
    horizon
        Margins that count: whole, 0 or more; infinity by default.
    growth
        Growth g of the margin a period.

    Raises
    ------
    InputError
        If a term is out of its bounds, or the value has no limit: r·(1 + g) ≥ 1 + d over an endless horizon.

    Examples
    --------
    >>> round(margin_multiple(0.8, 0.12, "end", "at_risk"), 2), round(margin_multiple(0.8, 0.12, "start", "certain"), 2)
    (2.5, 3.5)
    """
    subject = "The margin multiple"
    kinds = {"retention": "probability", "growth": "growth"}
    terms = align(subject, kinds, retention=retention, growth=growth)
    if problems := check_choice("first", first, FIRST_MARGINS):
        raise InputError(subject, problems)
    decline = terms.answer(terms["retention"] * (1 + terms["growth"]) - 1)
    factor = annuity_factor(discount_rate, horizon, timing, decline)
    return factor * retention if first == "at_risk" else factor


def share_within(horizon: Amount, retention: Amount, discount_rate: Amount, growth: Amount = 0.0) -> Amount:
    """Share of the endless value that the horizon holds: ``1 − [r(1 + g)/(1 + d)]ⁿ``, whatever the timing.

    Examples
    --------
    >>> round(share_within(3, retention=0.8, discount_rate=0.1), 3)
    0.615
    """
    endless = margin_multiple(retention, discount_rate, "start", "certain", growth=growth)
    return margin_multiple(retention, discount_rate, "start", "certain", horizon, growth) / endless


def expected_margins(margin: pd.DataFrame, retention: pd.DataFrame, first: str) -> pd.DataFrame:
    """Margins of each period times the probability that the customer is still there, for retention that changes.

    Parameters
    ----------
    margin
        Shape (customers, periods): margin of each period if the customer is there.
    retention
        Same shape: probability of staying into the period from the one before (before the first: from today).
    first
        One of `FIRST_MARGINS`; ``"certain"`` takes no notice of the first period's retention.

    Returns
    -------
    pandas.DataFrame
        Same shape; ready for `crmlib.clv.cashflows.discounting.discounted_cash_flows`.

    Raises
    ------
    InputError
        Lists every customer and period with a retention outside 0 to 1; also tables that do not match.

    Examples
    --------
    >>> margin = pd.DataFrame([[10.0, 10.0, 10.0]], index=["A"])
    >>> expected_margins(margin, pd.DataFrame([[1.0, 0.5, 0.8]], index=["A"]), "certain").loc["A"].tolist()
    [10.0, 5.0, 4.0]
    """
    check_tables("The expected margins", margin=margin, retention=retention)
    subject = "The expected margins"
    problems = check_choice("first", first, FIRST_MARGINS)
    if not margin.columns.equals(retention.columns) or margin.columns.has_duplicates:
        problems.append(Problem("periods", "not the same in both tables, or one twice", "Give the same periods once"))
    if problems:
        raise InputError(subject, problems)
    names = {f"retention into period {name!r}": column for name, column in retention.items()}
    margins = {f"margin in period {name!r}": column for name, column in margin.items()}
    kinds = dict.fromkeys(names, "probability") | dict.fromkeys(margins, "money")
    terms = align(subject, kinds, margin.index, **margins, **names)
    stays = np.array([terms[name] for name in names]).reshape(margin.shape[::-1])
    amounts = np.array([terms[name] for name in margins]).reshape(margin.shape[::-1])
    if first == "certain":
        stays[:1] = 1
    return pd.DataFrame((amounts * stays.cumprod(axis=0)).T, margin.index, margin.columns)


def purchase_cycle_value(
    contribution: Amount,
    promotion: Amount,
    retention: Amount,
    discount_rate: Amount,
    cycles: Amount,
    cycle_years: Amount = 1.0,
) -> Amount:
    """Value of a customer who buys once a cycle: Berger and Nasr's cases 1, 2a and 2b [berger1998]_.

    ``Σ_{i=0..n} GC·rⁱ/(1 + d)^(i·q) − Σ_{i=1..n} M·rⁱ⁻¹/(1 + d)^((i − ½)·q)``: a sale now and at the end of each of
    n cycles, and in the middle of each cycle the cost of keeping the customer.

    Parameters
    ----------
    contribution
        GC, margin of one sale.
    promotion
        M, cost of keeping the customer through one cycle.
    retention
        r, probability of buying again a cycle later.
    discount_rate
        d, discount rate **a year**.
    cycles
        n, cycles that count.
    cycle_years
        q, years from sale to sale: 1 is case 1, ½ is two sales a year (case 2a), 3 a sale every three years (case 2b).

    Raises
    ------
    InputError
        If a term is out of its bounds, or endless cycles have no finite value.

    Examples
    --------
    >>> round(purchase_cycle_value(260, 50, retention=0.75, discount_rate=0.2, cycles=10), 2)
    568.78
    """
    subject = "The value over purchase cycles"
    kinds = {
        "contribution": "money",
        "promotion": "cost",
        "retention": "probability",
        "discount_rate": "rate",
        "cycles": "periods",
        "years": "positive",
    }
    terms = align(
        subject,
        kinds,
        contribution=contribution,
        promotion=promotion,
        retention=retention,
        discount_rate=discount_rate,
        cycles=cycles,
        years=cycle_years,
    )
    half_a_cycle = (1 + terms["discount_rate"]) ** (-terms["years"] / 2)
    decline = terms.answer(terms["retention"] * half_a_cycle**2 - 1)  # of what a cycle is expected to bring, today
    sales = annuity_factor(0.0, terms.answer(terms["cycles"] + 1), "start", decline)
    mailings = annuity_factor(0.0, cycles, "start", decline) * terms.answer(half_a_cycle)
    return sales * contribution - mailings * promotion


def profit_curve(years: np.ndarray, start: float, rise: float, turn: float, ceiling: float) -> np.ndarray:
    """Yearly profit of a relationship that grows and levels off, Berger and Nasr's case 3 [berger1998]_.

    ``start + rise·t²`` up to the turn, then ``start + rise·turn² + ceiling·(1 − e^(turn − t))``.

    Examples
    --------
    >>> profit_curve(np.array([0.0, 5.0, 50.0]), start=20, rise=4, turn=5, ceiling=100).tolist()
    [20.0, 120.0, 220.0]
    """
    times = checked_times(years, "years")
    kinds = dict.fromkeys(["start", "rise", "turn", "ceiling"], "money")
    align("The profit curve", kinds, start=start, rise=rise, turn=turn, ceiling=ceiling)
    slow = np.maximum(times - turn, 0)
    return np.asarray(start + rise * np.minimum(times, turn) ** 2 - ceiling * np.expm1(-slow))


def continuous_value(
    profit: Callable[[np.ndarray], np.ndarray],
    retention: float,
    discount_rate: float,
    horizon: float,
) -> float:
    """Value of a profit that flows all the time: ``∫₀ⁿ profit(t)·[r/(1 + d)]ᵗ dt``.

    Berger and Nasr's case 4 [berger1998]_.

    Parameters
    ----------
    profit
        Money a year at each time t (years, an array): a curve. A spike that lasts hours is not seen.
    retention
        Probability r of staying a year.
    discount_rate
        Discount rate d a year.
    horizon
        Years n, finite.

    Raises
    ------
    InputError
        If a term is out of its bounds, or the profit is not finite, or jumps so that the integral is not sure.

    Examples
    --------
    >>> round(continuous_value(lambda t: 100 + 0 * t, retention=0.9, discount_rate=0.2, horizon=8), 2)
    312.81
    """
    if not callable(profit):
        raise InputError(
            "The continuous value", [Problem("profit", f"found {shown(profit)}", "Give a function of time")]
        )
    kinds = {"retention": "probability", "discount_rate": "rate", "horizon": "time"}
    terms = align("The continuous value", kinds, retention=retention, discount_rate=discount_rate, horizon=horizon)
    ratio = float((terms["retention"] / (1 + terms["discount_rate"]))[0])
    value, error, *doubts = scipy.integrate.quad(
        lambda t: float(profit(np.asarray(t))) * ratio**t, 0, horizon, full_output=True
    )
    if len(doubts) > 1 or not np.isfinite(value) or error > 1e-6 * max(abs(value), 1):
        found = f"cannot be summed up: found {value:.6g}, give or take {error:.2g}"
        raise InputError("The continuous value", [Problem("profit", found, "Give a finite profit without jumps")])
    return float(value)
