"""File names of notes: they are a part of the page's address, which people type, send and read aloud."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule

_BREAKS = re.compile(r"[^a-z0-9]+")
# What neither make nor a shell takes for more than a name; somebody else may have chosen it.
_HARMLESS = re.compile(r"[\w ./-]+")


def slug(title: str) -> str:
    """Return a file name: small letters without accents, and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return _BREAKS.sub("-", plain.lower().replace("'", "")).strip("-")


def proposed_path(path: str) -> str:
    """Return a note's path below docs/ as it should be; empty if nothing of it can stay."""
    parts = "/".join(filter(None, map(slug, path.removesuffix(".md").split("/"))))
    return f"{parts}.md" if parts else ""


def problems(notes: Mapping[str, Note]) -> Iterator[Problem]:
    """Yield a problem for each note whose path is not of small letters, digits and hyphens."""
    for note in notes.values():
        path = proposed_path(note.path)
        if note.generated or path == note.path:
            continue
        target = f"docs/{path or 'topic/name.md'}"
        what = "the file's name becomes the page's address: small letters, digits and hyphens; "
        harmless = _HARMLESS.fullmatch(note.shown)
        advice = f'run `make rename FROM="{note.shown}" TO={target}`' if harmless else f"call it {target}"
        yield Problem(note.shown, 1, Rule.FILE_NAME, what + advice)
