"""One build of the site: the notes come in, are rendered one by one, and leave with everything that links them.

    build = Build(files, docs, snippets, make_markdown)
    for note in build.notes.values():
        build.begin(note)                 # returns the text that Markdown reads
        build.rendered(note, html)        # what Markdown made of it
    pages = build.finish()                # by path: HTML with addresses, embeds and queries; backlinks

The state of a build lives in its object and goes with it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from markdown import Markdown

from . import marks, reader
from .extension import GardenExtension
from .graph import Graph
from .includes import Includes
from .note import Note
from .pages import Assembler, Page
from .problem import Problem
from .query import Evaluator
from .rendering import Rendering
from .targets import Targets

# MkDocs makes pages of these too.
_ENDINGS = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below the notes' folder: its path there, its place on disk, and its address on the site."""

    path: str
    file: Path
    url: str


class Build:
    """The notes of one build and everything that is known of them.

    ``files`` are all files below ``docs``; those that end in ``.md`` are notes. ``make_markdown`` returns a fresh
    converter that has this build's `extension` and its query `fence`. ``entry`` is the note that readers arrive at.
    """

    def __init__(
        self,
        files: Iterable[SourceFile],
        docs: Path,
        snippets: Path,
        make_markdown: Callable[[], Markdown],
        entry: str = "index.md",
    ) -> None:
        self.problems: list[Problem] = []
        self.notes: dict[str, Note] = {}
        self.refused: set[str] = set()
        self._entry = entry
        self._make_markdown = make_markdown
        self._renderings: dict[Note, Rendering] = {}
        self._texts: dict[Note, str] = {}
        self._includes = Includes(snippets, snippets.name, self.problems)
        assets = self._read(files, docs)
        self.targets = Targets(self.notes.values(), assets)
        self.extension = GardenExtension(self.targets)

    def _read(self, files: Iterable[SourceFile], docs: Path) -> dict[str, str]:
        root = docs.resolve()
        assets = {}
        addresses: dict[str, str] = {}
        for source in files:
            shown = f"{docs.name}/{source.path}"
            if what := reader.refusal(source.file, root) or _misnamed(source.path):
                self.problems.append(Problem(shown, 1, what))
                self.refused.add(source.path)
                continue
            if (other := addresses.setdefault(source.url, shown)) != shown:
                what = f"has the address of {other}, so that only one of them is published; rename one"
                self.problems.append(Problem(shown, 1, what))
            if source.path.endswith(".md"):
                self.notes[source.path], problems = reader.read(source.file, source.path, shown, source.url)
                self.problems += problems
            else:
                assets[source.path] = source.url
        return assets

    def begin(self, note: Note) -> str:
        """Return the text of ``note`` for Markdown, its includes checked; what is converted next is this note."""
        self.extension.rendering = self._renderings[note] = Rendering(note)
        self._texts[note] = self._includes.check(note)
        return self._texts[note]

    def rendered(self, note: Note, html: str) -> None:
        """Take the HTML that Markdown made of ``note``."""
        self._renderings[note].html = html

    def finish(self) -> dict[str, Page]:
        """Return the page of every note by path, and complete the list of `problems`."""
        graph = Graph(self._renderings.values())
        evaluator = Evaluator(self.notes.values(), self.targets, graph)
        assembler = Assembler(self._renderings, graph, evaluator, self._part)
        pages = {}
        for note, rendering in self._renderings.items():
            pages[note.path] = assembler.page(rendering)
            self.problems += self._located(rendering)
            if note.path != self._entry and not graph.backlinks(note):
                what = "no note links here; link to it where a reader would want it, for example from a map"
                self.problems.append(Problem(note.shown, 1, what, fatal=False))
        self.problems.sort(key=lambda problem: (problem.file, problem.line))
        return pages

    def _part(self, part: Rendering) -> None:
        self._convert(part, self._texts[part.note])

    def _convert(self, rendering: Rendering, text: str) -> None:
        self.extension.rendering = rendering
        rendering.html = self._make_markdown().convert(text)

    def _located(self, rendering: Rendering) -> list[Problem]:
        """Return what is wrong in a note, each with its line."""
        if not rendering.findings:
            return []
        note = rendering.note
        stamped = Rendering(note)
        self._convert(stamped, marks.stamp(self._texts[note], note.first_line))
        # The stamps may make a text too deep for Markdown that was not before; then its lines are not known.
        problems = []
        for finding in rendering.findings:
            line = finding.line
            if finding.slot is not None:
                line += stamped.line(finding.slot) or note.first_line
            problems.append(Problem(note.shown, line, finding.text))
        return problems


def _misnamed(path: str) -> str:
    """Return what is wrong with the name of a note that would not be read as one; empty if nothing is."""
    stem, ending = posixpath.splitext(path)
    if ending == ".md" or ending.lower() not in _ENDINGS:
        return ""
    return f"is a note that does not end in .md; rename it to {posixpath.basename(stem)}.md"
