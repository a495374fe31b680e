"""How long a page takes to read."""

from __future__ import annotations

import re

from garden.source import fences

# Words of prose that a reader takes in each minute. Code is skimmed, and most of its words are signs and names.
_PROSE = 230
_CODE = 4 * _PROSE
_ADDRESS = re.compile(r"\]\([^()]*\)")
_WORD = re.compile(r"\w[\w'’-]*")


def minutes(markdown: str) -> int:
    """Return how many minutes a page takes, from its Markdown as it is published; at least one."""
    lines = markdown.split("\n")
    prose = fences.blanked(lines)
    code = [line for line, kept in zip(lines, prose, strict=True) if line and not kept]
    return max(1, round(_words(prose) / _PROSE + _words(code) / _CODE))


def _words(lines: list[str]) -> int:
    return len(_WORD.findall(_ADDRESS.sub("", "\n".join(lines))))
