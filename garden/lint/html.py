"""HTML in a note: only what Markdown has no sign for. What would act in a browser is refused by `inert`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.markdown import sanitize
from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import prose

_ALLOWED = frozenset({
    "abbr", "b", "br", "cite", "dd", "del", "details", "dfn", "div", "dl", "dt", "figcaption", "figure", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "sub", "summary", "sup", "u", "var", "wbr",
})  # fmt: skip
_INSTEAD = {
    "a": "write [text](address)",
    "img": "write ![[picture.png|What it shows]]",
    "code": "write it between backticks",
    "pre": "write a fenced block",
    "strong": "write **text**",
    "em": "write *text*",
    "p": "leave a line empty",
    "hr": "write `***`",
    "blockquote": "begin its lines with `>`",
    "table": "write a table with bars",
    **dict.fromkeys(("ul", "ol", "li"), "write a list"),
    **{f"h{level}": f"write `{'#' * level}`" for level in range(1, 7)},
}
_CODE = re.compile(r"(`+).*?\1")
_TAG = re.compile(r"<(?P<name>[A-Za-z][\w-]*)(?=\s|/?>)[^<>]*>")
_INDENTED = ("    ", "\t")


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each element that notes do not use; not where `inert` tells of it.

    What is indented may be code, and is left alone.
    """
    for number, line in enumerate(prose.markdown(note) if "<" in note.body else (), note.first_line):
        if "<" not in line or line.startswith(_INDENTED):
            continue
        for found in _TAG.finditer(_CODE.sub("", line)):
            name = found["name"].lower()
            if name not in _ALLOWED and not sanitize.acting(found[0]):
                advice = _INSTEAD.get(name, "remove it, or write it between backticks to show it")
                what = f"`<{name}>` is HTML that notes do not use; {advice}"
                yield Problem(note.shown, number, Rule.HTML_ELEMENT, what)
