"""Keeps Python-Markdown from stalling or failing on input that nobody writes by accident."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

# For every opening bracket its link patterns read on to the matching one, to the end of the text if there is none:
# quadratic, in Python. A text with more unmatched or nested brackets than this has them turned into plain characters.
_UNMATCHED = 4
_NESTED = 32


class Brackets(Treeprocessor):
    """Runs just before inline parsing."""

    def run(self, root: Element) -> None:
        """Turn brackets that can be no links, where they are many, into plain characters."""
        for element in root.iter():
            if element.text and element.text.count("[") > _UNMATCHED:
                element.text = defuse(element.text)


def defuse(text: str) -> str:
    """Return ``text`` with surplus brackets written as Python-Markdown writes escaped characters."""
    surplus = sorted({*_surplus(text, "[", "]"), *_surplus(text, "(", ")")})
    if not surplus:
        return text
    out, start = [], 0
    for position in surplus:
        out += [text[start:position], f"\x02{ord(text[position])}\x03"]
        start = position + 1
    return "".join([*out, text[start:]])


def _surplus(text: str, opening: str, closing: str) -> Iterator[int]:
    """Yield the positions of opening brackets that are never closed, or that nest too deep."""
    open_at: list[int] = []
    deep: list[int] = []
    for match in re.finditer(rf"\\.|`[^`\n]*`|[{re.escape(opening + closing)}]", text, re.DOTALL):
        if match[0] == opening:
            open_at.append(match.start())
            if len(open_at) > _NESTED:
                deep.append(match.start())
        elif match[0] == closing and open_at:
            open_at.pop()
    if len(open_at) > _UNMATCHED:
        yield from open_at
    yield from deep


def catch_recursion(md: Markdown, tell: Callable[[], None]) -> None:
    """Make ``md`` show a text that nests deeper than it can follow as written, and ``tell`` of it."""
    convert = md.convert

    def guarded(source: str) -> str:
        try:
            return convert(source)
        except RecursionError:
            tell()
            return f"<pre>{escape(source)}</pre>"

    md.convert = guarded  # type: ignore[method-assign]
