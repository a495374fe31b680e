"""The cells of tables. Markdown drops those of a row that its head does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import prose

_BAR = re.compile(r"\\.|(`+)(?!`).*?(?<!`)\1(?!`)|(\|)")
RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


def count(row: str) -> int:
    """Return how many cells a row has: a bar in code, or behind a backslash, parts none."""
    row = row.lstrip(" \t>").rstrip()
    bars = [found.start() for found in _BAR.finditer(row) if found[2]]
    return len(bars) + 1 - (0 in bars) - (len(row) - 1 in bars)


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each row of a table with more cells than its head."""
    if "|" not in note.body:
        return
    lines = prose.text(note)
    width = 0
    for index, line in enumerate(lines):
        if "|" in line and RULE.fullmatch(line) and index and count(lines[index - 1]) == count(line):
            width = count(line)
        elif not line.strip(" \t>"):
            width = 0
        elif width and count(line) > width:
            what = f"this row has {count(line)} cells, and its table's head {width}; write a bar of the text as \\|"
            yield Problem(note.shown, note.first_line + index, what)
