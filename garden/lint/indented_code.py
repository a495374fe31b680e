"""Code that is indented: no reader can copy it, nothing knows its language, and Python in it is never run."""

from __future__ import annotations

from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import indented_code, prose


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each block of a note that is code because of how far in it stands."""
    lines = prose.markdown(note)
    code = indented_code.code(lines)
    for index in sorted(code):
        if index - 1 not in code:
            what = "is shown as code, because it is indented; write it between lines of ```, and Python as a snippet"
            yield Problem(note.shown, note.first_line + index, what)
