from itertools import product

import numpy as np
import pytest

from crmlib.ahp import RANDOM_INDEX, random_index, simulate_random_index
from crmlib.errors import InputError

# Simulated elsewhere, sizes 3 to 15.
SIMULATED = [0.5251, 0.8833, 1.1103, 1.2490, 1.3414, 1.4042, 1.4523, 1.4851, 1.5136, 1.5358, 1.5548, 1.5699, 1.5840]


def exact_random_index_of_three():
    """Mean CI of all 17³ scale matrices of size 3, whose λmax is 1 + q + 1/q with q³ = a12 a23 / a13."""
    logs = np.log([*(1 / k for k in range(9, 1, -1)), *range(1, 10)])
    q = np.exp(np.array([a + b - c for a, b, c in product(logs, repeat=3)]) / 3)
    return (q + 1 / q - 2).mean() / 2


@pytest.mark.parametrize("table", RANDOM_INDEX)
def test_tables_start_at_zero_and_reach_fifteen(table):
    values = RANDOM_INDEX[table]
    assert values[:2] == (0, 0)
    assert len(values) >= 15


def test_alonso_and_lamata_2006_goes_on_with_its_formula():
    # Equation for the mean λmax of random matrices: 2.7699 n − 4.3513.
    assert random_index(16, "alonso_lamata2006") == pytest.approx((2.7699 * 16 - 4.3513 - 16) / 15, rel=1e-12)
    assert random_index(101, "alonso_lamata2006") == pytest.approx((2.7699 * 101 - 4.3513 - 101) / 100, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "table"), [(16, "saaty1980"), (101, "saaty2005"), (0, "saaty1980"), (21, "donegan_dodd1991")]
)
def test_sizes_out_of_reach_are_refused(size, table):
    with pytest.raises(InputError, match=f"{size} criteria" if size else "size: found 0"):
        random_index(size, table)


def test_unknown_table_is_refused():
    with pytest.raises(InputError, match="saaty1980, saaty2005, alonso_lamata2006, donegan_dodd1991"):
        random_index(4, "saaty")


def test_simulation_meets_the_exact_index_of_three():
    draws = 40_000
    assert simulate_random_index(3, draws, seed=1) == pytest.approx(exact_random_index_of_three(), abs=0.011)


@pytest.mark.parametrize("size", range(3, 16))
def test_simulation_meets_the_simulations_of_others(size):
    draws = 4000
    # Four standard errors; the standard deviation of CI falls from 0.7 at size 3.
    assert simulate_random_index(size, draws, seed=size) == pytest.approx(SIMULATED[size - 3], abs=4 * 0.7 / draws**0.5)


@pytest.mark.parametrize("size", range(3, 16))
def test_alonso_and_lamata_2006_meet_the_simulations_of_others(size):
    assert random_index(size, "alonso_lamata2006") == pytest.approx(SIMULATED[size - 3], abs=0.003)


def test_simulation_is_repeatable():
    assert simulate_random_index(4, 500, seed=7) == simulate_random_index(4, 500, seed=7)
    assert simulate_random_index(4, 500, seed=7) != simulate_random_index(4, 500, seed=8)


def test_one_and_two_criteria_have_index_zero():
    assert simulate_random_index(1, 10, seed=0) == simulate_random_index(2, 10, seed=0) == 0


def test_simulation_of_nothing_is_refused():
    with pytest.raises(InputError) as error:
        simulate_random_index(0, 0, seed=0)
    assert [problem.where for problem in error.value.problems] == ["size", "draws"]
