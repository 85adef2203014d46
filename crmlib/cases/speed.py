"""What `make bench` measured: the times of crmlib and of its peers, and the machine."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["Speed", "read_speed"]

_TIMES = ["measurement", "contender", "version", "median_seconds", "ratio_to_crmlib"]
_COLUMNS = {
    "ahp.csv": [*_TIMES, "note"],
    "clv.csv": [*_TIMES, "peak_megabytes", "note"],
    "hundred_million.csv": ["property", "value"],
    "machine.csv": ["property", "value"],
}


@dataclass(frozen=True)
class Speed:
    """Times of one run on one machine.

    `ahp` and `clv` have one row a contender: ``measurement``, ``contender``, ``version``, ``median_seconds``,
    ``ratio_to_crmlib`` (its time divided by crmlib's) and ``note``; `clv` also ``peak_megabytes``.
    `hundred_million`: what the run on so many transactions took; `machine`: processor and versions.
    """

    ahp: pd.DataFrame
    clv: pd.DataFrame
    hundred_million: pd.Series
    machine: pd.Series

    @property
    def measurements(self) -> pd.DataFrame:
        """All rows of `ahp` and `clv`."""
        return pd.concat([self.ahp, self.clv], ignore_index=True)

    @property
    def ratios(self) -> pd.Series:
        """Each peer's ratio by an id of letters, digits and underscores: measurement, dot, contender."""
        peers = self.measurements[self.measurements["contender"] != "crmlib"]
        ids = _id(peers["measurement"]) + "." + _id(peers["contender"])
        return pd.Series(peers["ratio_to_crmlib"].to_numpy(), index=ids)

    @property
    def milliseconds(self) -> pd.Series:
        """The time of crmlib by the id of the measurement."""
        ours = self.measurements[self.measurements["contender"] == "crmlib"]
        return pd.Series(1000 * ours["median_seconds"].to_numpy(), index=_id(ours["measurement"]))


def _id(names: pd.Series) -> pd.Series:
    return names.str.lower().str.replace("×", "x").str.replace(r"\W+", "_", regex=True)


def read_speed(folder: str | Path = "data/speed") -> Speed:
    """Read the files that ``make bench`` writes.

    Raises
    ------
    InputError
        If a file is missing or has other columns.
    """
    frames = {}
    for name, columns in _COLUMNS.items():
        path = Path(folder) / name
        frames[name] = pd.read_csv(path, keep_default_na=False) if path.is_file() else pd.DataFrame()
        if list(frames[name].columns) != columns:
            found = f"found the columns {list(frames[name].columns)}" if path.is_file() else "is not there"
            raise InputError(str(path), [Problem("the file", found, "Write it with `make bench`")])
    return Speed(
        ahp=frames["ahp.csv"],
        clv=frames["clv.csv"],
        hundred_million=frames["hundred_million.csv"].set_index("property")["value"],
        machine=frames["machine.csv"].set_index("property")["value"],
    )
