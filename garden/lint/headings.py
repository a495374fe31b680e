"""The order of a note's headings: readers, and those who listen to a page, find their way by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import prose

_HEADING = re.compile(r"(?P<signs>#{1,6})(?!#)[ \t]*(?P<text>.*?)[ \t#]*$")


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each heading that is empty, is a second title, or skips a level."""
    level, title = 1, False
    for number, line in enumerate(prose.markdown(note) if "#" in note.body else (), note.first_line):
        found = _HEADING.match(line)
        if not found:
            continue
        before, level = level, len(found["signs"])
        signs, wanted = found["signs"], "#" * (before + 1)
        if not found["text"]:
            yield Problem(note.shown, number, f"the heading `{signs}` is empty; write its text, or remove it")
        elif level == 1 and title:
            yield Problem(note.shown, number, "a note has one title, and this is a second one; write `##`")
        elif level > before + 1:
            what = f"the heading `{signs}` stands below one of level {before}; write `{wanted}`"
            yield Problem(note.shown, number, what)
        title = title or level == 1
