"""Characters that mark places in text on its way through Markdown; `reader.decode` keeps them out of notes."""

from __future__ import annotations

import re
from bisect import bisect_right

SLOT_OPEN, SLOT_CLOSE = "\ue002", "\ue003"
HREF = "\ue004"  # in an excerpt: the address of the link's place
PREFIX = "\ue005"  # in embedded HTML: what makes its ids unique on the page

_STAMP_OPEN, _STAMP_CLOSE = "\ue000", "\ue001"
_STAMP = re.compile(f"\\s*{_STAMP_OPEN}(\\d+){_STAMP_CLOSE}")
_PLACES = re.compile(
    r"(?P<wiki>\[\[)"
    r"|(?P<inline>\]\(\s*<?)"
    r"|(?P<reference>^[ \t>]{0,9}\[(?!\^)[^\[\]\n]+\]:\s*<?)"
    r"|(?P<query>^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{?[ \t]*\.?dataview\b[^\n]*\n[ \t>]*(?![ \t>]*(?:`{3}|~{3})))",
    re.MULTILINE,
)


def slot(index: int) -> str:
    """Return the stand-in for an address or a block that is known only when every note has been read.

    It looks like an address with a scheme, which every Markdown extension leaves alone.
    """
    return f"garden:{SLOT_OPEN}{index}{SLOT_CLOSE}"


SLOT = re.compile(f"garden:{SLOT_OPEN}(\\d+){SLOT_CLOSE}")


def stamp(text: str, first_line: int) -> str:
    """Write its line into every link, embed and query of ``text``.

    Python-Markdown keeps no positions. A note with a problem is rendered once more from stamped text; a stamp in code
    or in a comment is never read, so the lines are those of what Markdown took for links. A healthy note pays nothing.
    """
    breaks = [i for i, c in enumerate(text) if c == "\n"]

    def line(match: re.Match[str]) -> str:
        return f"{match[0]}{_STAMP_OPEN}{bisect_right(breaks, match.end() - 1) + first_line}{_STAMP_CLOSE}"

    return _PLACES.sub(line, text)


def unstamp(text: str) -> tuple[str, int]:
    """Return what follows the stamp, and its line; 0 if there is no stamp."""
    if _STAMP_OPEN not in text or not (found := _STAMP.match(text)):
        return text, 0
    return text[found.end() :], int(found[1])
