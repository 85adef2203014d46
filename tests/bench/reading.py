"""Speed of reading tables beside pandas and calamine, which take files as they come. By `make bench`.

Writes data/speed/reading.csv, one row a contender, with its peak of memory. The chapter on speed shows it.
"""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import python_calamine
from tqdm import tqdm

import crmlib
from crmlib.reading.declarations import Column, Table
from crmlib.reading.tables import read_table
from tests.bench.timing import Contender, compared, write

ROUNDS = 5
ROWS = 100_000
RETAIL_ROWS, INVOICES, MINUTES = 541_909, 25_900, 537_000  # of the log "Online Retail" of the UCI repository
INDICATORS = [f"indicator {number}" for number in range(1, 17)]
ORDERS = Table(
    columns=(Column(id="customer", kind="name"), Column(id="date", kind="day"), Column(id="amount", kind="amount"),
             Column(id="order", kind="text")),
)  # fmt: skip
CUSTOMERS = Table(
    columns=(Column(id="customer", kind="name"), *(Column(id=name, minimum=0) for name in INDICATORS)),
    key=("customer",),
)
RETAIL = Table(
    columns=(Column(id="InvoiceNo", kind="text"), Column(id="StockCode", kind="text"),
             Column(id="Description", kind="text"), Column(id="Quantity"), Column(id="InvoiceDate", kind="day"),
             Column(id="UnitPrice", kind="amount"), Column(id="CustomerID", kind="name", empty=True),
             Column(id="Country", kind="text")),
)  # fmt: skip


def orders() -> pd.DataFrame:
    """Orders of 20,000 customers in two years."""
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "customer": pd.Series(rng.integers(0, 20_000, ROWS)).map("C{:05d}".format),
            "date": np.datetime64("2018-01-01") + rng.integers(0, 730, ROWS),
            "amount": rng.gamma(2, 20, ROWS).round(2),
            "order": pd.Series(range(ROWS)).map("O{}".format),
        }
    )


def customers() -> pd.DataFrame:
    """Customers with sixteen indicators."""
    values = np.random.default_rng(2).gamma(2, 20, (ROWS, len(INDICATORS))).round(2)
    table = pd.DataFrame(values, columns=INDICATORS)
    table.insert(0, "customer", pd.Series(range(ROWS)).map("Customer {}".format))
    return table


def retail() -> pd.DataFrame:
    """Lines of invoices in the shape of "Online Retail": cancelled ones, articles with commas, customers missing."""
    rng = np.random.default_rng(3)
    invoice = np.sort(rng.integers(0, INVOICES, RETAIL_ROWS))
    minutes = np.sort(rng.integers(0, MINUTES, INVOICES))[invoice]
    cancelled = (invoice % 50) == 0
    customer = pd.Series(12_346 + (invoice * 7919) % 4372).astype(str).mask(invoice % 4 == 0)
    things = [f"{colour} {what}" for colour in ("WHITE", "RED", "PINK") for what in ("LANTERN", "MUG, LARGE", "HEART")]
    return pd.DataFrame(
        {
            "InvoiceNo": np.where(cancelled, "C", "") + (536_365 + invoice).astype(str).astype(object),
            "StockCode": pd.Series(rng.integers(10_000, 14_000, RETAIL_ROWS)).map("{}A".format),
            "Description": rng.choice(things, RETAIL_ROWS),
            "Quantity": rng.integers(1, 50, RETAIL_ROWS) * np.where(cancelled, -1, 1),
            "InvoiceDate": np.datetime64("2010-12-01T08:26:00") + minutes.astype("timedelta64[m]"),
            "UnitPrice": rng.gamma(2, 2, RETAIL_ROWS).round(2),
            "CustomerID": customer,
            "Country": rng.choice(["United Kingdom", "France", "EIRE"], RETAIL_ROWS),
        }
    )


def contenders(path: Path, table: Table) -> list[Contender]:
    """The reader of crmlib, and a bare reader that neither checks nor explains."""
    ours = Contender("crmlib", crmlib.__version__, partial(read_table, path, table))
    if path.suffix == ".xlsx":
        return [ours, Contender("calamine", version("python-calamine"), partial(cells, path), note="cells alone")]
    bare = partial(pd.read_csv, path)
    return [ours, Contender("pandas", pd.__version__, bare, note="columns as they are guessed to be")]


def cells(path: Path) -> list[list[object]]:
    """The cells of the first sheet."""
    return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


FILES: dict[str, tuple[str, Callable[[], pd.DataFrame], Table]] = {
    "CSV of 100,000 orders": ("orders.csv", orders, ORDERS),
    "Workbook of 100,000 orders": ("orders.xlsx", orders, ORDERS),
    "CSV of 100,000 customers, 16 indicators": ("customers.csv", customers, CUSTOMERS),
    "CSV of 541,909 lines of invoices": ("retail.csv", retail, RETAIL),
}


def main() -> None:
    """Measure everything, show it and write it to data/speed."""
    rows = []
    with TemporaryDirectory() as folder, tqdm(total=ROUNDS * len(FILES), unit="round") as progress:
        for name, (file, make, table) in FILES.items():
            progress.set_description(name)
            path = Path(folder) / file
            frame = make()
            frame.to_excel(path, index=False) if path.suffix == ".xlsx" else frame.to_csv(path, index=False)
            del frame
            rows += compared(name, contenders(path, table), ROUNDS, progress.update)
    write(rows, "reading")


if __name__ == "__main__":
    main()
