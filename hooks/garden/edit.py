"""Where a reader can edit what a page was made of: the file behind it, on the code host."""

from __future__ import annotations

import re
from urllib.parse import quote

from .library import CATALOGUE
from .note import Note

# Pages that no note and no snippet stands behind, and what writes them.
_WRITERS = {CATALOGUE: "hooks/garden/snippetpage.py"}
_REPOSITORY = re.compile(r"https://[\w.-]+(?:/[\w.~-]+)+/?", re.ASCII)


def source(note: Note) -> str:
    """Return the file that the page of ``note`` is made of, from the top of the repository."""
    return _WRITERS.get(note.path, note.shown)


def address(repository: str, note: Note) -> str:
    """Return the address at which the code host edits that file; empty while the repository's own is not known."""
    if not repository or fault(repository):
        return ""
    return f"{repository.rstrip('/')}/edit/main/{quote(source(note))}"


def fault(repository: str) -> str:
    """Return what is wrong with the repository's address; empty if nothing is."""
    if not repository or _REPOSITORY.fullmatch(repository):
        return ""
    return f"`repository: {repository}` is no address of a repository; write it like https://github.com/owner/name"
