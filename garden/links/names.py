"""Which notes answer to a name: by title, file name, alias or trailing path, in any case."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import frontmatter
from garden.source.suggest import Suggester

_SPACES = re.compile(r"\s+")
# What a link cannot hold.
_SIGNS = re.compile(r"[\[\]|#]")
_NO_LETTERS = re.compile(r"[\W_]+")


def key(name: str) -> str:
    """Return the form in which two spellings of one name are equal: case, Unicode form and spaces do not count."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    return _SPACES.sub(" ", name.casefold()).strip()


def trailing_paths(path: str) -> Iterator[str]:
    """Yield ``c``, ``b/c``, ``a/b/c`` for ``a/b/c.md``; a folder's ``index.md`` also answers to the folder."""
    parts = path.removesuffix(".md").split("/")
    for start in range(len(parts) - 1, -1, -1):
        yield "/".join(parts[start:])
    if len(parts) > 1 and parts[-1] == "index":
        yield from trailing_paths("/".join(parts[:-1]))


class Names:
    """The notes of one build by every name that they answer to. A name that two of them claim is a problem."""

    def __init__(self, notes: Iterable[Note], report: Report) -> None:
        self._by_path: dict[str, list[Note]] = {}
        self._by_name: dict[str, list[Note]] = {}
        self._nearest = Suggester(self._spellings)
        notes = list(notes)
        claims = _Claims(notes, report)
        for note in notes:
            self._by_path.setdefault(key(note.path.removesuffix(".md")), []).append(note)
            claimed = [name for name in (note.title, *note.meta.aliases) if claims.holds(note, name)]
            own = note.meta.aliases if note.generated else (*claimed, *trailing_paths(note.path))
            for name in own:
                found = self._by_name.setdefault(key(name), [])
                if not found or found[-1] is not note:
                    found.append(note)

    def find(self, name: str, folder: str = "") -> list[Note]:
        """Return every note called ``name``: none, one, or the candidates of an ambiguous name.

        ``/a/b`` counts from the top of the notes and ``./b`` or ``../b`` from ``folder``; both name one file exactly.
        """
        if name.startswith("/"):
            return self._at(name[1:])
        if name.startswith(("./", "../")):
            return self._at(posixpath.normpath(posixpath.join(folder, name)))
        return self._by_name.get(key(name), [])

    def _at(self, path: str) -> list[Note]:
        path = path.removesuffix(".md")
        wanted = key(path)
        found = self._by_path.get(wanted) or self._by_path.get(f"{wanted}/index".lstrip("/"), [])
        # Two files may differ in case alone.
        return [note for note in found if note.path == f"{path}.md"] or found

    def shortest(self, note: Note) -> str:
        """Return the shortest path that names ``note`` and no other."""
        for path in trailing_paths(note.path):
            if self.find(path) == [note]:
                return path
        return "/" + note.path.removesuffix(".md")

    def nearest(self, name: str) -> str | None:
        """Return the existing name closest to a misspelled one, or None if nothing is close."""
        return self._nearest(key(name))

    def _spellings(self) -> dict[str, str]:
        notes = {note: None for found in self._by_name.values() for note in found}
        names = [
            name
            for note in notes
            for name in (*note.meta.aliases, *(() if note.generated else (note.name, note.title)))
        ]
        return {key(name): name for name in names if not _SIGNS.search(name)}


class _Claims:
    """Which of ``notes`` has a title or an alias: each belongs to one note, and a second note that has it is told.

    It is the note that is called like its file, or else the one that has it as a title, or else the first.
    """

    def __init__(self, notes: Iterable[Note], report: Report) -> None:
        self._owners: dict[str, Note] = {}
        claims: dict[str, dict[Note, tuple[str, bool]]] = {}
        for note in notes:
            for name, is_title in _claimed(note):
                claims.setdefault(key(name), {}).setdefault(note, (name, is_title))
        for name, rivals in claims.items():
            owner = min(rivals, key=lambda note: (_slugged(name) != _slugged(note.name), not rivals[note][1]))
            self._owners[name] = owner
            report.extend(
                _problem(note, *claimed, owner, owned=rivals[owner][1])
                for note, claimed in rivals.items()
                if note is not owner
            )

    def holds(self, note: Note, name: str) -> bool:
        """Tell whether links by this title or alias lead to ``note``."""
        return self._owners.get(key(name)) is note


def _claimed(note: Note) -> Iterator[tuple[str, bool]]:
    if not note.generated:
        yield note.title, True
        yield from ((alias, False) for alias in note.meta.aliases)


def _slugged(name: str) -> str:
    return _NO_LETTERS.sub("-", name.casefold()).strip("-")


def _problem(note: Note, name: str, is_title: bool, owner: Note, *, owned: bool) -> Problem:
    if is_title:
        has = "has this title already" if owned else "has this title among its aliases"
        return Problem(note.shown, _line(note), Rule.TITLE_TAKEN, f"{owner.shown} {has}; choose another")
    what = f"`aliases` holds `{name}`, which {'is the title' if owned else 'is an alias'} of {owner.shown} already"
    line = frontmatter.line(note.head, "aliases", name)
    return Problem(note.shown, line, Rule.ALIAS_TAKEN, f"{what}; remove it from one of the two")


def _line(note: Note) -> int:
    """Return the line on which a note has its title."""
    if note.meta.title:
        return frontmatter.line(note.head, "title", "")
    lines = note.body.split("\n")
    return note.first_line + next((i for i, line in enumerate(lines) if line.startswith("# ")), 0)
