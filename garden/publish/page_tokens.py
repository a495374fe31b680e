"""The HTML of a finished page, taken apart once for all that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_ATTRIBUTES = r"""((?>[^<>"']+|"[^"]*"|'[^']*')*+)"""
# What stands in a block of code is not taken apart: most of its tags color it.
_TOKEN = re.compile(
    rf"<!--.*?-->|<(pre)(?=[\s>]){_ATTRIBUTES}>(.*?)(?:</pre>|\Z)|<(/?[A-Za-z][A-Za-z0-9]*){_ATTRIBUTES}>", re.DOTALL
)
_GROUPS = 6
_ATTRIBUTE = re.compile(r"([\w-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_TAG = re.compile(r"<[^<>]*>")


class Token(NamedTuple):
    """A tag, ``/`` before the name of one that ends an element, and the text that follows it.

    A block of code is one token, ``pre``, with its ``code``; the first token of a page has no tag, and neither has a
    comment. ``attributes`` are as they are written, and so is the ``text``; the code is plain.
    """

    tag: str
    attributes: str
    text: str
    code: str = ""


Tokens = list[Token]


def read(html: str) -> Tokens:
    """Return the tokens of a page, which may be anything that a browser would take."""
    parts = _TOKEN.split(html)
    found = [Token("", "", parts[0])]
    for at in range(1, len(parts), _GROUPS):
        pre, shape, code, tag, attributes, text = parts[at : at + _GROUPS]
        if pre:
            found.append(Token("pre", shape, text, unescape(_TAG.sub("", code))))
        else:
            found.append(Token(tag.lower() if tag else "", attributes or "", text))
    return found


def attributes(written: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag by their names; one without a value is empty."""
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        yield name.lower(), unescape(double or single or bare)
