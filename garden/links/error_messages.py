"""Error messages: which note explains which."""

from __future__ import annotations

from collections.abc import Iterable

from garden.links.names import key
from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import frontmatter


class ErrorMessages:
    """The messages of ``notes``. One that more than one note claims is a problem."""

    def __init__(self, notes: Iterable[Note], report: Report) -> None:
        self._owners: dict[str, tuple[str, Note]] = {}
        for note in notes:
            for message in note.meta.errors:
                owner = self._owners.setdefault(key(message), (message, note))[1]
                if owner is not note:
                    what = f"`{message}` is explained by {owner.shown} already; keep it in one of the two"
                    line = frontmatter.line(note.head, "errors", message)
                    report.add(Problem(note.shown, line, Rule.ERROR_MESSAGE_TAKEN, what))

    @property
    def explained(self) -> tuple[tuple[str, Note], ...]:
        """Each message, with the note that explains it."""
        return tuple(self._owners.values())
