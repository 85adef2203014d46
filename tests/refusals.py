"""Bad input for the grids that try every public function, and what a refusal must hold."""

import numpy as np
import pytest

from crmlib.errors import InputError

__all__ = ["BAD", "assert_refused", "changed"]

BAD = {"text": "x", "number as text": "5", "None": None, "NaN": np.nan, "infinity": np.inf, "True": True}


def changed(table, row, column, value):
    """The table with one other cell."""
    other = table.astype(object)
    other.iloc[row, column] = value
    return other


def assert_refused(function, arguments):
    """Whether the arguments are refused in words: each problem with its place, what was found, and the remedy."""
    with pytest.raises(InputError) as error:
        function(**arguments)
    assert all(problem.where and problem.found and problem.remedy for problem in error.value.problems)
    assert "np." not in str(error.value)
