"""Options of the command line that are a name and a value."""

from crmlib.errors import InputError, Problem

__all__ = ["named_pair"]


def named_pair(option: str, pair: str, form: str) -> tuple[str, str]:
    """The name and the value of an option such as ``--column expert=Name``; `form` is how to write it."""
    name, separator, text = pair.partition("=")
    if not separator or not name.strip():
        raise InputError("The command", [Problem(f"{option} {pair!r}", "has no '='", f"Write {form}")])
    return name.strip(), text
