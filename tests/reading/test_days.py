"""Days and months as people write them."""

from datetime import date

import pytest

from crmlib.reading.days import read_month
from crmlib.reading.words import Trouble

EPOCH = date(1899, 12, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03",
        "2024/3",
        "2024.03",
        "2024年3月",
        "２０２４-03",
        "2024-03-31",
        "20240315",
        "March 5, 2024",
        date(2024, 3, 9),
    ],
)
def test_a_month_is_written_alone_or_as_a_day(text):
    assert read_month(text, None, EPOCH) == "2024-03"


@pytest.mark.parametrize("text", ["", None, "暂无", "NA"])
def test_a_missing_month(text):
    assert read_month(text, None, EPOCH) is None


@pytest.mark.parametrize("text", ["2024-13", "running", "24-3", "2024", "0", True])
def test_no_month(text):
    found = read_month(text, None, EPOCH)
    assert isinstance(found, Trouble) and found == "is no month"
