"""Where a reader can edit what a page was made of: the file behind it, on the code host."""

from __future__ import annotations

from urllib.parse import quote

from garden.model.note import Note
from garden.snippets.library import CATALOG


def address(repository: str, note: Note) -> str:
    """Return the address at which the code host edits the file that a page is made of.

    Empty while the repository's own is not known; the list of all snippets is made of no one file.
    """
    if not repository or note.path == CATALOG:
        return ""
    return f"{repository.rstrip('/')}/edit/main/{quote(note.shown)}"
