"""One spelling for each name; names that only one respondent knows are most likely misspelt."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from crmlib.errors import Problem
from crmlib.reading.words import folded, plain

__all__ = ["one_spelling", "stray_names"]


def one_spelling(names: Sequence[tuple[str, str]]) -> tuple[dict[str, str], list[str]]:
    """The spelling of each name that is taken for all that differ by case, width or blanks only.

    Parameters
    ----------
    names
        Each name as it is written, and the place where it is.

    Returns
    -------
    spellings, notes
        The spelling by what all spellings share: the most frequent, then the first; and who wrote otherwise, where.

    Examples
    --------
    >>> one_spelling([("Price", "row 2"), ("price", "row 3"), ("Price", "row 4")])
    ({'price': 'Price'}, ["row 3: 'price' is read as 'Price'"])
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, str] = {}
    for name, place in names:
        found[folded(name)][_tidy(name)] += 1
        first.setdefault(_tidy(name), place)
    spellings = {key: counts.most_common(1)[0][0] for key, counts in found.items()}
    notes = [
        f"{first[name]}: {name!r} is read as {spellings[key]!r}" + (f", {count} times" if count > 1 else "")
        for key, counts in found.items()
        for name, count in counts.items()
        if name != spellings[key]
    ]
    return spellings, notes


def _tidy(name: str) -> str:
    return plain(name) or name


def stray_names(used: dict[str, dict[str, str]]) -> dict[str, list[Problem]]:
    """Names of things compared that most respondents do not know, by the respondent who uses them.

    Parameters
    ----------
    used
        The names by respondent, each with the place where it is first.

    Examples
    --------
    >>> used = {"Ann": {"price": "row 2"}, "Bo": {"price": "row 3"}, "Cy": {"pirce": "row 4"}}
    >>> print(stray_names(used)["Cy"][0])
    row 4: found 'pirce', which no other of 3 compares. Write 'price' if that is meant.
    """
    known = Counter(name for names in used.values() for name in names)
    common = [name for name, count in known.items() if 2 * count >= len(used)]
    problems: dict[str, list[Problem]] = {}
    for respondent, names in used.items():
        strays = [name for name in names if 2 * known[name] < len(used)]
        if strays:
            problems[respondent] = [
                _stray(name, names[name], known[name], len(used), [one for one in common if one not in names])
                for name in strays
            ]
    return problems


def _stray(name: str, place: str, count: int, respondents: int, absent: list[str]) -> Problem:
    others = f"no other of {respondents} compares" if count == 1 else f"only {count} of {respondents} compare"
    near = get_close_matches(name, absent, n=1, cutoff=0.6) or absent[:1] * (len(absent) == 1)
    remedy = f"Write {near[0]!r} if that is meant" if near else f"The others compare {_listed(absent)} instead"
    return Problem(place, f"found {name!r}, which {others}", remedy if near or absent else "Leave it out")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))
