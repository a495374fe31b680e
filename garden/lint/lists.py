"""Lists inside lists: an item belongs to the inner one if it is indented by four for each list around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import prose

_LINE = re.compile(r"(?P<quotes>(?: {0,3}> ?)*)(?P<indent> *)(?P<item>(?:[-*+]|\d+\.)[ \t]+(?=\S))?")
_STEP = 4


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each item that is indented below another, but too little to be in a list of its own."""
    above: int | None = None
    quotes, empty = 0, True
    for number, line in enumerate(prose.text(note), note.first_line):
        found = _LINE.match(line)
        if not found or not line[found.end() :].strip():
            empty = True
            continue
        indent, depth = len(found["indent"]), found["quotes"].count(">")
        if depth != quotes or (empty and not indent and not found["item"]):
            above = None
        quotes, empty = depth, False
        if not found["item"] or (above is not None and indent - above >= 2 * _STEP):
            continue  # text, or code in an item
        level = indent // _STEP
        if above is not None and level == above // _STEP and indent - above > 1:
            advice = f"indent it by {(level + 1) * _STEP} for a list inside that item, or as far as that item"
            yield Problem(note.shown, number, f"an item indented by {indent} is in the list of the one above; {advice}")
        else:
            above = indent
