"""Speed of the tables of transactions beside engines by hand and peers: the same 10 million rows. By `make bench`.

Writes data/speed/tables.csv, one row a contender, with its peak of memory. The chapter on speed shows it.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # before numpy is imported

import logging
import warnings
from collections.abc import Callable
from functools import cache
from importlib.metadata import version

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from clvkit import CohortMatrix
from pymc_marketing.clv.utils import rfm_segments as pymc_segments
from tqdm import tqdm

import crmlib
from crmlib.pareto import LEFT, NEW, abc_classes, pyramid_migration
from crmlib.transactions import cohort_table, customer_summary, revenue_by_period, rfm_scores, transaction_log
from tests.bench.timing import Contender, compared, write

ROUNDS = 5
ROWS = 10_000_000
END = "2019-12-31"
MONTHS, YEARS, BINS = 24, (2018, 2019), 4
CUTS = (0.8, 0.95)  # of the cumulated revenue of a year: classes A, B, C


@cache
def transactions() -> pd.DataFrame:
    """Transactions of two years; a few customers buy often, and new ones come all the time."""
    rng = np.random.default_rng(4)
    owners = (rng.random(ROWS) ** 2 * ROWS / 10).astype(np.int64)
    came = np.random.default_rng(5).integers(0, 600, ROWS // 10 + 1)
    dates = np.datetime64("2018-01-01") + np.maximum(rng.integers(0, 730, ROWS), came[owners])
    amounts = np.ceil(rng.gamma(2, 2000, ROWS))  # whole cents, so that every engine adds them up exactly
    return pd.DataFrame({"customer": owners, "date": dates.astype("datetime64[us]"), "amount": amounts})


@cache
def tables() -> dict[str, object]:
    """The same transactions in three engines."""
    arrow = pl.from_pandas(transactions())
    return {"": arrow, ", DuckDB table": duckdb.from_arrow(arrow.to_arrow()), ", pandas table": transactions()}


def of_crmlib(work: Callable[[object], np.ndarray], apart: Callable[[np.ndarray], str]) -> list[Contender]:
    """The library in each engine, the check of all rows included."""
    return [
        Contender(f"crmlib{name}", crmlib.__version__, lambda table=table: work(table),
                  note="" if name else "a polars table", check=apart)
        for name, table in tables().items()
    ]  # fmt: skip


def difference(ours: np.ndarray) -> Callable[[np.ndarray], str]:
    """Says by how many customers a table differs from ours."""
    return lambda found: f"{int(np.abs(found - ours).sum()):,} of {int(ours.sum()):,} counts other than crmlib's"


def by_ages(found: pd.DataFrame) -> np.ndarray:
    """Customers by month of the first purchase and months since then, from the columns cohort, month, customers."""
    table = np.zeros((MONTHS, MONTHS))
    table[found["cohort"], found["month"] - found["cohort"]] = found["customers"]
    return table


def cohorts() -> list[Contender]:
    """Customers and revenue by month of the first purchase and months since then."""
    log = transactions()
    _, relation, _ = tables().values()
    arrow = tables()[""]

    def ours(table: object) -> np.ndarray:
        return cohort_table(transaction_log(table, end=END)).customers.fillna(0).to_numpy()

    def by_polars() -> np.ndarray:
        month = (pl.col("date").dt.year() - YEARS[0]) * 12 + pl.col("date").dt.month() - 1
        months = arrow.lazy().group_by("customer", month=month.cast(pl.Int64)).agg(pl.col("amount").sum())
        first = months.group_by("customer").agg(cohort=pl.col("month").min())
        cells = months.join(first, on="customer").group_by("cohort", "month")
        return by_ages(cells.agg(pl.len().alias("customers"), pl.col("amount").sum()).collect().to_pandas())

    def by_duckdb() -> np.ndarray:
        return by_ages(
            relation.query(
                "log",
                "WITH months AS (SELECT customer, (year(date) - 2018) * 12 + month(date) - 1 AS month, "
                "sum(amount) AS a FROM log GROUP BY ALL), "
                "first AS (SELECT customer, min(month) AS cohort FROM months GROUP BY ALL) "
                "SELECT cohort, month, count(*) AS customers, sum(a) "
                "FROM months JOIN first USING (customer) GROUP BY ALL",
            ).df()
        )

    def by_pandas() -> np.ndarray:
        month = (log["date"].dt.year - YEARS[0]) * 12 + log["date"].dt.month - 1
        months = log["amount"].groupby([log["customer"], month.rename("month")]).sum().reset_index()
        months["cohort"] = months.groupby("customer")["month"].transform("min")
        cells = months.groupby(["cohort", "month"])["amount"].agg(["size", "sum"]).reset_index()
        return by_ages(cells.rename(columns={"size": "customers"}))

    def of_clvkit() -> np.ndarray:
        found = CohortMatrix.from_transactions(log, customer_id_col="customer", period="M")
        return found.to_pandas().fillna(0).to_numpy(dtype=float)

    apart = difference(ours(arrow))
    return [
        *of_crmlib(ours, apart),
        Contender("polars by hand", pl.__version__, by_polars, check=apart),
        Contender("DuckDB by hand", duckdb.__version__, by_duckdb, check=apart),
        Contender("pandas by hand", pd.__version__, by_pandas, check=apart),
        Contender("clvkit", version("clvkit"), of_clvkit, note="customers only, no revenue", check=apart),
    ]


def as_matrix(found: pd.DataFrame) -> np.ndarray:
    """Customers by class in both years, 3 being none, from the columns before, now and customers."""
    table = np.zeros((4, 4))
    table[found["before"], found["now"]] = found["customers"]
    return table


def migrations() -> list[Contender]:
    """Customers by class of revenue, A, B, C or none, in the first year and in the second."""
    log = transactions()
    _, relation, _ = tables().values()
    arrow = tables()[""]

    def ours(table: object) -> np.ndarray:
        revenue = revenue_by_period(transaction_log(table, end=END), "year")
        before, now = (abc_classes(revenue.loc[revenue[year] > 0, year]) for year in revenue)
        return pyramid_migration(before, now).counts.loc[[*"ABC", NEW], [*"ABC", LEFT]].to_numpy()

    def by_polars() -> np.ndarray:
        years = arrow.lazy().group_by("customer", pl.col("date").dt.year().alias("year")).agg(pl.col("amount").sum())
        years = years.sort("amount", descending=True).collect()
        classes = []
        for year in YEARS:
            one = years.lazy().filter(pl.col("year") == year)
            share = (pl.col("amount").cum_sum() - pl.col("amount")) / pl.col("amount").sum()
            name = sum(((share >= cut - 1e-12).cast(pl.Int64) for cut in CUTS), pl.lit(0))
            classes.append(one.select("customer", name.alias("class")))
        both = classes[0].join(classes[1], on="customer", how="full", coalesce=True, suffix="_now").fill_null(3)
        cells = both.group_by(pl.col("class").alias("before"), pl.col("class_now").alias("now"))
        return as_matrix(cells.agg(pl.len().alias("customers")).collect().to_pandas())

    def by_duckdb() -> np.ndarray:
        return as_matrix(
            relation.query(
                "log",
                "WITH years AS (SELECT customer, year(date) AS year, sum(amount) AS a FROM log GROUP BY ALL), "
                "shares AS (SELECT customer, year, (sum(a) OVER (PARTITION BY year ORDER BY a DESC "
                "ROWS UNBOUNDED PRECEDING) - a) / sum(a) OVER (PARTITION BY year) AS share FROM years), "
                "classes AS (SELECT customer, year, (share >= 0.8)::INT + (share >= 0.95)::INT AS class FROM shares), "
                "b AS (SELECT * FROM classes WHERE year = 2018), n AS (SELECT * FROM classes WHERE year = 2019) "
                "SELECT coalesce(b.class, 3) AS before, coalesce(n.class, 3) AS now, count(*) AS customers "
                "FROM b FULL JOIN n USING (customer) GROUP BY ALL",
            ).df()
        )

    def by_pandas() -> np.ndarray:
        years = log["amount"].groupby([log["customer"], log["date"].dt.year.rename("year")]).sum()
        classes = []
        for year in YEARS:
            one = years.xs(year, level="year").sort_values(ascending=False)
            share = ((one.cumsum() - one) / one.sum()).to_numpy()
            classes.append(pd.Series(np.searchsorted(CUTS, share, side="right"), index=one.index))
        both = pd.concat(classes, axis=1, keys=["before", "now"]).fillna(3).astype(int)
        return as_matrix(both.value_counts().rename("customers").reset_index())

    apart = difference(ours(arrow))
    return [
        *of_crmlib(ours, apart),
        Contender("polars by hand", pl.__version__, by_polars, note="equal values as they come", check=apart),
        Contender("DuckDB by hand", duckdb.__version__, by_duckdb, note="equal values as they come", check=apart),
        Contender("pandas by hand", pd.__version__, by_pandas, note="equal values as they come", check=apart),
    ]


def scores() -> list[Contender]:
    """RFM scores of all customers by quartiles, from the transactions."""
    log = transactions()
    _, relation, _ = tables().values()
    arrow = tables()[""]

    def counted(found: pd.DataFrame) -> np.ndarray:
        return (
            found.value_counts().reindex(pd.MultiIndex.from_product([range(1, BINS + 1)] * 3), fill_value=0).to_numpy()
        )

    def ours(table: object) -> np.ndarray:
        summary = customer_summary(transaction_log(table, end=END), unit="day").customers
        return counted(rfm_scores(summary, bins=BINS).scores)

    def by_polars() -> np.ndarray:
        days = arrow.lazy().group_by("customer", "date").agg(pl.col("amount").sum())
        found = days.group_by("customer").agg(pl.col("date").max(), pl.len(), pl.col("amount").sum())
        score = ((pl.col("date", "len", "amount").rank("min").cast(pl.Int64) - 1) * BINS) // pl.len() + 1
        return counted(found.select(score).collect().to_pandas())

    def by_duckdb() -> np.ndarray:
        score = ", ".join(f"(rank() OVER (ORDER BY {name}) - 1) * {BINS} // count(*) OVER () + 1" for name in "dna")
        return counted(
            relation.query(
                "log",
                "WITH days AS (SELECT customer, date, sum(amount) AS a FROM log GROUP BY ALL), customers AS "  # noqa: S608
                "(SELECT customer, max(date) AS d, count(*) AS n, sum(a) AS a FROM days GROUP BY customer) "
                f"SELECT {score} FROM customers",
            ).df()
        )

    def by_pandas() -> np.ndarray:
        days = log.groupby(["customer", "date"], as_index=False)["amount"].sum()
        found = days.groupby("customer").agg(d=("date", "last"), n=("date", "size"), a=("amount", "sum"))
        return counted((found.rank(method="min").astype(int) - 1) * BINS // len(found) + 1)

    def of_pymc() -> np.ndarray:
        pymc_segments(log, "customer", "date", "amount", observation_period_end=END)
        return np.zeros_like(expected)

    expected = ours(arrow)
    apart = difference(expected)
    return [
        *of_crmlib(ours, apart),
        Contender("polars by hand", pl.__version__, by_polars, check=apart),
        Contender("DuckDB by hand", duckdb.__version__, by_duckdb, check=apart),
        Contender("pandas by hand", pd.__version__, by_pandas, check=apart),
        Contender(
            "pymc-marketing",
            version("pymc-marketing"),
            of_pymc,
            note="names segments by its own quartiles, not compared",
        ),
    ]


MEASUREMENTS: dict[str, Callable[[], list[Contender]]] = {
    "Cohorts of 10 million transactions": cohorts,
    "Migration of 10 million transactions": migrations,
    "RFM scores of 10 million transactions": scores,
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
    write(rows, "tables")


if __name__ == "__main__":
    main()
