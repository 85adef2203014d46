import numpy as np
import pandas as pd
import pytest

from crmlib.clv.validation import Tracking
from crmlib.figures import purchases
from crmlib.matrix import value_matrix

COUNTS = pd.DataFrame({"actual": [5, 2], "BG/NBD": [4.8, 2.2], "Pareto/NBD": [5.1, 1.9]}, index=["0", "1+"])
TRACKING = Tracking(pd.DataFrame({"actual": [1, 3, 4], "BG/NBD": [1.2, 2.6, 3.9]}, index=[1.0, 2.0, 3.0]))
ALIVE = pd.DataFrame([[0.2, 0.6, 0.95], [np.nan, 0.4, 0.99]], index=[1, 2], columns=[1.0, 5.0, 9.0])
NAMES = {("high", "high"): "keep", ("high", "low"): "harvest", ("low", "high"): "grow", ("low", "low"): "leave"}


def crowd(names=NAMES):
    scores = pd.DataFrame(np.random.default_rng(1).normal(size=(400, 2)), columns=["a", "b"])
    return value_matrix(scores, names)


DRAWINGS = {
    "frequencies": lambda alt: purchases.frequencies(COUNTS, alt=alt),
    "tracking": lambda alt: purchases.tracking_lines(TRACKING, 2.0, "week", alt=alt),
    "forecasts": lambda alt: purchases.forecasts(COUNTS.assign(customers=[5, 2]), alt=alt),
    "alive": lambda alt: purchases.alive_map(ALIVE, "week", alt=alt),
    "crowd": lambda alt: purchases.crowd(crowd(), ("Current", "Potential"), alt=alt),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_every_figure_is_drawn_in_the_colour_of_the_page_and_the_same_each_time(draw):
    figure = draw("What it shows")
    assert "currentColor" in figure.svg
    assert "#010203" not in figure.svg
    assert figure.svg == draw("What it shows").svg
    with pytest.raises(ValueError, match="text alternative"):
        draw(" ")


def test_models_and_what_happened_are_named():
    for name in ("frequencies", "forecasts"):
        svg = DRAWINGS[name]("x").svg
        assert all(f">{label}<" in svg for label in ("Actual", "BG/NBD", "Pareto/NBD"))
    assert "customers" not in DRAWINGS["forecasts"]("x").svg
    assert ">end of the fit<" in DRAWINGS["tracking"]("x").svg


def test_each_quadrant_has_its_name_and_count():
    matrix = crowd()
    svg = purchases.crowd(matrix, ("Current", "Potential"), alt="x").svg
    for name, count in matrix.table["quadrant"].value_counts().items():
        assert f">{name}: {count}<" in svg


def test_an_empty_quadrant_is_left_out():
    matrix = value_matrix(pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]}), NAMES)
    svg = purchases.crowd(matrix, ("Current", "Potential"), alt="x").svg
    assert ">keep: 1<" in svg
    assert "harvest" not in svg
