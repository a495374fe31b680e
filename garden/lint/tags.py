"""Tags that are probably misspelled: no query finds a note by a tag that no other note has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import frontmatter
from garden.source.suggest import Suggester


def problems(notes: Mapping[str, Note]) -> Iterator[Problem]:
    """Yield a problem, which is only advice, for each tag of one note that is nearly a tag of several."""
    written = [note for note in notes.values() if not note.generated]
    count = Counter(tag for note in written for tag in set(note.meta.tags))
    nearest = Suggester(lambda: {tag: tag for tag, number in count.items() if number > 1})
    for note in written:
        for tag in note.meta.tags:
            if count[tag] == 1 and (close := nearest(tag)):
                what = f"no other note has the tag `{tag}`; did you mean `{close}`?"
                line = frontmatter.line(note.head, "tags", tag)
                yield Problem(note.shown, line, Rule.TAG_MISSPELLED, what)
