"""One build of the site: the notes come in, are rendered one by one, and leave with everything that links them.

    build = Build(files, docs, Library(root), make_markdown)
    for note in build.notes.values():
        build.begin(note)                 # returns the text that Markdown reads
        build.rendered(note, html)        # what Markdown made of it
    pages = build.finish()                # by path: HTML with addresses, embeds and queries; backlinks

The state of a build lives in its object and goes with it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from markdown import Markdown

from garden.links import redirects
from garden.links.error_messages import Messages
from garden.links.glossary import Glossary
from garden.links.graph import Graph
from garden.links.query import Evaluator
from garden.links.reading_paths import Paths
from garden.links.resolve import Asset, Broken, Fault, Link, Slot, Targets
from garden.lint.rules import RULES
from garden.markdown.document import Place, Rendering
from garden.markdown.extension import GardenExtension
from garden.model.note import FrontMatter, Note, Search
from garden.model.problem import Problem
from garden.pages import site_map, snippet_page
from garden.pages.assemble import Assembler, Page
from garden.publish import search_index
from garden.records.records import Records
from garden.runtime.published import BROWSER, Runner
from garden.snippets import code_blocks
from garden.snippets.calculator import Calculators
from garden.snippets.includes import Includes
from garden.snippets.library import CATALOGUE, INDEX, Library
from garden.snippets.snippet import PAGES
from garden.source import attachments, loader, placeholders, urls
from garden.source.git_history import History
from garden.source.suggest import listing
from garden.theme.bundle import THEME, joined

# Who searches for a word wants the note that explains it before the code.
_CODE = Search(boost=0.3)
_NO_HISTORY = History({})
# MkDocs makes pages of these too.
_ENDINGS = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below the notes' folder: its path there, its place on disk, and its address on the site."""

    path: str
    file: Path
    url: str


@dataclass(frozen=True, slots=True)
class _Settings:
    """What stays the same: how to make a converter, the paths of two notes, and whether snippets have pages."""

    make_markdown: Callable[[], Markdown]
    entry: str
    glossary: str
    catalogued: bool


