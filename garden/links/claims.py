"""Titles and aliases: each belongs to one note, and a second note that has it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import frontmatter

_SIGNS = re.compile(r"[\W_]+")


class Claims:
    """Which of ``notes`` has a title or an alias, where ``key`` makes one of all its spellings.

    It is the note that is called like its file, or else the one that has it as a title, or else the first.
    """

    def __init__(self, notes: Iterable[Note], key: Callable[[str], str]) -> None:
        self.problems: list[Problem] = []
        self._key = key
        self._owners: dict[str, Note] = {}
        claims: dict[str, dict[Note, tuple[str, bool]]] = {}
        for note in notes:
            for name, is_title in _names(note):
                claims.setdefault(key(name), {}).setdefault(note, (name, is_title))
        for name, rivals in claims.items():
            owner = min(rivals, key=lambda note: (_slug(name) != _slug(note.name), not rivals[note][1]))
            self._owners[name] = owner
            self.problems += [
                _problem(note, *claimed, owner, owned=rivals[owner][1])
                for note, claimed in rivals.items()
                if note is not owner
            ]

    def holds(self, note: Note, name: str) -> bool:
        """Tell whether links by this title or alias lead to ``note``."""
        return self._owners.get(self._key(name)) is note


def _names(note: Note) -> Iterator[tuple[str, bool]]:
    if not note.generated:
        yield note.title, True
        yield from ((alias, False) for alias in note.meta.aliases)


def _slug(name: str) -> str:
    return _SIGNS.sub("-", name.casefold()).strip("-")


def _problem(note: Note, name: str, is_title: bool, owner: Note, *, owned: bool) -> Problem:
    if is_title:
        has = "has this title already" if owned else "has this title among its aliases"
        return Problem(note.shown, _line(note), f"{owner.shown} {has}; choose another")
    what = f"`aliases` holds `{name}`, which {'is the title' if owned else 'is an alias'} of {owner.shown} already"
    return Problem(note.shown, frontmatter.line(note.head, "aliases", name), f"{what}; remove it from one of the two")


def _line(note: Note) -> int:
    """Return the line on which a note has its title."""
    if note.meta.title:
        return frontmatter.line(note.head, "title", "")
    lines = note.body.split("\n")
    return note.first_line + next((i for i, line in enumerate(lines) if line.startswith("# ")), 0)
