import numpy as np
import pandas as pd
import pytest

from crmlib.errors import InputError
from crmlib.lifecycle.volumes import checked_volumes


def test_every_bad_cell_is_listed():
    volumes = pd.DataFrame(
        [[1, None, "3"], [-2, np.inf, True], [4, pd.NA, 5]], index=["A", "B", "A"], columns=[1, 2, 3], dtype=object
    )
    with pytest.raises(InputError) as caught:
        checked_volumes(volumes)
    places = [f"{problem.where}: {problem.found}" for problem in caught.value.problems]
    assert places == [
        "customer 'A': given more than once",
        "customer 'A', period 2: is missing",
        "customer 'A', period 3: found '3'",
        "customer 'B', period 1: found -2",
        "customer 'B', period 2: found inf",
        "customer 'B', period 3: found True",
        "customer 'A', period 2: is missing",
    ]


def test_a_missing_cell_is_zero_if_stated():
    volumes = pd.DataFrame({1: [1.5, np.nan]}, index=["A", "B"])
    checked = checked_volumes(volumes, missing="zero")
    assert checked[1].tolist() == [1.5, 0.0]
    assert volumes[1].isna().sum() == 1


@pytest.mark.parametrize(
    ("volumes", "missing", "message"),
    [
        (pd.DataFrame(), "refuse", r"volumes: there are none"),
        (pd.DataFrame([[1, 2]], columns=[2, 1]), "refuse", "periods: not in ascending order"),
        (pd.DataFrame([[1, 2]], columns=[1, 1]), "refuse", "periods: .*one occurs twice"),
        (pd.DataFrame({1: [True, False]}), "refuse", r"customer 0, period 1: found True(.|\n)*customer 1"),
        (pd.DataFrame([[1]]), "drop", "missing: found 'drop'"),
        (pd.DataFrame([[1, 2]], columns=pd.to_datetime(["2026-02-01", "2026-01-01"])), "zero", "ascending"),
    ],
)
def test_unusable_tables(volumes, missing, message):
    with pytest.raises(InputError, match=message):
        checked_volumes(volumes, missing=missing)


def test_nullable_numbers_are_taken():
    checked = checked_volumes(pd.DataFrame({1: pd.array([1, None], dtype="Int64")}), missing="zero")
    assert checked[1].tolist() == [1.0, 0.0]
    assert checked.dtypes.tolist() == [float]
