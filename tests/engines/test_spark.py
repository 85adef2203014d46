"""The same answers on Spark. Needs the packages of requirements.txt beside this file, and Java 17: `make engines`."""

import pytest

from crmlib.errors import InputError
from crmlib.transactions import transaction_log
from tests.transactions.engines import answers, assert_same, by_hand, purchases

sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: `make engines` installs and runs it")
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def session():
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize("kind", ["timestamp_ntz", "date"])
def test_spark_gives_the_answers_worked_out_by_hand(session, kind):
    rows = [(name, time if kind != "date" else time.date(), amount, order) for name, time, amount, order in purchases()]
    table = session.createDataFrame(rows, f"customer string, date {kind}, amount double, order string")
    assert_same(answers(table), by_hand())


def test_spark_names_the_bad_rows(session):
    rows = [("A", -2.5), ("", 3.0), (None, 1.0), ("B", float("nan")), ("C", None), ("D", float("inf")), ("E", 0.0)]
    table = session.createDataFrame(rows, "customer string, amount double").withColumn(
        "date", sql.functions.to_date(sql.functions.lit("2019-03-04"))
    )
    with pytest.raises(InputError) as error:
        transaction_log(table, end="2019-03-03")
    assert [problem.found.split(":")[0] for problem in error.value.problems] == [
        "2 rows with a missing customer",
        "2 rows with a missing amount",
        "1 row with an infinite amount",
        "1 row with a negative amount",
        "1 row with a zero amount",
    ]
    with pytest.raises(InputError, match=r"has no good row among 7"):
        transaction_log(table, end="2019-03-03", on_bad="drop")


def test_spark_times_of_a_zone_are_refused(session):
    table = session.sql("select 'A' customer, timestamp '2019-03-04 23:30:00' date, 1.0D amount")
    with pytest.raises(InputError, match="time zone"):
        transaction_log(table)
