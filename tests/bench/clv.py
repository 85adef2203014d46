"""Speed of `crmlib.clv` and `crmlib.transactions` beside their peers: the same customers, in one run. By `make bench`.

Writes data/speed/clv.csv, one row a contender, with its peak of memory. The chapter on speed shows it.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # before numpy is imported

import logging
import warnings
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

import clvkit
import duckdb
import lifetimes
import numpy as np
import pandas as pd
import polars as pl
from lifetimes.utils import summary_data_from_transaction_data
from pymc_extras.prior import Prior
from pymc_marketing import clv as pymc_clv
from pymc_marketing.clv.utils import rfm_summary
from scipy.optimize import minimize
from scipy.special import expit, gammaln, psi
from tqdm import tqdm

import crmlib
from crmlib.clv.purchases import bg_nbd, cells, gamma_gamma, lifetime_value, pareto_nbd
from crmlib.transactions import CustomerSummary, customer_summary, transaction_log
from tests.bench.timing import Contender, compared, write

ROUNDS = 5
CUSTOMERS, OF_PARETO, OF_CLVKIT = 1_000_000, 100_000, 50_000
ROWS = 10_000_000
TRUE = bg_nbd.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")
RATE = 0.01  # a month of 365.25/12 days; both peers count 4.345 weeks, or 30 days
END = "2019-12-31"


@cache
def customers(count: int) -> pd.DataFrame:
    """Simulated customers, observed for 27 to 39 weeks, their purchases dated by the day."""
    rng = np.random.default_rng(1)
    weeks = np.round(rng.uniform(27, 39, count) * 7) / 7
    summary = TRUE.simulate(weeks, seed=2).customers
    summary["recency"] = np.minimum(np.ceil(summary["recency"] * 7), np.round(summary["T"] * 7)) / 7
    summary["monetary_value"] = gamma_gamma.GammaGamma(6.25, 3.74, 15.44).simulate(summary["frequency"], seed=3)
    return summary.rename_axis("customer_id")


def for_pymc(summary: pd.DataFrame) -> pd.DataFrame:
    """The same customers as pymc-marketing takes them."""
    return summary.reset_index().fillna({"monetary_value": 0.0})


def pymc_model(model: type, data: pd.DataFrame, names: list[str]) -> Any:
    """A model fitted by pymc-marketing: flat priors, under which the posterior is highest where the likelihood is."""
    found = model(data=data, model_config={name: Prior("HalfFlat") for name in names})
    found.fit(method="map", progressbar=False)
    return found


def parameters(model: Any, names: list[str]) -> np.ndarray:
    """The parameters of a model of pymc-marketing."""
    return np.array([float(model.idata.posterior[name].mean()) for name in names])


def plain_bg_nbd(x: np.ndarray, recency: np.ndarray, end: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """BG/NBD in plain NumPy: L-BFGS with the analytic gradient, no checks, one row a history."""
    bought = x > 0

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = parameters = np.exp(logs)
        behind = b + np.maximum(x, 1) - 1
        log_end, log_recency = np.log(alpha + end), np.log(alpha + recency)
        odds = np.log(a / behind) + (r + x) * (log_end - log_recency)
        left = np.where(bought, expit(odds), 0.0)
        value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(b + x) - gammaln(b) + gammaln(a + b)
        value += np.where(bought, np.logaddexp(0, odds), 0.0) - gammaln(a + b + x) - (r + x) * log_end
        slopes = (
            psi(r + x) - psi(r) + np.log(alpha) - (1 - left) * log_end - left * log_recency,
            r / alpha - (r + x) * ((1 - left) / (alpha + end) + left / (alpha + recency)),
            psi(a + b) - psi(a + b + x) + left / a,
            psi(b + x) - psi(b) + psi(a + b) - psi(a + b + x) - left / behind,
        )
        total = weights.sum()
        return -(weights @ value) / total, -np.array([weights @ slope for slope in slopes]) * parameters / total

    start = np.log([0.5, end.mean(), 1.0, 2.0])
    return np.exp(minimize(objective, start, jac=True, method="L-BFGS-B", options={"gtol": 1e-8, "ftol": 1e-14}).x)


def plain_cells(summary: pd.DataFrame) -> np.ndarray:
    """The same on weighted cells, packed into one key by hand because the times are known to be days."""
    x = summary["frequency"].to_numpy()
    recency, end = (np.rint(summary[name].to_numpy() * 7).astype(np.int64) for name in ("recency", "T"))
    keys, counts = np.unique((x * 512 + recency) * 512 + end, return_counts=True)
    return plain_bg_nbd(keys // 512**2, keys // 512 % 512 / 7, keys % 512 / 7, counts.astype(float))


def told_apart(share: float) -> str:
    """By how much an answer is apart from ours, in words."""
    return f"apart by {abs(share):.0e}" if share else "the same answer"


def same_likelihood(model: Any, own: Any, ours: float) -> Callable[[np.ndarray], str]:
    """Says by how much the log-likelihood at a contender's parameters is apart from ours, as a share."""
    return lambda found: told_apart(model.having(*found).log_likelihood(own) / ours - 1)


