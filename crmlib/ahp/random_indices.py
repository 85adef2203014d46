"""Random indices: the mean consistency index of matrices whose judgements were drawn by lot."""

import numpy as np

from crmlib.ahp.weights import perron
from crmlib.arguments import Count, Seed, checked
from crmlib.checks import check_choice, check_numbers, refuse, whole_from
from crmlib.errors import InputError, Problem

__all__ = ["RANDOM_INDEX", "random_index", "simulate_random_index"]

#: Tables by name, each for the sizes from 1 upwards: Saaty 1980 [saaty1980]_, Saaty 2005 [saaty2005]_, Alonso and
#: Lamata 2006 [alonso2006]_, Donegan and Dodd 1991 [donegan1991]_. None of the four prints was seen: the values are
#: those of accounts, which for 3 and 4 criteria differ from one another.
RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    "saaty1980": (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    "saaty2005": (0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
    "alonso_lamata2006": (
        *(0, 0, 0.5247, 0.8816, 1.1086, 1.2479, 1.3417, 1.4057, 1.4499),
        *(1.4854, 1.5140, 1.5365, 1.5551, 1.5713, 1.5838),
    ),
    "donegan_dodd1991": (
        *(0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055),
        *(1.4213, 1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371),
    ),
}


def random_index(size: int, table: str = "saaty1980") -> float:
    """The random index RI of a table for matrices of a size.

    The tables are those of `RANDOM_INDEX`, as accounts of them give them; the prints were not seen. Beyond its 15
    sizes, ``"alonso_lamata2006"`` goes on with its own straight line for the mean λmax,
    ``RI = (2.7699 n − 4.3513 − n) / (n − 1)`` [alonso2006]_.

    Raises InputError for an unknown table, and for a size the table does not reach.

    Examples
    --------
    >>> random_index(4), random_index(2), round(random_index(100, "alonso_lamata2006"), 4)
    (0.9, 0.0, 1.7438)
    """
    refuse("The random index", check_choice("table", table, RANDOM_INDEX), check_numbers("size", size, whole_from(1)))
    values = RANDOM_INDEX[table]
    if size <= len(values):
        return float(values[size - 1])
    if table == "alonso_lamata2006":
        return (1.7699 * size - 4.3513) / (size - 1)
    remedy = f"Table {table} reaches from 1 to {len(values)}; split the level or use alonso_lamata2006"
    raise InputError("The judgement matrix", [Problem("its size", f"{size} criteria", remedy)])


@checked("The simulation")
def simulate_random_index(size: Count, draws: Count, seed: Seed, *, largest: Count = 9) -> float:
    """The random index of a size, simulated: mean CI of matrices with judgements drawn from the scale.

    Every judgement above the diagonal is one of 1/largest, …, 1/2, 1, 2, …, largest, all equally likely,
    as in the published tables.

    Parameters
    ----------
    size
        Criteria, at least 1; with one or two the index is 0.
    draws
        Matrices to draw; the standard error is about 0.7 / √draws for three criteria and falls with the size.
    seed
        Of `numpy.random.default_rng`.

    Raises
    ------
    InputError
        If size, draws or largest is smaller than 1.

    Examples
    --------
    >>> round(simulate_random_index(4, draws=20_000, seed=1), 2)
    0.88
    """
    if size < 3:
        return 0.0
    scale = np.array([*(1 / k for k in range(largest, 1, -1)), *map(float, range(1, largest + 1))])
    rows, columns = np.triu_indices(size, 1)
    judgements = np.random.default_rng(seed).choice(scale, (draws, len(rows)))
    matrices = np.ones((draws, size, size))
    matrices[:, rows, columns], matrices[:, columns, rows] = judgements, 1 / judgements
    return float((perron(matrices)[1].mean() - size) / (size - 1))
