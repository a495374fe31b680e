"""Error messages on pages: the list of them all, and what of them a note shows at its top.

An empty block of the language ``errors`` is the list, each message with the note that explains it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from garden.links.names import key
from garden.model.note import Note

LIST = '<dl class="errors">'
_SECTION = re.compile(r"^##[ \t]", re.MULTILINE)
_TITLE = re.compile(r"\s*<h1\b.*?</h1>", re.DOTALL)
# A note may begin with the message itself, as a quotation.
_ANSWER = re.compile(r"\s*(?:<blockquote>.*?</blockquote>\s*)?<p>.*?</p>", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")


def all_messages(explained: Iterable[tuple[str, Note]], address: Callable[[Note], str]) -> str:
    """Return the list of all messages, by their first letters."""
    items = [
        f"<dt><code>{escape(message)}</code></dt>\n"
        f'<dd><a href="{escape(address(note))}">{escape(note.title)}</a></dd>\n'
        for message, note in sorted(explained, key=lambda owned: _order(owned[0]))
    ]
    return f"{LIST}\n{''.join(items)}</dl>" if items else '<p class="query-empty">No note has any.</p>'


def with_messages(note: Note, html: str) -> str:
    """Return the page of ``note`` with its messages near the top, save those that its text begins with.

    They stand below the first paragraph, the answer: whoever pasted one sees both.
    """
    beginning = key(_SECTION.split(note.body, maxsplit=1)[0])
    items = [f"<li><code>{escape(text)}</code></li>\n" for text in note.meta.errors if key(text) not in beginning]
    if not items:
        return html
    title, start = _title(html)
    answer = _ANSWER.match(start)
    above = answer[0] if answer else ""
    listed = f'\n<p class="errors-title">This page explains:</p>\n<ul class="errors">\n{"".join(items)}</ul>'
    return title + above + listed + start[len(above) :]


def _title(html: str) -> tuple[str, str]:
    """Return a page's title and what stands below it."""
    found = _TITLE.match(html)
    return (found[0], html[found.end() :]) if found else ("", html)


def _order(message: str) -> tuple[str, str]:
    """Return what sorts messages by their letters: a quotation mark at the beginning does not count."""
    first = _LETTER.search(message)
    return message[first.start() if first else 0 :].casefold(), message
