"""File names of notes: they are a part of the page's address, which people type, send and read aloud."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from garden import Problem
from garden.note import Note

_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*[a-z0-9]+(?:-[a-z0-9]+)*\.md")


def problems(notes: Mapping[str, Note]) -> Iterator[Problem]:
    """Yield a problem for each note whose path is not of small letters, digits and hyphens."""
    for note in notes.values():
        if not note.generated and not _NAME.fullmatch(note.path):
            what = "the file's name becomes the page's address: small letters, digits and hyphens"
            yield Problem(note.shown, 1, f'{what}; run `make rename FROM="{note.shown}" TO={better(note)}`')


def better(note: Note) -> str:
    """Return the path that a note should have, from the top of the repository."""
    parts = note.shown.removesuffix(".md").split("/")
    return "/".join(map(_hyphened, parts)) + ".md"


def _hyphened(part: str) -> str:
    plain = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "note"
