"""Reading paths: notes to read one after the other, as a numbered list of some note has them.

    paths: [Designing a service]

in the front matter makes a path of the numbered list below the heading of that name: each item's first link is a step.
So the list that readers see is the path, and nothing is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from garden.links.names import key
from garden.links.resolve import Resolver, parse
from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.reference import Fault, Link
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import frontmatter, prose
from garden.source.loader import bare, plain

_HEADING = re.compile(r"(?P<level>#{1,6})[ \t]+(?P<text>\S.*)")
_ITEM = re.compile(r"[ ]{0,3}\d+[.)][ \t]+(?P<text>\S.*)")
_LINK = re.compile(r"(?<!!)\[\[([^\[\]]*)\]\]")


@dataclass(frozen=True, slots=True)
class ReadingPath:
    """Notes in the order in which ``home`` lists them below ``heading``; no note stands in it twice."""

    home: Note
    heading: str
    steps: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PathStop:
    """Where on a path a note is: the step that leads to it has this index."""

    path: ReadingPath
    index: int

    @property
    def previous(self) -> Link | None:
        """The step before this one."""
        return self.path.steps[self.index - 1] if self.index else None

    @property
    def following(self) -> Link | None:
        """The step after this one."""
        after = self.path.steps[self.index + 1 :]
        return after[0] if after else None


class ReadingPaths:
    """The paths of ``notes``. One that cannot be followed is a problem."""

    def __init__(self, notes: Iterable[Note], resolver: Resolver, report: Report) -> None:
        self._stops: dict[Note, list[PathStop]] = {}
        # Those of the notes at the top come before those in folders.
        for note in sorted(notes, key=lambda note: (note.path.count("/"), note.path)):
            lines = prose.markdown(note) if note.meta.paths else []
            for heading in note.meta.paths:
                self._add(ReadingPath(note, heading, tuple(_steps(note, heading, lines, resolver, report))))

    def stops(self, note: Note) -> tuple[PathStop, ...]:
        """Return where ``note`` is on each path that leads through it; the first is the one to show first."""
        return tuple(self._stops.get(note, ()))

    def _add(self, path: ReadingPath) -> None:
        for index, step in enumerate(path.steps):
            self._stops.setdefault(step.note, []).append(PathStop(path, index))


def _steps(note: Note, heading: str, lines: list[str], resolver: Resolver, report: Report) -> Iterator[Link]:
    """Yield the steps below a heading, in order; report those that lead to no note, or to one twice."""
    declared = frontmatter.line(note.head, "paths", heading)
    start = next((i for i, line in enumerate(lines) if (title := _title(line)) and title[1] == key(heading)), None)
    if start is None:
        what = f"`paths` names “{heading}”, which is no heading of this note; write one of its headings"
        report.add(Problem(note.shown, declared, Rule.READING_PATH_HEADING, what))
        return
    seen: set[Note] = set()
    for number, item in _items(lines, start):
        link = _LINK.search(item)
        try:
            target = resolver.wikilink(parse(link[1]), note) if link else None
        except Fault:
            continue  # told where the link stands
        if not isinstance(target, Link) or target.note.generated:
            what = f"this step of “{heading}” leads to no note; let its line begin with one, such as [[a note]]"
        elif target.note in seen:
            what = f"[[{target.note.title}]] stands in “{heading}” already; keep one of the two steps"
        else:
            seen.add(target.note)
            yield target
            continue
        report.add(Problem(note.shown, note.first_line + number, Rule.READING_PATH_STEP, what))
    if len(seen) < 2:
        what = f"“{heading}” is no path: it has fewer than two steps; write them below it as `1. [[a note]]`"
        report.add(Problem(note.shown, declared, Rule.READING_PATH_STEP, what))


def _title(line: str) -> tuple[int, str] | None:
    """Return the level of the heading that a line is, and its text as it is compared; None if it is none."""
    found = _HEADING.match(line) if line.startswith("#") else None
    return (len(found["level"]), key(plain(bare(found["text"], closed=True)))) if found else None


def _items(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield the items of numbered lists in the section whose heading stands at ``start``, each with its index."""
    level = len(lines[start]) - len(lines[start].lstrip("#"))
    for index in range(start + 1, len(lines)):
        if (title := _title(lines[index])) and title[0] <= level:
            return
        if item := _ITEM.match(lines[index]):
            yield index, item["text"]
