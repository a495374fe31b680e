"""How long a note is, in words of prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from garden.model.note import Note
from garden.model.problem import Problem
from garden.pages.assemble import Page

# Shorter, and a reader who came from a search engine leaves without the evidence; longer, and it is two notes.
FEWEST, MOST = 600, 1500
# What these list is as long as it is.
_LISTS = frozenset({"index.md", "changelog.md", "map.md"})
# What is no prose: code, output, records, calculators, computed lists, the mark behind a heading.
_NO_PROSE = re.compile(
    r'<(figure|pre|form)\b.*?</\1>|<ul class="query">.*?</ul>|<a [^>]*class="headerlink".*?</a>',
    re.DOTALL | re.IGNORECASE,
)


def problems(notes: Mapping[str, Note], pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each note that is too short or too long."""
    for note in notes.values():
        if note.generated or note.path in _LISTS or note.path not in pages:
            continue
        count = words(pages[note.path].html)
        if count < FEWEST:
            advice = "say what shows it and when it is wrong, or put it into another note"
            yield Problem(note.shown, 1, f"has {count} words, and a note has at least {FEWEST}; {advice}")
        elif count > MOST:
            what = f"has {count:,} words, and a note has at most {MOST:,}; cut it, or make two of it"
            yield Problem(note.shown, 1, what)


def words(html: str) -> int:
    """Return how many words of prose some HTML has."""
    shown = unescape(re.sub("<[^>]*>", "", _NO_PROSE.sub(" ", html)))
    return sum(any(letter.isalnum() for letter in word) for word in shown.split())
