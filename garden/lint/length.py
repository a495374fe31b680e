"""How long a note is, in words of prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.settings import Length
from garden.pages.assemble import Page

# What is no prose: code, output, records, calculators, computed lists, the mark behind a heading.
_NO_PROSE = re.compile(
    r'<(figure|pre|form)\b.*?</\1>|<ul class="query">.*?</ul>|<a [^>]*class="headerlink".*?</a>',
    re.DOTALL | re.IGNORECASE,
)


def problems(notes: Mapping[str, Note], pages: Mapping[str, Page], length: Length) -> Iterator[Problem]:
    """Yield a problem for each note that is shorter or longer than a note of this site is."""
    for note in notes.values():
        if note.generated or note.path in length.exempt or note.path not in pages:
            continue
        count = words(pages[note.path].html)
        if count < length.fewest:
            advice = "say what shows it and when it is wrong, or put it into another note"
            what = f"has {count} words, and a note has at least {length.fewest}; {advice}"
            yield Problem(note.shown, 1, Rule.NOTE_LENGTH, what)
        elif length.most and count > length.most:
            what = f"has {count:,} words, and a note has at most {length.most:,}; cut it, or make two of it"
            yield Problem(note.shown, 1, Rule.NOTE_LENGTH, what)


def words(html: str) -> int:
    """Return how many words of prose some HTML has."""
    shown = unescape(re.sub("<[^>]*>", "", _NO_PROSE.sub(" ", html)))
    return sum(any(letter.isalnum() for letter in word) for word in shown.split())
