"""Rooms that need more packages than the methods do, and say so in words where these are not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["MissingExtraError", "extra"]


class MissingExtraError(ImportError):
    """A package that is not installed, and how to get it."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Imports that need the extra `name` of this library.

    Examples
    --------
    >>> with extra("figures"):
    ...     import no_such_package
    Traceback (most recent call last):
    ...
    crmlib.extras.MissingExtraError: no_such_package is not installed. Type: pip install "crmlib[figures]"
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        raise MissingExtraError(f'{package} is not installed. Type: pip install "crmlib[{name}]"') from None