def as_clvkit(summary: pd.DataFrame) -> clvkit.CustomerBase:
    """The customers as clvkit takes them: it reads transactions only, so each history is written out."""
    days = (summary[["recency", "T"]] * 7).round().astype(int)
    n = summary["frequency"].to_numpy()
    owner = np.repeat(np.arange(len(n)), n + 1)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(n + 1) - n - 1, n + 1)
    # The last purchase is on its day; the others, whose days the model ignores, lie on distinct days before it.
    day = np.where(place == n[owner], days["recency"].to_numpy()[owner], place)
    dates = pd.Timestamp(END) - pd.to_timedelta(days["T"].to_numpy()[owner] - day, unit="D")
    log = pd.DataFrame({"customer_id": owner, "date": dates, "amount": 1.0})
    return clvkit.CustomerBase.from_transactions(log, time_unit="D", observation_period_end=END)


def bg_nbd_fits() -> list[Contender]:
    """BG/NBD, 1 million customers."""
    summary = customers(CUSTOMERS)
    data = for_pymc(summary)
    x, recency, end = (summary[name].to_numpy() for name in ("frequency", "recency", "T"))
    weekly = CustomerSummary(summary, unit="week")
    own = cells.purchase_cells(weekly)
    ours = bg_nbd.fit_bg_nbd(own).log_likelihood
    base = as_clvkit(summary.iloc[:OF_CLVKIT])
    names = ["r", "alpha", "a", "b"]
    pymc_model(pymc_clv.BetaGeoModel, data.iloc[:500], names)  # compiles
    check = same_likelihood(TRUE, own, ours)
    return [
        Contender(
            "crmlib", crmlib.__version__, lambda: bg_nbd.fit_bg_nbd(weekly).parameters,
            note=f"{len(own):,} cells", check=check,
        ),
        Contender(
            "lifetimes", version("lifetimes"),
            lambda: lifetimes.BetaGeoFitter().fit(x, recency, end).params_[names], check=check,
        ),
        Contender(
            "pymc-marketing", version("pymc-marketing"),
            lambda: parameters(pymc_model(pymc_clv.BetaGeoModel, data, names), names), check=check,
        ),
        Contender(
            "clvkit", version("clvkit"), lambda: clvkit.BGNBD().fit(base), CUSTOMERS / OF_CLVKIT,
            f"{OF_CLVKIT:,} of the customers, time scaled up",
        ),
        Contender(
            "NumPy, each customer", np.__version__, lambda: plain_bg_nbd(x, recency, end, np.ones(len(x))), check=check
        ),
        Contender("NumPy, weighted cells", np.__version__, lambda: plain_cells(summary), check=check),
    ]  # fmt: skip


def pareto_nbd_fits() -> list[Contender]:
    """Pareto/NBD, 100,000 customers."""
    summary = customers(CUSTOMERS).iloc[:OF_PARETO]
    data = for_pymc(summary)
    x, recency, end = (summary[name].to_numpy() for name in ("frequency", "recency", "T"))
    weekly = CustomerSummary(summary, unit="week")
    own = cells.purchase_cells(weekly)
    fit = pareto_nbd.fit_pareto_nbd(own)
    names = ["r", "alpha", "s", "beta"]
    pymc_model(pymc_clv.ParetoNBDModel, data.iloc[:500], names)  # compiles
    check = same_likelihood(fit.model, own, fit.log_likelihood)
    return [
        Contender(
            "crmlib", crmlib.__version__, lambda: pareto_nbd.fit_pareto_nbd(weekly).parameters,
            note=f"{len(own):,} cells", check=check,
        ),
        Contender(
            "lifetimes", version("lifetimes"),
            lambda: lifetimes.ParetoNBDFitter().fit(x, recency, end).params_[names], check=check,
        ),
        Contender(
            "pymc-marketing", version("pymc-marketing"),
            lambda: parameters(pymc_model(pymc_clv.ParetoNBDModel, data, names), names), check=check,
        ),
    ]  # fmt: skip


