"""The HTML that the engine writes: backlinks, query results, embeds. Names are escaped here and nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from garden.links.graph import Backlink
from garden.links.query import Result
from garden.model.note import Note
from garden.model.reference import Link
from garden.snippets.proofs import Proof
from garden.source.placeholders import HREF
from garden.source.urls import fragment

# It holds a colon, which no heading's id does.
_LISTED = "garden:backlinks"


def attribute(address: str) -> str:
    """Return an address for use between double quotes."""
    return escape(address, quote=True)


def backlinks(found: Iterable[tuple[Backlink, str]]) -> str:
    """Return the list of notes that link to a page, each with what it says; empty if there is none.

    ``found`` pairs each backlink with the address of its source.
    """
    items = []
    for backlink, address in found:
        excerpts = "".join(
            f"<li>{mention.excerpt.html.replace(HREF, attribute(address + fragment(mention.ident)))}</li>"
            for mention in backlink.mentions
        )
        items.append(
            f'<li><a class="backlinks-source" href="{attribute(address)}">{escape(backlink.source.title)}</a>\n'
            f"<ul>{excerpts}</ul></li>\n"
        )
    if not items:
        return ""
    return (
        f'\n<section class="backlinks" aria-labelledby="{_LISTED}">\n'
        f'<h2 id="{_LISTED}">Linked from</h2>\n<ul>\n{"".join(items)}</ul>\n</section>\n'
    )


def backlink_count(found: Sequence[Backlink]) -> str:
    """Return how many notes link to a page, as a link to their list; empty if none does."""
    if not found:
        return ""
    count = "1 note links" if len(found) == 1 else f"{len(found)} notes link"
    return f'<p class="tally"><a href="#{_LISTED}">{count} here</a></p>\n'


def query(result: Result, address: Callable[[Note], str]) -> str:
    """Return the list or table that a query found."""
    if not result.notes:
        return '<p class="query-empty">No note matches.</p>'
    if result.columns is None:
        return f'<ul class="query">\n{"".join(f"<li>{_link(note, address)}</li>" for note in result.notes)}\n</ul>'
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in ("Note", *(c.header for c in result.columns)))
    rows = "".join(
        f"<tr><td>{_link(note, address)}</td>"
        + "".join(f"<td>{_cell(column.cell(note), address)}</td>" for column in result.columns)
        + "</tr>\n"
        for note in result.notes
    )
    return f'<table class="query">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>'


def failed_query(source: str) -> str:
    """Return a query that could not be computed, as it was written."""
    return f'<pre class="query-failed"><code>{escape(source)}</code></pre>'


def embed(ident: str, address: str, link: Link, text: str) -> str:
    """Return a part of a note below a link to where it comes from. ``ident`` is an ``id`` attribute, or empty."""
    name = escape(" › ".join([link.note.title, *link.fragment.chain]))
    source = f'<p class="embed-source">From <a href="{address}">{name}</a></p>'
    return f'<div class="embed"{ident}>\n{source}\n{text}\n</div>'


@dataclass(frozen=True, slots=True)
class Source:
    """Where a block of code is from: the snippet's path, and the addresses of its page and of the file to copy.

    On the snippet's own page, ``page`` is empty. ``local`` is what it needs and how to run it where it has that, if it
    does not run in the browser.
    """

    path: str
    page: str
    file: str
    is_output: bool
    proof: Proof | None
    local: tuple[str, str] | None = None


def code(ident: str, block: str, sources: list[Source], runs: str = "") -> str:
    """Return a block of code above a line that names its file. ``ident`` is the block's id; empty if it has none.

    ``runs`` are the attributes of a block that can be run in the browser.
    """
    named = (f' id="{attribute(ident)}"' if ident else "") + runs
    lines = "".join(f"<figcaption>{_source(source)}</figcaption>" for source in sources)
    return f'<figure class="snippet"{named}>\n{block}\n{lines}\n</figure>'


def _source(source: Source) -> str:
    name = escape(source.path)
    page = f'<a class="snippet-page" href="{attribute(source.page)}">{name}</a>'
    link = page if source.page else f"<span>{name}</span>"
    if source.is_output:
        return f"Printed by {link}"
    verdict = f"verified {escape(source.proof.day)}" if source.proof else "not verified in this build"
    state = "verified" if source.proof else "unverified"
    download = escape(source.path.rpartition("/")[2])
    return (
        f'{link} <span class="snippet-{state}">{verdict}</span> '
        f'<a class="snippet-file" href="{attribute(source.file)}" download="{download}">Download the whole file</a>'
        f"{_local(*source.local) if source.local else ''}"
    )


def _local(needs: str, command: str) -> str:
    return (
        f' <span class="snippet-local">Not in the browser: it needs {escape(needs)}. '
        f"On your machine: <code>{escape(command)}</code></span>"
    )


def _link(note: Note, address: Callable[[Note], str]) -> str:
    return f'<a href="{attribute(address(note))}">{escape(note.title)}</a>'


def _cell(value: object, address: Callable[[Note], str]) -> str:
    match value:
        case None:
            return ""
        case Note():
            return _link(value, address)
        case tuple():
            return ", ".join(_cell(item, address) for item in value)
        case datetime.date():
            return value.isoformat()
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return escape(str(value))
