"""Characters that mark places in text on its way through Markdown; `reader.decode` keeps them out of notes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate

from garden.source import fences

SLOT_OPEN, SLOT_CLOSE = "\ue002", "\ue003"
HREF = "\ue004"  # in an excerpt: the address of the link's place
PREFIX = "\ue005"  # in embedded HTML: what makes its ids unique on the page
FORGED = re.compile(f"[{SLOT_OPEN}{SLOT_CLOSE}{HREF}{PREFIX}]")

# Blocks that the build replaces by what it computes.
_COMPUTED = ("dataview", "measured", "calculator")
_STAMP_OPEN, _STAMP_CLOSE = "\ue000", "\ue001"
STAMP = f"(?:{_STAMP_OPEN}\\d+{_STAMP_CLOSE})"
_STAMP = re.compile(f"\\s*{_STAMP_OPEN}(\\d+){_STAMP_CLOSE}")
_PLACES = re.compile(
    r"\[\[(?!\[)"
    r"|\]\([ \t]*<?"
    r"|<[A-Za-z][A-Za-z0-9+.-]*://"
    r"|`=[ ]+(?=[\w-]+\.)"
    r"|(?:^|(?<=\s))\^(?=[A-Za-z0-9][A-Za-z0-9-]*[ \t]*$)"
    # The address of a reference may stand in the next line, if that does not begin a block.
    r"|^[ \t>]{0,9}\[(?!\^)[^\[\]\n]+\]:(?:[ \t]*\n[ \t]*(?=[\w./])|[ \t]*(?=[^\s\[]))<?",
    re.MULTILINE,
)


def slot(index: int) -> str:
    """Return the stand-in for an address or a block that is known only when every note has been read.

    It looks like an address with a scheme, which every Markdown extension leaves alone.
    """
    return f"garden:{SLOT_OPEN}{index}{SLOT_CLOSE}"


SLOT = re.compile(f"garden:{SLOT_OPEN}(\\d+){SLOT_CLOSE}")


def stamp(text: str, number: Callable[[int], int]) -> str:
    """Write a number into every link, embed and query of ``text``: what ``number`` makes of the place where it begins.

    Python-Markdown keeps no positions. A note with a problem is rendered once more from stamped text; a stamp in code
    or in a comment is never read, so the places are those of what Markdown took for links. A healthy note pays nothing.
    """
    marked = {found.end(): found.end() for found in _PLACES.finditer(text)}
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for fence in fences.scan(lines) if any(name in text for name in _COMPUTED) else ():
        content = range(fence.start + 1, fence.end or 0)
        if fence.language in _COMPUTED and (index := next((i for i in content if lines[i].strip(" \t>")), None)):
            indent = len(lines[index]) - len(lines[index].lstrip(" \t>"))
            marked[starts[index] + indent] = starts[content.start]
    out, start = [], 0
    for place in sorted(marked):
        out += [text[start:place], f"{_STAMP_OPEN}{number(marked[place])}{_STAMP_CLOSE}"]
        start = place
    return "".join([*out, text[start:]])


def line_of(text: str, first_line: int) -> Callable[[int], int]:
    """Return a function that gives the line of a place in ``text``, which begins on ``first_line``."""
    breaks = [place for place, sign in enumerate(text) if sign == "\n"]
    return lambda place: bisect_left(breaks, place) + first_line


def unstamp(text: str) -> tuple[str, int]:
    """Return the text without stamps, and the line of the first; 0 if there is none."""
    if _STAMP_OPEN not in text or not (found := _STAMP.search(text)):
        return text, 0
    return _STAMP.sub("", text), int(found[1])