def gamma_gamma_fits() -> list[Contender]:
    """Gamma-Gamma spend, the repeat buyers among 1 million customers."""
    summary = customers(CUSTOMERS)
    repeat = summary[summary["frequency"] > 0]
    data = for_pymc(repeat)
    weekly = CustomerSummary(summary, unit="week")
    own = gamma_gamma.spend_cells(weekly)
    fit = gamma_gamma.fit_gamma_gamma(own)
    pymc_model(pymc_clv.GammaGammaModel, data.iloc[:500], ["p", "q", "v"])  # compiles
    check = same_likelihood(fit.model, own, fit.log_likelihood)
    return [
        Contender(
            "crmlib", crmlib.__version__,
            lambda: gamma_gamma.fit_gamma_gamma(weekly).parameters,
            note=f"{len(own.frame):,} cells", check=check,
        ),
        Contender(
            "lifetimes", version("lifetimes"),
            lambda: lifetimes.GammaGammaFitter()
            .fit(repeat["frequency"].to_numpy(), repeat["monetary_value"].to_numpy()).params_[["p", "q", "v"]],
            check=check,
        ),
        Contender(
            "pymc-marketing", version("pymc-marketing"),
            lambda: parameters(pymc_model(pymc_clv.GammaGammaModel, data, ["p", "q", "v"]), ["p", "q", "v"]),
            check=check,
        ),
    ]  # fmt: skip


def lifetime_values() -> list[Contender]:
    """Value of the coming twelve months, 1 million customers, discounted month by month, models fitted before."""
    summary = customers(CUSTOMERS)
    few, data = summary.iloc[:20_000], for_pymc(summary)
    repeat = few[few["frequency"] > 0]
    weeks = {name: few[name].to_numpy() for name in ("frequency", "recency", "T")}
    old_purchases = lifetimes.BetaGeoFitter().fit(**weeks)
    old_spend = lifetimes.GammaGammaFitter().fit(repeat["frequency"].to_numpy(), repeat["monetary_value"].to_numpy())
    new_purchases = pymc_model(pymc_clv.BetaGeoModel, for_pymc(few), ["r", "alpha", "a", "b"])
    new_spend = pymc_model(pymc_clv.GammaGammaModel, for_pymc(repeat), ["p", "q", "v"])
    model = TRUE.having(*old_purchases.params_[["r", "alpha", "a", "b"]])
    spend = gamma_gamma.GammaGamma(*old_spend.params_[["p", "q", "v"]])

    def ours() -> np.ndarray:
        found = lifetime_value.customer_lifetime_value(
            CustomerSummary(summary, unit="week"), model, spend, discount_rate=(1 + RATE) ** 12 - 1, horizon=12
        )
        return found.value.to_numpy()

    def of_lifetimes() -> np.ndarray:
        columns = [summary[name] for name in ("frequency", "recency", "T")]
        money = summary["monetary_value"].fillna(0)
        return old_spend.customer_lifetime_value(
            old_purchases, *columns, money, time=12, discount_rate=RATE, freq="W"
        ).to_numpy()

    def of_pymc() -> np.ndarray:
        found = new_spend.expected_customer_lifetime_value(
            new_purchases, data, future_t=12, discount_rate=RATE, time_unit="W"
        )
        return found.mean(("chain", "draw")).to_numpy()

    def apart(found: np.ndarray) -> str:
        return told_apart(found.sum() / total - 1)

    total = ours().sum()
    return [
        Contender("crmlib", crmlib.__version__, ours, check=apart),
        Contender("lifetimes", version("lifetimes"), of_lifetimes, check=apart),
        Contender("pymc-marketing", version("pymc-marketing"), of_pymc, check=apart),
    ]


def transactions(rows: int) -> pd.DataFrame:
    """Transactions of two years; a few customers buy often."""
    rng = np.random.default_rng(4)
    owners = (rng.random(rows) ** 2 * rows / 10).astype(np.int64)
    dates = np.datetime64("2018-01-01") + rng.integers(0, 730, rows)
    amounts = np.round(rng.gamma(2, 20, rows) + 0.01, 2)
    return pd.DataFrame({"customer": owners, "date": dates.astype("datetime64[us]"), "amount": amounts})


