"""Which note links to which, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from garden.model.note import Note
from garden.model.reference import Mention


@dataclass(frozen=True, slots=True)
class Backlink:
    """The links from one note to another: at least one place, in the order of the text."""

    source: Note
    mentions: tuple[Mention, ...]


class Graph:
    """The links of one build. A note's links to itself, and those that the engine writes, are not in it."""

    def __init__(self, links: Iterable[tuple[Note, Sequence[Mention]]]) -> None:
        """``links`` are the mentions of each note, in the order of its text."""
        self._out: dict[Note, tuple[Note, ...]] = {}
        incoming: dict[Note, list[Backlink]] = {}
        for note, found in links:
            by_target: dict[Note, list[Mention]] = {}
            for mention in found:
                by_target.setdefault(mention.target, []).append(mention)
            self._out[note] = tuple(by_target)
            for target, mentions in by_target.items():
                once = tuple({mention.excerpt: mention for mention in reversed(mentions)}.values())[::-1]
                incoming.setdefault(target, []).append(Backlink(note, once))
        for backlinks in incoming.values():
            backlinks.sort(key=lambda backlink: by_title(backlink.source))
        self._in = {target: tuple(backlinks) for target, backlinks in incoming.items()}

    def backlinks(self, note: Note) -> tuple[Backlink, ...]:
        """Return who links to ``note``, by title."""
        return self._in.get(note, ())

    def incoming(self, note: Note) -> tuple[Note, ...]:
        """Return the notes that link to ``note``, by title."""
        return tuple(backlink.source for backlink in self.backlinks(note))

    def outgoing(self, note: Note) -> tuple[Note, ...]:
        """Return the notes that ``note`` links to, in the order of its text."""
        return self._out.get(note, ())


def by_title(note: Note) -> tuple[str, str]:
    """Return what sorts notes by title, then path."""
    return note.title.casefold(), note.path
