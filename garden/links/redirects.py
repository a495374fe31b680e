"""Addresses that pages had before: each leads to one page, and none is in the way of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.site import Site, file
from garden.source import frontmatter, urls

SCRIPT = "assets/moved.js"


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
            line = frontmatter.line(note.head, "moved_from", address)
            yield Problem(note.shown, line, Rule.OLD_ADDRESS_TAKEN, what)


def redirects(notes: Iterable[Note], site: Site) -> dict[str, str]:
    """Return a page for each address that one of ``notes`` had, by the path of its file; it leads to where that is now.

    Browsers go there by themselves; with the script, to the same section.
    """
    notes = list(notes)
    taken = {note.url for note in notes}
    made: dict[str, str] = {}
    for note in notes:
        for address in note.meta.moved_from:
            if address not in taken:
                made.setdefault(file(address), _page(note, address, site))
    return made


def _page(note: Note, address: str, site: Site) -> str:
    there, script = (escape(urls.relative(target, address)) for target in (note.url, SCRIPT))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moved: {escape(note.title)}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{escape(site.absolute(note.url))}">
<meta http-equiv="refresh" content="0; url={there}">
<script src="{script}" data-to="{there}"></script>
</head>
<body>
<main>
<h1>This page has moved</h1>
<p>It is now called <a href="{there}">{escape(note.title)}</a>.</p>
</main>
</body>
</html>
"""