def summaries() -> list[Contender]:
    """From 10 million transactions to one row a customer."""
    log = transactions(ROWS)
    arrow = pl.from_pandas(log)
    relation = duckdb.from_arrow(arrow.to_arrow())
    ours = customer_summary(transaction_log(arrow, end=END), unit="day").customers

    def by_polars() -> pd.DataFrame:
        days = arrow.lazy().group_by("customer", "date").agg(pl.col("amount").sum())
        found = days.group_by("customer").agg(
            (pl.len() - 1).alias("frequency"), pl.col("date").min().alias("first"), pl.col("date").max().alias("last"),
            pl.col("amount").sum(), pl.col("amount").min_by("date").alias("first_amount"),
        )  # fmt: skip
        return in_days(found.collect().to_pandas())

    def by_duckdb() -> pd.DataFrame:
        return in_days(
            relation.query(
                "log",
                "SELECT customer, count(*) - 1 AS frequency, min(date) AS first, max(date) AS last, sum(a) AS amount, "
                "arg_min(a, date) AS first_amount "
                "FROM (SELECT customer, date, sum(amount) AS a FROM log GROUP BY ALL) GROUP BY customer",
            ).df()
        )

    def by_pandas() -> pd.DataFrame:
        days = log.groupby(["customer", "date"], as_index=False)["amount"].sum()
        found = days.groupby("customer").agg(
            frequency=("date", "size"), first=("date", "first"), last=("date", "last"),
            amount=("amount", "sum"), first_amount=("amount", "first"),
        )  # fmt: skip
        return in_days(found.assign(frequency=found["frequency"] - 1).reset_index())

    def of_lifetimes() -> pd.DataFrame:
        return summary_data_from_transaction_data(log, "customer", "date", "amount", observation_period_end=END)

    def of_pymc() -> pd.DataFrame:
        found = rfm_summary(log, "customer", "date", "amount", observation_period_end=END)
        return found.set_index("customer_id")

    def of_clvkit() -> pd.DataFrame:
        base = clvkit.CustomerBase.from_transactions(log, "customer", "date", "amount", observation_period_end=END)
        return base.to_pandas()

    def apart(found: pd.DataFrame) -> str:
        found = found.loc[ours.index] if found.index.name else found.set_index("customer").loc[ours.index]
        names = ["frequency", "recency", "T", "monetary_value"]
        expected = ours[names].fillna(0).to_numpy()
        gap = np.abs(found[names].fillna(0).to_numpy(dtype=float) - expected) / np.maximum(expected, 1)
        return told_apart(gap.max())

    def of_crmlib(table: object) -> Callable[[], pd.DataFrame]:
        return lambda: customer_summary(transaction_log(table, end=END), unit="day").customers

    return [
        Contender("crmlib", crmlib.__version__, of_crmlib(arrow), note="a polars table", check=apart),
        Contender("crmlib, DuckDB table", crmlib.__version__, of_crmlib(relation), check=apart),
        Contender("crmlib, pandas table", crmlib.__version__, of_crmlib(log), check=apart),
        Contender("polars by hand", pl.__version__, by_polars, check=apart),
        Contender("DuckDB by hand", duckdb.__version__, by_duckdb, check=apart),
        Contender("pandas by hand", pd.__version__, by_pandas, check=apart),
        Contender("lifetimes", version("lifetimes"), of_lifetimes, check=apart),
        Contender("pymc-marketing", version("pymc-marketing"), of_pymc, check=apart),
        Contender("clvkit", version("clvkit"), of_clvkit, check=apart),
    ]


def in_days(found: pd.DataFrame) -> pd.DataFrame:
    """Recency, T and mean spend of the later days, as every hand-written summary has to compute them."""
    found = found.set_index("customer")
    found["recency"] = (found["last"] - found["first"]).dt.days
    found["T"] = (pd.Timestamp(END) - found["first"]).dt.days
    later = found["amount"] - found["first_amount"]
    found["monetary_value"] = later / found["frequency"].where(found["frequency"] > 0)
    return found


MEASUREMENTS: dict[str, Callable[[], list[Contender]]] = {
    "BG/NBD, 1 million customers": bg_nbd_fits,
    "Pareto/NBD, 100,000 customers": pareto_nbd_fits,
    "Gamma-Gamma, 1 million customers": gamma_gamma_fits,
    "Twelve months' value, 1 million customers": lifetime_values,
    "Summary of 10 million transactions": summaries,
}


def main() -> None:
    """Measure everything, show it and write it to data/speed."""
    warnings.simplefilter("ignore")  # of the peers
    logging.disable(logging.WARNING)
    rows = []
    with tqdm(total=ROUNDS * len(MEASUREMENTS), unit="round") as progress:
        for name, prepare in MEASUREMENTS.items():
            progress.set_description(name)
            rows += compared(name, prepare(), ROUNDS, progress.update)
    write(rows, "clv")


if __name__ == "__main__":
    main()
