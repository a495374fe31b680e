"""Error messages: which note explains which, a list of them all, and what of them a note shows at its top.

An empty block of the language ``errors`` is the list of all messages, each with the note that explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from garden.links.names import key
from garden.links.resolve import Fragment, Link
from garden.markdown.document import Rendering
from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import frontmatter, placeholders

FENCE = "errors"
LIST = '<dl class="errors">'
_SECTION = re.compile(r"^##[ \t]", re.MULTILINE)
_TITLE = re.compile(r"\s*<h1\b.*?</h1>", re.DOTALL)
# A note may begin with the message itself, as a quotation.
_ANSWER = re.compile(r"\s*(?:<blockquote>.*?</blockquote>\s*)?<p>.*?</p>", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")


class Messages:
    """The messages of ``notes``. ``problems`` tells of those that more than one note claims."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.problems: list[Problem] = []
        self._owners: dict[str, tuple[str, Note]] = {}
        for note in notes:
            for message in note.meta.errors:
                owner = self._owners.setdefault(key(message), (message, note))[1]
                if owner is not note:
                    what = f"`{message}` is explained by {owner.shown} already; keep it in one of the two"
                    self.problems.append(Problem(note.shown, frontmatter.line(note.head, "errors", message), what))

    def block(self, rendering: Rendering) -> str:
        """Return the list of all messages, by their first letters."""
        items = []
        for message, note in sorted(self._owners.values(), key=lambda owned: _order(owned[0])):
            address = placeholders.slot(rendering.add(Link(note.title, note, Fragment()), 0))
            items.append(
                f'<dt><code>{escape(message)}</code></dt>\n<dd><a href="{address}">{escape(note.title)}</a></dd>\n'
            )
        return f"{LIST}\n{''.join(items)}</dl>" if items else '<p class="query-empty">No note has any.</p>'


def shown(note: Note, html: str) -> str:
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
