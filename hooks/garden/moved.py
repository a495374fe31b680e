"""Addresses that pages had before: each leads to one page, and none is in the way of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import frontmatter
from .note import Note
from .problem import Problem


def problems(notes: Iterable[Note]) -> Iterator[Problem]:
    """Yield a problem for each address below ``moved_from`` that a page has, or that two notes claim."""
    notes = list(notes)
    pages = {note.url: note for note in notes}
    claimed: dict[str, Note] = {}
    for note in notes:
        for address in note.meta.moved_from:
            if page := pages.get(address):
                what = f"`moved_from` holds `{address}`, where the page of {page.shown} is; remove it from the list"
            elif claimed.setdefault(address, note) is not note:
                other = claimed[address].shown
                what = f"`moved_from` holds `{address}`, which {other} claims too; keep it in one of the two"
            else:
                continue
            yield Problem(note.shown, frontmatter.line(note.head, "moved_from", address), what)
