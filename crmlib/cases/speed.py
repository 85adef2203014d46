"""What `make bench` measured: the times of crmlib and of its peers, and the machine."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.errors import InputError, Problem

__all__ = ["Speed", "read_speed"]

_TIMES = ["measurement", "contender", "version", "median_seconds", "ratio_to_crmlib", "peak_megabytes", "note"]
_WITHOUT_MEMORY = [column for column in _TIMES if column != "peak_megabytes"]
_PROPERTIES = ["hundred_million", "machine"]


@dataclass(frozen=True)
class Speed:
    """Times of one run on one machine.

    `measurements` has one row a contender: ``part`` (the file: ``ahp``, ``clv`` and so on), ``measurement``,
    ``contender``, ``version``, ``median_seconds``, ``ratio_to_crmlib`` (its time divided by crmlib's),
    ``peak_megabytes`` (missing where it was not measured) and ``note``. `hundred_million`: what the run on so many
    transactions took; `machine`: processor and versions.
    """

    measurements: pd.DataFrame
    hundred_million: pd.Series
    machine: pd.Series

    def part(self, name: str) -> pd.DataFrame:
        """The measurements of one file."""
        return self.measurements[self.measurements["part"] == name]

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
    """Read the files that ``make bench`` writes: tables of times, the run on many transactions, the machine.

    Raises
    ------
    InputError
        If a file is missing or has other columns.
    """
    files = {path.stem: pd.read_csv(path, keep_default_na=False) for path in sorted(Path(folder).glob("*.csv"))}
    problems = [
        Problem(f"{name}.csv", "is not there", "Write it with `make bench`")
        for name in ("ahp", *_PROPERTIES)
        if name not in files
    ]
    for name, frame in files.items():
        allowed = [["property", "value"]] if name in _PROPERTIES else [_TIMES, _WITHOUT_MEMORY]
        if list(frame.columns) not in allowed:
            found = f"found the columns {list(frame.columns)}"
            problems.append(Problem(f"{name}.csv", found, "Write it with `make bench`"))
    if problems:
        raise InputError(str(folder), problems)
    times = {name: frame for name, frame in files.items() if name not in _PROPERTIES}
    return Speed(
        measurements=pd.concat(times, names=["part", None]).reset_index("part").reset_index(drop=True),
        **{name: files[name].set_index("property")["value"] for name in _PROPERTIES},
    )
