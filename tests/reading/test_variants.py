"""One table of customers in the forms that instructors bring: read rightly, or refused with the right reason."""

from pathlib import Path

import pandas as pd
import pytest

from crmlib.cases import load_case
from crmlib.errors import InputError
from crmlib.reading.tables import read_table
from tests.conftest import ROOT
from tests.reading.variants import variants

CASE = load_case("j-company", data=ROOT / "data")
TRUTH = pd.read_csv(Path(__file__).parent / "messy" / "truth.csv")
NAMES = list(TRUTH.columns[1:])
PERCENT = [name for name in NAMES if CASE.criteria.unit[name].startswith("%") and TRUTH[name].min() > 1]
VARIANTS = list(variants(TRUTH, CASE.criteria.label[NAMES].to_list(), CASE.criteria.chinese[NAMES].to_list(), PERCENT))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.about)
def test_a_table_is_read_rightly_or_refused_rightly(tmp_path, variant):
    path = tmp_path / variant.file
    path.write_bytes(variant.content)
    if variant.table is None:
        with pytest.raises(InputError, match=variant.why):
            read_table(path, CASE.entry.customers_table)
    else:
        found = read_table(path, CASE.entry.customers_table).table[TRUTH.columns]
        assert found.to_numpy().tolist() == variant.table.to_numpy().tolist()
