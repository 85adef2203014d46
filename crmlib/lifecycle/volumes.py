"""What customers bought in each period, checked: customers are rows, periods are columns."""

import pandas as pd

from crmlib.arguments import checked
from crmlib.checks import NOT_NEGATIVE, check_choice, check_labels, check_not_empty, check_numbers, floats, refuse
from crmlib.errors import Problem

__all__ = ["checked_volumes"]

_FILL_IN = "Fill it in, or state that a missing cell means no purchase"


@checked("The table of volumes")
def checked_volumes(volumes: pd.DataFrame, *, missing: str = "refuse") -> pd.DataFrame:
    """Volumes as finite numbers that are not negative, every customer once, the periods in order.

    A missing cell is not the same as no purchase, so it is refused unless the caller states that it is.

    Parameters
    ----------
    volumes
        Shape (customers, periods), in units of volume, such as orders or tonnes; periods (numbers or dates)
        ascend from left to right and are equally long.
    missing
        ``"refuse"``: a missing cell is an error; ``"zero"``: it means that nothing was bought.

    Raises
    ------
    InputError
        Lists every cell that is missing, negative or no finite number, every repeated customer, and periods
        that do not ascend.

    Examples
    --------
    >>> checked_volumes(pd.DataFrame({1: [2.0, None]}, index=["A", "B"]), missing="zero")[1].tolist()
    [2.0, 0.0]
    """
    columns = volumes.columns
    ordered = columns.is_monotonic_increasing and columns.is_unique
    refuse(
        "The table of volumes",
        check_choice("missing", missing, ["refuse", "zero"]),
        check_not_empty("volumes", volumes),
        check_labels("customer", volumes),
        []
        if ordered
        else [Problem("periods", "not in ascending order, or one occurs twice", "Sort the columns by time")],
        check_numbers("customer", volumes, NOT_NEGATIVE, missing=missing == "zero", column="period", fill=_FILL_IN),
    )
    return pd.DataFrame(floats(volumes), index=volumes.index, columns=columns).fillna(0.0)
