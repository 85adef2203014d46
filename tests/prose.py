"""Finding numbers that were typed into prose instead of recorded, and roles that nobody reads."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

#: Licences and encodings are names, not results.
NAMES = re.compile("BSD 3-clause|CC BY 4.0|version 2.0|UTF-8")
#: Directives whose content is not prose.
QUOTED = {"include", "code-block", "bibliography", "figure", "image", "toctree", "raw"}
#: Directives whose arguments are columns and classes.
LAYOUT = {"grid", "grid-item-card", "div"}

#: Roles of Sphinx and of this project that a page may use; {origin} alone makes a badge.
ROLES = {"cite:p", "cite:t", "download", "glue:text", "if", "origin", "term", "unless"}

_DIRECTIVE = re.compile(r"\s*\{([\w-]+)\}(.*)")
_PARSER = MarkdownIt("commonmark").enable("table")
for _plugin in (colon_fence_plugin, deflist_plugin, dollarmath_plugin, front_matter_plugin, myst_role_plugin):
    _PARSER.use(_plugin)


def typed_numbers(markdown: str) -> list[str]:
    """Numbers in the prose of a page that are not recorded values.

    Code, roles (glue among them), the targets of links and the numbers of lists do not count. In a
    formula whole numbers belong to the formula; a decimal would be a result.
    """
    return list(_numbers(markdown))


def _numbers(markdown: str) -> Iterator[str]:
    for token in _PARSER.parse(markdown):
        if token.type == "inline":
            for child in token.children or []:
                if child.type == "text":
                    yield from re.findall(r"\d[\d.,/%]*", NAMES.sub("", child.content))
                elif child.type.startswith("math"):
                    yield from re.findall(r"\d+\.\d+", child.content)
        elif token.type.startswith("math"):
            yield from re.findall(r"\d+\.\d+", token.content)
        elif token.type in ("fence", "colon_fence") and (directive := _DIRECTIVE.match(token.info)):
            name, argument = directive.groups()
            if name not in QUOTED:
                yield from _numbers(re.sub(r"^:[\w-]+:.*$", "", token.content, flags=re.MULTILINE))
            if name not in QUOTED | LAYOUT:
                yield from _numbers(argument)


def wrong_roles(page: str, text: str) -> Iterator[str]:
    """What a reader would see as braces, or as a badge that nothing is bound to; each with its remedy."""
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{page}, line {number}: {line.strip()[:60]!r}"
        for role in re.findall(r"\{([^{}`\s]*)\}`", line):
            if role.startswith("bdg"):
                yield f"{where} types a badge. Write {{origin}}`word path`, which is compared with the data."
            elif role not in ROLES:
                yield f"{where} has the role {{{role}}}, which nobody reads. Write one of {', '.join(sorted(ROLES))}."
        if "sd-badge" in line:
            yield f"{where} types a badge in HTML. Write {{origin}}`word path`, which is compared with the data."
        if re.search(r"(?<!^)\{(?:if|unless)\}`", re.sub(r"^\s*(?:[-*]\s+|\d+\.\s+)?", "", line)):
            yield f"{where} has a condition inside. Begin the line with it; a line is a sentence."
        if re.search(r"\{\s*(?:glue:\w+|if|unless|origin|term)\s*\}(?!`[^`]+`)", line):
            yield f"{where} has a role without its words. Write {{role}}`words`."
