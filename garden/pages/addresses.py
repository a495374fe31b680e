"""Where a page finds another: the one place that knows the address of a note or a file as seen from a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from garden.markdown.document import Document
from garden.model.note import Note
from garden.model.reference import Fault, Link
from garden.source import urls


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one build. ``documents`` are the notes as they were read: they know their ids."""

    documents: Mapping[Note, Document]

    def note(self, note: Note, page: Note) -> str:
        """Return the address of a note's page, seen from ``page``."""
        return urls.relative(note.url, page.url)

    def seen_from(self, page: Note) -> Callable[[Note], str]:
        """Return the function that gives the address of a note's page, seen from ``page``."""
        return lambda note: self.note(note, page)

    def file(self, url: str, page: Note) -> str:
        """Return the address of a file whose own counts from the top of the site, seen from ``page``."""
        return urls.relative(url, page.url)

    def place(self, link: Link, origin: Note, page: Note) -> str:
        """Return where ``link`` leads, written in ``origin`` and shown on ``page``; raise `Fault` if nowhere."""
        own = link.note is page
        address = "" if own and str(link.fragment) else self.note(link.note, page)
        if not str(link.fragment):
            return address
        name = "" if link.note is origin else link.note.title
        return address + urls.fragment(self.documents[link.note].ident(link.fragment, name))

    def nearest(self, link: Link, page: Note) -> str:
        """Return where ``link`` leads, seen from ``page``; without a place that its note does not have."""
        try:
            return self.place(link, page, page)
        except Fault:
            return self.note(link.note, page)
