"""Numbered lists inside lists: rumdl looks only at how lists with dashes are indented."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import prose

_ITEM = re.compile(r"(?:[ >]*> )?(?P<indent> +)\d+\.[ \t]+\S")
_STEP = 4


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each numbered item that Markdown takes for one of the list around it."""
    for number, line in enumerate(prose.markdown(note), note.first_line):
        if (found := _ITEM.match(line)) and (indent := len(found["indent"])) % _STEP:
            wanted = (indent // _STEP + 1) * _STEP
            advice = f"indent it by {wanted} for a list inside that item, or as far as that item"
            what = f"an item indented by {indent} is in the list of the one above; {advice}"
            yield Problem(note.shown, number, Rule.LIST_INDENT, what)
