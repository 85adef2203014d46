"""The same answers through Ibis. Needs the packages of requirements.txt beside this file: `make engines`."""

import polars as pl
import pytest

from tests.transactions.engines import answers, assert_same, by_hand, frame

ibis = pytest.importorskip("ibis", reason="Ibis is not installed: `make engines` installs and runs it")


def test_ibis_gives_the_answers_worked_out_by_hand():
    assert_same(answers(ibis.memtable(pl.from_pandas(frame()).to_arrow())), by_hand())
