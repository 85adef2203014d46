"""Where a value comes from: the five origins that every page marks."""

from enum import StrEnum

__all__ = ["Origin"]


class Origin(StrEnum):
    """Origin of a value.

    Examples
    --------
    >>> Origin("recovered").meaning
    'follows by computation from published values'
    """

    PUBLISHED = "published"
    RECOVERED = "recovered"
    ASSUMED = "assumed"
    ERRATUM = "erratum"
    OWN = "own"

    @property
    def meaning(self) -> str:
        """One line for a reader."""
        return {
            Origin.PUBLISHED: "printed in a source document",
            Origin.RECOVERED: "follows by computation from published values",
            Origin.ASSUMED: "chosen by us because the source leaves it out",
            Origin.ERRATUM: "printed, but cannot be right; both readings are shown",
            Origin.OWN: "measured by whoever brings the data",
        }[self]