class Build:
    """The notes of one build and everything that is known of them.

    ``files`` are all files below ``docs``; those that end in ``.md`` are notes. ``make_markdown`` returns a fresh
    converter that has this build's `extension` and its `fences`. ``pages`` are the addresses of the library's
    pages, by path; without them, snippets have none. ``entry`` is the note that readers arrive at, ``glossary`` the one
    that defines words. ``history`` tells when files changed, by the path that messages call them. ``topics`` are the
    paths of notes by topic, those of no topic under the empty one.

    Afterwards, ``used`` has the notes that show each snippet, ``paths`` the reading paths, ``assets`` the text of the
    files to publish beside its pages, in place of any that the notes' folder has there; ``files`` are published as they
    are. ``published`` are the paths of all files that are no pages. Once it is finished, ``index`` is what the search
    reads.
    """

    def __init__(
        self,
        files: Iterable[SourceFile],
        docs: Path,
        library: Library,
        make_markdown: Callable[[], Markdown],
        pages: Mapping[str, str] | None = None,
        entry: str = "index.md",
        glossary: str = "glossary.md",
        history: History = _NO_HISTORY,
        topics: Mapping[str, Sequence[str]] | None = None,
        theme: Path = THEME,
        browser: Path = BROWSER,
    ) -> None:
        self.history = history
        self.problems: list[Problem] = []
        self.notes: dict[str, Note] = {}
        self.refused: set[str] = set()
        self.library = library
        self._sources = tuple(files)
        self._docs = docs
        self._theme = theme
        self._browser = browser
        self._addresses = pages or {}
        self._topics = topics or {}
        self._settings = _Settings(make_markdown, entry, glossary, pages is not None)
        self._renderings: dict[Note, Rendering] = {}
        self._read()
        self._include()
        self._check()
        self._offer()
        self._publish()
        self._measure()
        self._calculate()
        self._name()
        self._follow()
        self._define()
        self._extend()

    def _read(self) -> None:
        root = self._docs.resolve()
        self._attachments: dict[str, str] = {}
        self._unpublished: dict[str, str] = {}
        self._withheld: dict[str, Problem] = {}
        addresses: dict[str, str] = {}
        for source in self._sources:
            shown = f"{self._docs.name}/{source.path}"
            if what := (
                loader.refusal(source.file, root)
                or loader.is_elsewhere(source.file, root, source.path)
                or _misnamed(source.path)
                or self._taken(source.path)
                or attachments.fault(source.file)
            ):
                self.refused.add(source.path)
                if source.path.endswith(".md"):
                    self.problems.append(Problem(shown, 1, what))
                else:
                    # It is told once it is known which notes use it.
                    self._unpublished[source.path] = source.url
                    self._withheld[source.url] = Problem(shown, 1, what)
                continue
            if (other := addresses.setdefault(source.url, shown)) != shown:
                what = f"has the address of {other}, so that only one of them is published; rename one"
                self.problems.append(Problem(shown, 1, what))
            if source.path.endswith(".md"):
                self.notes[source.path], problems = loader.read(source.file, source.path, shown, source.url)
                self.problems += problems
            else:
                self._attachments[source.path] = source.url

    def _include(self) -> None:
        folder = self.library.folder
        includes = Includes(folder, folder.name, self.problems, annotate=bool(self._addresses))
        self._texts = {note: includes.check(note) for note in self.notes.values()}
        self.used: Mapping[str, Mapping[Note, None]] = includes.used
        self._meant = includes.meant

    def _check(self) -> None:
        for note in self.notes.values():
            for rule in RULES:
                self.problems += rule(note)

    def _offer(self) -> None:
        self.runner = Runner(self.library.folder.parent, required=self.library.required, browser=self._browser)
        self.files = self.runner.files if self._addresses else {}
        self.problems += self.runner.problems if self._addresses else []

    def _publish(self) -> None:
        shown = self.used.keys() | self._meant
        self.problems += self.library.problems(shown) if self._settings.catalogued else []
        self.assets = self._snippets() | self._loaded() if self._addresses else {}

    def _measure(self) -> None:
        library = self.library
        self._records = Records(library.folder.parent, library.servers, required=library.required)
        self.problems += self._records.problems

    def _calculate(self) -> None:
        self._calculators = Calculators(self.library, self._docs, self._attachments)

    def _name(self) -> None:
        self.published = self._attachments | {path: path for path in [*self.assets, *self.files]}
        # What is refused is told once, and not where it is used.
        self.targets = Targets(self.notes.values(), self.published | self._unpublished)
        self.problems += self.targets.names.problems

    def _follow(self) -> None:
        self.paths = Paths(self.notes.values(), self.targets)
        self.problems += self.paths.problems

    def _define(self) -> None:
        self._glossary = Glossary(self.notes.get(self._settings.glossary), self.targets)
        self._messages = Messages(self.notes.values())
        self.problems += [*self._glossary.problems, *self._messages.problems, *redirects.problems(self.notes.values())]

    def _extend(self) -> None:
        self.extension = GardenExtension(self.targets, self._records, self._glossary, self._messages)

    def _taken(self, path: str) -> str:
        """Return what is wrong with a path that a page of a snippet may have; empty if nothing is."""
        if self._addresses and (path.startswith(PAGES) or path == INDEX):
            return f"stands where the pages of the snippets go; move it out of {PAGES}"
        return ""

    def _snippets(self) -> dict[str, str]:
        """Make the notes that are the snippets' pages; return the text of each file to publish beside them, by path."""
        assets = {INDEX: self.library.index(self.used, self._addresses)}
        text = snippet_page.catalogue(self.library)
        self._generate(
            CATALOGUE, "snippets", "Snippets", text, FrontMatter(description=snippet_page.DESCRIPTION, search=_CODE)
        )
        for found in self.library.snippets.values():
            about = found.about[0] if found.about else ""
            meta = FrontMatter(description=about, aliases=(found.path, found.name), search=_CODE)
            text = snippet_page.page(found, self.library, runs=self.runner.offered)
            tests = snippet_page.verdicts(found, self.library.proof(found.path))
            self._generate(found.page, f"snippets/{found.path}", found.title, text, meta, tests)
            assets[found.file] = found.copied
        return assets

    def _loaded(self) -> dict[str, str]:
        """Return the text of what pages load, by path."""
        loaded = joined(self._theme)
        return loaded | self.runner.assets(loaded, self.library.snippets.values())

    def _generate(
        self,
        path: str,
        shown: str,
        title: str,
        text: str,
        meta: FrontMatter,
        tests: Mapping[str, str] | None = None,
    ) -> None:
        note = Note(path, shown, self._addresses[path], title, text, meta=meta, generated=True, tests=tests or {})
        self.notes[path] = note
        self._texts[note] = text

    def begin(self, note: Note) -> str:
        """Return the text of ``note`` for Markdown, its includes checked; what is converted next is this note."""
        self.extension.rendering = self._renderings[note] = Rendering(note)
        return self._texts[note]

    def rendered(self, note: Note, html: str) -> None:
        """Take the HTML that Markdown made of ``note``."""
        self._renderings[note].html = html

    def finish(self) -> dict[str, Page]:
        """Return the page of every note by path, and complete the list of `problems`."""
        self._link()
        self._assemble()
        self._gather()
        self._tell()
        return self._pages

    def _link(self) -> None:
        written = [rendering for rendering in self._renderings.values() if not rendering.note.generated]
        self._links = Graph((rendering.note, rendering.places) for rendering in written)
        self._graph = Graph((rendering.note, [*rendering.places, *self._shown(rendering)]) for rendering in written)

    def _assemble(self) -> None:
        written = [note for note in self._renderings if not note.generated]
        self._assembler = assembler = Assembler(
            self._renderings,
            self._graph,
            Evaluator(written, self.targets, self._links),
            self._part,
            self.library,
            self._addresses,
            self._calculators,
            site_map.topics(self._topics, self.notes),
            runs=self.runner.offered,
        )
        self._pages = {note.path: assembler.page(rendering) for note, rendering in self._renderings.items()}

    def _gather(self) -> None:
        self.index = search_index.script(self._renderings, self._pages, self.library)

    def _tell(self) -> None:
        self.problems += self._unusable()
        meant = self._meant_notes()
        for note, rendering in self._renderings.items():
            self.problems += self._located(rendering)
            known = note.generated or note.path == self._settings.entry or note in meant
            if not known and not self._graph.backlinks(note):
                what = "no note links here; link to it where a reader would want it, for example from a map"
                self.problems.append(Problem(note.shown, 1, what, fatal=False))
        self.problems.sort(key=lambda problem: (problem.file, problem.line))

    def _unusable(self) -> Iterator[Problem]:
        """Yield what is wrong with each file that is not published, and which notes use it."""
        users: dict[str, dict[str, None]] = {}
        for note, rendering in self._renderings.items():
            for slot in rendering.slots:
                if note.generated or not isinstance(slot, Asset):
                    continue
                if (url := slot.url.partition("#")[0]) in self._withheld:
                    users.setdefault(url, {})[note.shown] = None
        for url, problem in self._withheld.items():
            used = f"; it is used in {listing(list(users[url]))}" if url in users else ""
            yield replace(problem, text=problem.text + used)

    def _meant_notes(self) -> set[Note]:
        """Return the notes that others have tried to link to; once that link is mended, something leads there."""
        broken = [
            (note, slot)
            for note, rendering in self._renderings.items()
            for slot in rendering.slots
            if isinstance(slot, Broken)
        ]
        return {meant for note, slot in broken for meant in slot.meant if meant is not note}

    @property
    def entry(self) -> Note | None:
        """The note that readers arrive at; None if there is none."""
        return self.notes.get(self._settings.entry)

    def address(self, link: Link, page: Note) -> str:
        """Return the address of ``link`` as seen from ``page``; without a place that its page does not have."""
        try:
            return self._assembler.address(link, page, page)
        except Fault:
            return urls.relative(link.note.url, page.url)

    def headings(self, note: Note) -> list[str]:
        """Return the ids of the headings below the title of a note."""
        return [heading.ident for heading in self._renderings[note].headings if heading.level > 1]

    def idents(self, note: Note) -> Set[str]:
        """Return every id of a note's page."""
        return self._renderings[note].ids

    def _shown(self, rendering: Rendering) -> list[Place]:
        """Return the places where a note shows a snippet, as links to the snippet's page."""
        return [
            Place(
                self.notes[self.library.snippets[shown.path].page],
                code_blocks.ident(number),
                code_blocks.excerpt(shown),
            )
            for number, parts in enumerate(code_blocks.find(rendering.html) if self._addresses else ())
            for shown in parts
            if shown.path in self.library.snippets
        ]

    def _part(self, part: Rendering) -> None:
        self._convert(part, self._texts[part.note])

    def _convert(self, rendering: Rendering, text: str) -> None:
        self.extension.rendering = rendering
        rendering.html = self._settings.make_markdown().convert(text)

    def written(self, note: Note) -> list[tuple[int, Slot]]:
        """Return the links, embeds and queries of a note, each with the place where it begins in the note's body.

        That is behind the signs that open it; a reference is where its address stands, and a query its first line.
        """
        text, read = self._texts[note], Rendering(note)
        self._convert(read, placeholders.stamp(text, lambda place: place + 1))  # none is 0
        body, shown = note.body.split("\n"), text.split("\n")
        # The text has as many lines as the body; those that open a block differ, and hold no link.
        starts = list(accumulate((len(line) + 1 for line in body), initial=0))
        line_of = placeholders.line_of(text, 0)
        before = list(accumulate((len(line) + 1 for line in shown), initial=0))
        return [
            (starts[line] + place - before[line], slot)
            for index, slot in enumerate(read.slots)
            if (place := read.line(index) - 1) >= 0 and body[line := line_of(place)] == shown[line]
        ]

    def _located(self, rendering: Rendering) -> list[Problem]:
        """Return what is wrong in a note, each with its line."""
        if not rendering.findings:
            return []
        note = rendering.note
        text, stamped = self._texts[note], Rendering(note)
        self._convert(stamped, placeholders.stamp(text, placeholders.line_of(text, note.first_line)))
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
