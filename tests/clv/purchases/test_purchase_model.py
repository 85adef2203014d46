"""What all models of purchases have in common, asked of each of them."""

import numpy as np
import pandas as pd
import pytest

from crmlib.clv import BgBb, BgNbd, MbgNbd, ParetoNbd, PurchaseModel, purchase_cells
from crmlib.clv.purchases.purchase_model import interest, model_of
from crmlib.errors import InputError
from crmlib.transactions import CustomerSummary

TABLE = pd.DataFrame(
    {"frequency": [2, 0, 5, 2, 1], "recency": [5, 0, 8, 5, 1], "T": [9, 6, 9, 9, 8]},
    index=["Ann", "Bo", "Cy", "Di", "Ed"],
)
MONTHS = CustomerSummary(TABLE, "month")
MODELS = [
    BgNbd(0.24, 4.4, 0.8, 2.4, "month"),
    MbgNbd(0.5, 6.2, 0.9, 1.6, "month"),
    ParetoNbd(0.55, 10.6, 0.6, 11.7, "month"),
    BgBb(1.2, 0.75, 0.66, 2.8, "month"),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


@every_model
def test_a_model_answers_all_questions(model):
    """The protocol is met in full, and by types: pyproject's type checker sees the assignment, too."""
    one: PurchaseModel = model
    public = {name for name in vars(PurchaseModel) if not name.startswith("_")}
    assert public == {
        "unit", "parameters", "having", "probability_alive", "conditional_expected_purchases",
        "discounted_residual_transactions", "expected_purchases", "purchase_probabilities", "simulate",
    }  # fmt: skip
    assert all(hasattr(one, name) for name in public)
    assert model_of(one) is one


@every_model
def test_several_times_are_asked_at_once(model):
    times = np.array([0.0, 3.0, 12.0])
    table = model.conditional_expected_purchases(MONTHS, times)
    assert table.columns.to_list() == times.tolist()
    for t in times:
        pd.testing.assert_series_equal(table[t], model.conditional_expected_purchases(MONTHS, t), check_names=False)
    assert (table.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    assert table.loc["Ann"].equals(table.loc["Di"])


@every_model
def test_cells_are_as_good_as_the_summary(model):
    cells = purchase_cells(MONTHS)
    for question in (model.probability_alive, lambda histories: model.conditional_expected_purchases(histories, 3.0)):
        pd.testing.assert_series_equal(question(cells), question(MONTHS))
        assert question(cells).index.equals(TABLE.index)
    assert model.log_likelihood(cells) == model.log_likelihood(MONTHS)


@every_model
def test_all_time_is_more_than_any_time_and_less_than_without_discounting(model):
    endless = model.discounted_residual_transactions(MONTHS, 0.5)
    years = model.conditional_expected_purchases(MONTHS, np.arange(0.0, 601.0))
    discounted = np.diff(years, axis=1) @ 1.5 ** (-(np.arange(600) + 1) / 12)
    assert (discounted <= endless * (1 + 1e-9)).all()
    assert discounted == pytest.approx(endless.to_numpy(), rel=0.05)
    assert (endless < years[600.0]).all()
    assert (model.discounted_residual_transactions(MONTHS, 0.6) < endless).all()


@every_model
def test_probabilities_and_expectation_of_new_customers_agree(model):
    chances = model.purchase_probabilities(np.array([4.0, 9.0]), most=60)
    assert chances.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert chances @ np.arange(61) == pytest.approx(model.expected_purchases(np.array([4.0, 9.0])), rel=1e-4)


@every_model
def test_a_simulated_summary_is_in_the_unit_and_can_be_asked(model):
    drawn = model.simulate(np.full(30, 9.0), seed=2)
    assert drawn.unit == "month"
    assert model.probability_alive(drawn).between(0, 1).all()


@every_model
def test_another_unit_is_refused_in_words(model):
    weeks = CustomerSummary(TABLE, "week")
    for question in (
        model.probability_alive,
        model.log_likelihood,
        lambda histories: model.conditional_expected_purchases(histories, 3.0),
        lambda histories: model.discounted_residual_transactions(histories, 0.1),
    ):
        with pytest.raises(InputError, match=f"times in weeks, and the {model.name} model counts in months"):
            question(weeks)
        with pytest.raises(InputError, match="no unit of time"):
            question(TABLE)


@every_model
def test_other_parameters_keep_the_unit(model):
    other = model.having(1, 2, 3, 4)
    assert (type(other), other.unit, other.parameters.to_list()) == (type(model), "month", [1, 2, 3, 4])


def test_a_model_needs_a_unit_that_is_one():
    for unit in ("weeks", None, 7, ""):
        with pytest.raises(InputError, match="unit: found"):
            BgNbd(0.2, 4.4, 0.8, 2.4, unit)


def test_interest_compounds_to_the_yearly_rate():
    for unit, many in (("day", 365.25), ("week", 365.25 / 7), ("month", 12), ("year", 1)):
        assert np.exp(interest(0.15, unit) * many) == pytest.approx(1.15)
