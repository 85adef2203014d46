"""Speed of `crmlib.ahp` beside its peers: the same matrices, in turns, in one run on one core. Run it by `make bench`.

Writes data/speed/ahp.csv, one row a contender, and data/speed/machine.csv. The chapter on speed shows both.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # before numpy is imported

import warnings
from collections.abc import Callable
from importlib.metadata import version
from itertools import combinations

import ahpy
import numpy as np
import pandas as pd
from pyDecision.algorithm import ahp_method
from scipy.sparse.csgraph import connected_components
from tqdm import tqdm

import crmlib
from crmlib import ahp
from crmlib.ahp.weights import perron
from crmlib.cases import load_case
from crmlib.scaling import scale
from tests.bench.timing import ROOT, Contender, machine, measure, rounded

ROUNDS = 9  # every contender is timed once a round, so that a busy moment meets them all
SUBSET = 500  # of the 10,000 matrices for the peers that take one at a time
RANDOM_INDEX_5 = 1.12
SCALE = np.array([*(1 / k for k in range(9, 1, -1)), *map(float, range(1, 10))])


def random_matrices(count: int, size: int, seed: int) -> np.ndarray:
    """Reciprocal matrices with judgements drawn from Saaty's scale, shape (count, size, size)."""
    rows, columns = np.triu_indices(size, 1)
    matrices = np.ones((count, size, size))
    draws = np.random.default_rng(seed).choice(SCALE, (count, len(rows)))
    matrices[:, rows, columns], matrices[:, columns, rows] = draws, 1 / draws
    return matrices


def incomplete_matrix(seed: int) -> np.ndarray:
    """An 8×8 matrix of a person who contradicts himself a little, 12 of its 28 judgements missing (NaN)."""
    rng = np.random.default_rng(seed)
    rows, columns = np.triu_indices(8, 1)
    while True:
        importance = np.exp(rng.normal(0, 0.7, 8))
        ratio = importance[rows] / importance[columns] * np.exp(rng.normal(0, 0.4, 28))
        judgements = np.clip(np.round(np.maximum(ratio, 1 / ratio)), 1, 9) ** np.sign(np.log(ratio))
        judgements[rng.choice(28, 12, replace=False)] = np.nan
        matrix = np.eye(8)
        matrix[rows, columns], matrix[columns, rows] = judgements, 1 / judgements
        if connected_components(~np.isnan(matrix))[0] == 1:
            return matrix


