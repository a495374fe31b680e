"""Code that is indented instead of fenced."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What holds what is indented below it: items, definitions, footnotes, admonitions and tabs.
_HOLDER = re.compile(r" {0,3}(?:[-*+:]|\d+[.)]|\[\^[^\[\]]+\]:|!!!|\?\?\?\+?|===\+?)(?:[ \t]|$)")
_INDENT = ("    ", "\t")


def code(lines: Sequence[str]) -> set[int]:
    """Return the indices of the lines that are code because of how far in they stand.

    Such a line follows an empty one, and stands below nothing that could hold it.
    """
    found: set[int] = set()
    holder = ""
    before = ""
    for index, line in enumerate(lines):
        if not line.strip():
            before = ""
            continue
        if not line.startswith(_INDENT):
            holder = line if not before or _HOLDER.match(line) else holder
        elif not _HOLDER.match(holder) and (not before or index - 1 in found):
            found.add(index)
        before = line
    return found
