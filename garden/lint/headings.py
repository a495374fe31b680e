"""Headings without text, which rumdl does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import prose

_EMPTY = re.compile(r"(?P<signs>#{1,6})(?:[ \t][ \t#]*(?:\{[^{}]*\}[ \t]*)?)?$")


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each heading that is empty."""
    for number, line in enumerate(prose.markdown(note) if "#" in note.body else (), note.first_line):
        if found := _EMPTY.match(line):
            what = f"the heading `{found['signs']}` is empty; write its text, or remove it"
            yield Problem(note.shown, number, Rule.HEADING_EMPTY, what)
