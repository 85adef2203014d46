import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crmlib.errors import InputError
from crmlib.survey import check_answers, reliability

JUDGES = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], columns=list("abcd")
)
NAN = np.nan
GAPS = pd.DataFrame(
    [
        [2, 1, 2, 1], [1, 1, 1, 2], [3, NAN, 3, 3], [2, 3, 3, 3], [3, 4, 4, 4], [2, 3, 2, 2], [3, 1, 4, 3],
        [1, 2, 1, NAN], [4, 2, 4, 4], [NAN, 4, NAN, 4], [3, 3, 5, 4], [4, 2, 3, 3], [1, 2, 3, 2], [5, 5, 5, 4],
    ],
    columns=list("abcd"),
)  # fmt: skip


def found(table, highest=5, missing="listwise", **arguments):
    items = list(table)
    return reliability(check_answers(table, items, 1, highest, **arguments).score(items, missing))


def test_shrout_fleiss_1979_six_targets_four_judges():
    """Their ICC(3,4) is Cronbach's alpha, and its interval is Feldt's; psych for R prints 0.91 (0.676, 0.99)."""
    result = found(JUDGES, highest=10)
    assert round(result.alpha, 2) == 0.91
    assert [round(result.interval[0], 3), round(result.interval[1], 2)] == [0.676, 0.99]
    assert result.respondents == 6


def test_computed_reference_of_pingouin():
    """alpha, Feldt's interval, alpha without an item and corrected item-total correlation of pingouin 0.7."""
    result = found(GAPS)
    assert result.alpha == pytest.approx(0.8852681602172435, abs=1e-12)
    assert np.round(result.interval, 3).tolist() == [0.712, 0.965]  # of the eleven complete rows
    without = [0.8590425531914895, 0.9040066777963273, 0.821763602251407, 0.8227424749163877]
    item_total = [0.7342286839259452, 0.6198058463888725, 0.8264448872324709, 0.8552415606659332]
    assert result.items["alpha_without"].to_numpy() == pytest.approx(without, abs=1e-12)
    assert result.items["item_total"].to_numpy() == pytest.approx(item_total, abs=1e-12)
    assert (result.respondents, result.left_out) == (11, (2, 7, 9))


def test_pairwise_uses_every_pair_and_the_smallest_number_of_respondents():
    result = found(GAPS, missing="pairwise")
    assert result.alpha == pytest.approx(0.8864907547542279, abs=1e-12)  # computed reference of pingouin 0.7
    assert result.respondents == 12
    assert result.left_out == ()


def test_person_means_say_how_many_answers_they_filled():
    result = found(GAPS, missing="person_mean")
    assert (result.respondents, result.filled, result.left_out) == (14, 4, ())


def test_an_undeclared_reverse_coded_item_is_suspected_and_lowers_alpha():
    turned = JUDGES.assign(b=11 - JUDGES["b"])
    wrong, right = found(turned, highest=10), found(turned, highest=10, reverse=["b"])
    assert wrong.suspects == ["b"]
    assert right.suspects == []
    assert wrong.alpha < right.alpha == pytest.approx(found(JUDGES, highest=10).alpha)


@given(arrays(float, (8, 3), elements=st.integers(1, 5)), st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_order_and_shift_do_not_matter(cells, random):
    table = pd.DataFrame(cells, columns=list("abc"))
    if np.ptp(table.sum(axis=1)) == 0:
        return
    rows, columns = list(range(8)), list("abc")
    random.shuffle(rows)
    random.shuffle(columns)
    first, second = found(table), found(table.loc[rows, columns] + 2, highest=7)
    assert first.alpha <= 1 + 1e-12
    assert second.alpha == pytest.approx(first.alpha, abs=1e-9)
    assert second.items.loc[list("abc")].to_numpy() == pytest.approx(first.items.to_numpy(), abs=1e-9, nan_ok=True)


def test_equal_items_are_perfectly_reliable_and_two_items_have_no_alpha_without():
    result = found(pd.DataFrame({"a": [1, 2, 5], "b": [1, 2, 5]}))
    assert result.alpha == pytest.approx(1)
    assert result.items["alpha_without"].isna().all()
    assert result.items["item_total"].to_numpy() == pytest.approx([1, 1])
    assert result.to_dict()["respondents"] == 3


def test_an_item_that_everybody_answers_alike_has_no_correlation():
    assert np.isnan(found(JUDGES.assign(c=3), highest=10).items.loc["c", "item_total"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (JUDGES[["a"]], "items: found 1"),
        (JUDGES.iloc[:2], "respondents: found 2"),
        (pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]}), "do not differ"),
    ],
)
def test_a_scale_that_measures_nothing_is_an_error(table, message):
    with pytest.raises(InputError, match=message):
        found(table, highest=10)


def test_a_level_is_a_share():
    with pytest.raises(InputError, match="level: found 95"):
        reliability(check_answers(JUDGES, list("abcd"), 1, 10).score(list("abcd")), level=95)
