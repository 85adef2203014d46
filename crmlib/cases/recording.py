"""Recording a value once in a notebook, for the prose, the results and the verification."""

import math
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Recorded", "record", "recorded_values"]

_PREFIX = "application/papermill.record/"  # MyST-NB reads a glued value from this kind of output


@dataclass(frozen=True)
class Recorded:
    """A recorded value, and the position of the cell that recorded it."""

    name: str
    value: bool | int | float | str
    cell: int


def record(name: str, value: object) -> None:
    """Record a value under the id of a fact or of an expected value.

    Parameters
    ----------
    name
        The id, such as ``"local_weight.profit"``.
    value
        A finite number, a text or a truth value; or a Series, recorded as ``name.label`` element by
        element. NumPy scalars become plain Python values, which MyST-NB's ``{glue}`` needs.

    Raises
    ------
    TypeError, ValueError
        If the value is of another type, or not finite.
    """
    if isinstance(value, pd.Series):
        for label, element in value.items():
            record(f"{name}.{label}", element)
        return
    from IPython.display import publish_display_data  # noqa: PLC0415 (who only reads tables has no notebook)

    plain = _plain(name, value)
    publish_display_data(
        {f"{_PREFIX}text/plain": repr(plain)},
        {"scrapbook": {"name": name, "mime_prefix": _PREFIX}, "crmlib": {"value": plain}},
    )


def _plain(name: str, value: object) -> bool | int | float | str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        if not math.isfinite(value):
            raise ValueError(f"{name}: {value} cannot be recorded; a recorded number is finite")
        return float(value)
    raise TypeError(
        f"{name}: a {type(value).__name__} cannot be recorded; give a number, a text, a truth value or a Series of them"
    )


def recorded_values(notebook: Any) -> list[Recorded]:
    """What an executed notebook recorded, in order, repetitions included."""
    return [
        Recorded(output["metadata"]["scrapbook"]["name"], output["metadata"]["crmlib"]["value"], at)
        for at, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
        if "value" in output.get("metadata", {}).get("crmlib", {})
    ]
