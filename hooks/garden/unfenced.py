"""Code that is indented: no reader can copy it, nothing knows its language, and Python in it is never run."""

from __future__ import annotations

from collections.abc import Iterator

from . import indented, prose
from .note import Note
from .problem import Problem


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each block of a note that is code because of how far in it stands."""
    lines = prose.markdown(note)
    code = indented.code(lines)
    for index in sorted(code):
        if index - 1 not in code:
            what = "is shown as code, because it is indented; write it between lines of ```, and Python as a snippet"
            yield Problem(note.shown, note.first_line + index, what)