def batched_eig(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and CR by numpy.linalg.eig for a batch."""
    values, vectors = np.linalg.eig(matrices)
    largest = values.real.argmax(axis=1)
    weights = np.abs(np.take_along_axis(vectors, largest[:, None, None], axis=2)[:, :, 0])
    n = matrices.shape[-1]
    return weights / weights.sum(axis=1, keepdims=True), (values.real.max(axis=1) - n) / (n - 1) / RANDOM_INDEX_5


def plain_power(matrices: np.ndarray, tolerance: float, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and CR by power iteration on arrays laid out by entry.

    It stops when no weight of the batch moves by more than the tolerance, or after so many steps.
    """
    entries = np.ascontiguousarray(np.moveaxis(matrices, 0, -1))
    n = len(entries)
    weights = np.full((n, len(matrices)), 1 / n)
    for _ in range(most):
        image = np.einsum("ijb,jb->ib", entries, weights)
        total = image.sum(axis=0)
        image /= total
        moved = np.abs(image - weights).max() if tolerance else np.inf
        weights = image
        if moved < tolerance:
            break
    return weights.T, (total - n) / (n - 1) / RANDOM_INDEX_5


def comparisons(matrix: np.ndarray) -> dict[tuple[str, str], float]:
    """The known judgements above the diagonal as AHPy takes them."""
    return {
        (f"c{i}", f"c{j}"): matrix[i, j] for i, j in combinations(range(len(matrix)), 2) if not np.isnan(matrix[i, j])
    }


def by_ahpy(pairs: list[dict[tuple[str, str], float]], **options: float) -> np.ndarray:
    """Weights by AHPy, one row a matrix, in the order c0, c1, …."""
    found = [ahpy.Compare("weights", one, precision=12, **options).local_weights for one in pairs]
    return np.array([[weights[name] for name in sorted(weights)] for weights in found])


def apart(found: np.ndarray, ours: np.ndarray) -> str:
    """By how much weights differ from ours, in words."""
    return f"weights differ from crmlib's by at most {np.abs(found - ours).max():.0e}"


def batches() -> list[Contender]:
    """Weights and CR of 10,000 matrices, 5×5."""
    matrices = random_matrices(10_000, 5, seed=0)
    some = matrices[:SUBSET]
    pairs = [comparisons(matrix) for matrix in some]
    ours = ahp.weights_and_consistency_ratio(matrices)[0]
    of_ahpy, of_eig = by_ahpy(pairs), batched_eig(matrices)[0]
    scaled = f"{SUBSET} of the matrices, time scaled up; "
    times = len(matrices) / SUBSET
    return [
        Contender("crmlib", crmlib.__version__, lambda: ahp.weights_and_consistency_ratio(matrices)),
        Contender("AHPy", version("ahpy"), lambda: by_ahpy(pairs), times, scaled + apart(of_ahpy, ours[:SUBSET])),
        Contender(
            "pyDecision", version("pyDecision"), lambda: [ahp_method(matrix, wd="me") for matrix in some], times,
            scaled + apart(np.array([ahp_method(matrix, wd="me")[0] for matrix in some]), ours[:SUBSET]),
        ),
        Contender("NumPy eig", np.__version__, lambda: batched_eig(matrices), note=apart(of_eig, ours)),
        Contender(
            "power iteration", np.__version__, lambda: plain_power(matrices, 1e-9, 1000),
            note="by entry, until no weight moves by 1e-9; " + apart(plain_power(matrices, 1e-9, 1000)[0], ours),
        ),
        Contender(
            "power iteration, 20 steps", np.__version__, lambda: plain_power(matrices, 0, 20),
            note="by entry, without a check; " + apart(plain_power(matrices, 0, 20)[0], ours),
        ),
    ]  # fmt: skip


def one_small() -> list[Contender]:
    """One 4×4 from typed judgements: checks, weights and CR."""
    names, rows = ["profit", "volume", "years", "share"], [[4, 5, 6], [2, 2], [2]]
    pairs = dict(zip(combinations(names, 2), [value for row in rows for value in row], strict=True))
    return [
        Contender("crmlib", crmlib.__version__, lambda: ahp.priorities(ahp.judgement_matrix(rows, names))),
        Contender("AHPy", version("ahpy"), lambda: ahpy.Compare("weights", pairs)),
    ]


def one_large() -> list[Contender]:
    """Weights and λmax of one 100×100."""
    matrix = random_matrices(1, 100, seed=1)[0]
    return [
        Contender("crmlib", crmlib.__version__, lambda: perron(matrix)),
        Contender(
            "NumPy eig", np.__version__, lambda: batched_eig(matrix[None]),
            note=apart(batched_eig(matrix[None])[0], perron(matrix)[0]),
        ),
    ]  # fmt: skip


def gaps() -> list[Contender]:
    """The completion with the smallest λmax: 8×8, 12 of 28 judgements missing; the mean of five matrices."""
    matrices = [incomplete_matrix(seed) for seed in range(5)]
    frames, pairs = [pd.DataFrame(matrix) for matrix in matrices], [comparisons(matrix) for matrix in matrices]
    ours = np.array([ahp.incomplete_weights(frame).weights for frame in frames])
    as_it_comes = by_ahpy(pairs)
    return [
        Contender("crmlib", crmlib.__version__, lambda: [ahp.incomplete_weights(frame) for frame in frames], 1 / 5),
        Contender("AHPy", version("ahpy"), lambda: by_ahpy(pairs), 1 / 5, "as it comes; " + apart(as_it_comes, ours)),
        Contender(
            "AHPy, tolerance 1e-6", version("ahpy"), lambda: by_ahpy(pairs, tolerance=1e-6), 1 / 5,
            apart(by_ahpy(pairs, tolerance=1e-6), ours),
        ),
    ]  # fmt: skip


def simulation() -> list[Contender]:
    """The whole tree of the lubricant company, 10,000 draws of all its judgements."""
    case = load_case("lubricant", data=ROOT / "data")
    weights, scaled = ahp.tree_weights(case.tree), scale(case.customers, costs=case.costs)
    segments = ahp.Segments(("current_value", "potential_value"), case.quadrants)
    return [
        Contender(
            "crmlib", crmlib.__version__,
            lambda: ahp.simulate_judgements(case.tree, weights, scaled, seed=1, segments=segments),
        )
    ]  # fmt: skip


def identification(method: str) -> list[Contender]:
    """All 4×4 behind the weights of one, printed with four decimals."""
    weights = ahp.priority_weights(ahp.judgement_matrix([[4, 5, 6], [2, 2], [2]]), method)
    printed = [f"{weight:.4f}" for weight in weights]
    count = len(ahp.identify(printed, method).candidates)
    return [
        Contender("crmlib", crmlib.__version__, lambda: ahp.identify(printed, method), note=f"matrices found: {count}")
    ]


MEASUREMENTS: dict[str, Callable[[], list[Contender]]] = {
    "10,000 matrices 5×5": batches,
    "One matrix 4×4": one_small,
    "One matrix 100×100": one_large,
    "8×8 with 12 gaps": gaps,
    "Simulation of a tree": simulation,
    **{
        f"Identification 4×4, {method.replace('_', ' ')}": lambda method=method: identification(method)
        for method in ahp.METHODS
    },
}


def main() -> None:
    """Measure everything, show it and write it to data/speed."""
    warnings.simplefilter("ignore")  # of the peers
    rows = []
    with tqdm(total=ROUNDS * len(MEASUREMENTS), unit="round") as progress:
        for name, prepare in MEASUREMENTS.items():
            progress.set_description(name)
            contenders = prepare()
            measured = measure(contenders, ROUNDS, progress.update)
            rows += [
                (name, one.name, one.version, found.seconds, found.seconds / measured[0].seconds, found.note)
                for one, found in zip(contenders, measured, strict=True)
            ]
    columns = ["measurement", "contender", "version", "median_seconds", "ratio_to_crmlib", "note"]
    table = pd.DataFrame(rows, columns=columns)
    table[columns[3:5]] = table[columns[3:5]].apply(rounded)
    print(table.to_markdown(index=False, tablefmt="simple"))
    folder = ROOT / "data" / "speed"
    table.to_csv(folder / "ahp.csv", index=False)
    machine().to_csv(folder / "machine.csv")
    print(f"Written: {folder / 'ahp.csv'}, {folder / 'machine.csv'}. Next: crmlib pin speed")


if __name__ == "__main__":
    main()
