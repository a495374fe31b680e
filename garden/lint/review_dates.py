"""Days on which nobody can have read a note yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import frontmatter


def problems(notes: Mapping[str, Note], today: datetime.date) -> Iterator[Problem]:
    """Yield a problem for each note that is reviewed after ``today``; where somebody writes, it may be tomorrow."""
    latest = today + datetime.timedelta(days=1)
    for note in notes.values():
        day = note.meta.reviewed
        if day and day > latest and not note.generated:
            what = f"`reviewed` is {day}, which is yet to come; write the day on which you last read the whole note"
            line = frontmatter.line(note.head, "reviewed", day.isoformat())
            yield Problem(note.shown, line, Rule.FRONT_MATTER_DATE, what)
