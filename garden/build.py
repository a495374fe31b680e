"""One build of the site, as one function: each step takes values and returns values.

    built = build(Project(docs, files, library, …), report)

What is wrong goes to the `Report` that each step is handed. Nothing else is kept between steps, and nothing between two
builds.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

from garden.links import redirects
from garden.links.error_messages import ErrorMessages
from garden.links.glossary import Glossary
from garden.links.graph import Graph
from garden.links.query import Evaluator
from garden.links.reading_paths import ReadingPaths
from garden.links.resolve import Resolver
from garden.markdown.convert import Converter, MarkdownSettings
from garden.markdown.document import Document
from garden.markdown.extension import GardenExtension
from garden.model.note import FrontMatter, Note, Search
from garden.model.problem import Problem
from garden.model.reference import Asset, BrokenLink, Fault, Fragment, Mention, Slot
from garden.model.report import Report
from garden.model.rules import Rule
from garden.model.settings import Settings
from garden.pages import assemble, site_map, snippet_page
from garden.pages.addresses import Addresses
from garden.pages.assemble import Page
from garden.records.records import Records
from garden.runtime.published import BROWSER, SnippetRunner
from garden.snippets import code_blocks
from garden.snippets.calculator import Calculators
from garden.snippets.includes import Includes
from garden.snippets.library import CATALOG, INDEX, Library
from garden.snippets.snippet import PAGES
from garden.source import attachments, loader, placeholders
from garden.source.suggest import listing
from garden.source.synonyms import read as read_synonyms
from garden.theme.bundle import THEME, bundles

# Who searches for a word wants the note that explains it before the code.
_CODE = Search(boost=0.3)
# MkDocs makes pages of these too.
_ENDINGS = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below the notes' folder: its path there, its place on disk, and its address on the site."""

    path: str
    file: Path
    url: str


@dataclass(frozen=True, slots=True)
class Project:
    """What a build is made of.

    ``files`` are all files below ``docs``; those that end in ``.md`` are notes. ``snippet_pages`` are the addresses of
    the library's pages, by path; without them, snippets have none. ``topics`` are the paths of notes by topic,
    those of no topic under the empty one. ``theme`` and ``browser`` are the folders of the scripts and styles that
    pages load.
    """

    docs: Path
    files: Sequence[SourceFile]
    library: Library
    markdown: MarkdownSettings
    settings: Settings = field(default_factory=Settings)
    snippet_pages: Mapping[str, str] | None = None
    topics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    theme: Path = THEME
    browser: Path = BROWSER


@dataclass(frozen=True, slots=True)
class Vault:
    """The notes by path, and the addresses of other files by theirs: those to publish, and those that must not be.

    ``refused`` are the paths of all files that are left out; ``withheld`` is what is wrong with those that are no
    notes, by their addresses.
    """

    notes: Mapping[str, Note]
    attachments: Mapping[str, str]
    unpublished: Mapping[str, str]
    withheld: Mapping[str, Problem]
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expanded:
    """Notes with their text as Markdown reads it.

    ``used`` are the notes that show each snippet, ``meant`` the snippets that a mistyped include names.
    """

    texts: Mapping[Note, str]
    used: Mapping[str, Mapping[Note, None]]
    meant: frozenset[str]

    @property
    def notes(self) -> dict[str, Note]:
        """The notes by path."""
        return {note.path: note for note in self.texts}


@dataclass(frozen=True, slots=True)
class References:
    """All that a note can refer to."""

    resolver: Resolver
    records: Records
    glossary: Glossary
    messages: ErrorMessages
    reading_paths: ReadingPaths


@dataclass(frozen=True, slots=True)
class Links:
    """Who links to whom: as notes are written, and with the snippets that they show."""

    written: Graph
    shown: Graph


@dataclass(frozen=True, slots=True)
class Built:
    """What a build makes: notes and pages by path, and what is published beside them.

    ``assets`` are the texts of files to publish, in place of any that the notes' folder has there; ``files`` are
    published as they are. ``synonyms`` are what typed words mean besides. ``published`` are the paths of all that is no
    page, ``refused`` those of files to leave out.
    """

    notes: Mapping[str, Note]
    pages: Mapping[str, Page]
    documents: Mapping[Note, Document]
    texts: Mapping[Note, str]
    entry: Note | None
    settings: Settings
    library: Library
    resolver: Resolver
    reading_paths: ReadingPaths
    addresses: Addresses
    links: Graph
    assets: Mapping[str, str]
    files: Mapping[str, Path]
    synonyms: Mapping[str, str]
    published: frozenset[str]
    refused: frozenset[str]
    converter: Converter


def build(project: Project, report: Report) -> Built:
    """Build the site."""
    vault = read(project, report)
    written = expand(vault, project.library, report, annotate=project.snippet_pages is not None)
    runner = SnippetRunner(project.library.root, report, required=project.library.required, browser=project.browser)
    every = with_snippet_pages(written, project, runner, report)
    assets = {} if project.snippet_pages is None else publish(every, project.snippet_pages, project, runner)
    files = {} if project.snippet_pages is None else runner.files
    references = resolve(every, vault, [*assets, *files], project, report)
    extension = GardenExtension(references.resolver, references.records, references.glossary)
    converter = Converter(project.markdown, extension, project.library.folder)
    documents = convert(every, converter)
    links = link(documents, every, project)
    addresses = Addresses(documents)
    pages = assemble_pages(documents, links, references, every, addresses, converter, runner, vault, project)
    report_problems(documents, links, every, vault, converter, project, report)
    return Built(
        notes=every.notes,
        pages=pages,
        documents=documents,
        texts=every.texts,
        entry=every.notes.get(project.settings.entry),
        settings=project.settings,
        library=project.library,
        resolver=references.resolver,
        reading_paths=references.reading_paths,
        addresses=addresses,
        links=links.shown,
        assets=assets,
        files=files,
        synonyms=synonyms(project, report),
        published=frozenset([*vault.attachments, *assets, *files]),
        refused=vault.refused,
        converter=converter,
    )


def read(project: Project, report: Report) -> Vault:
    """Read the files below the notes' folder; what must not be published is left out."""
    root = project.docs.resolve()
    notes: dict[str, Note] = {}
    attached: dict[str, str] = {}
    unpublished: dict[str, str] = {}
    withheld: dict[str, Problem] = {}
    refused: set[str] = set()
    addresses: dict[str, str] = {}
    for source in project.files:
        shown = f"{project.docs.name}/{source.path}"
        if source.path == project.settings.synonyms:
            refused.add(source.path)
            continue
        try:
            _refuse(source, root, project.snippet_pages)
        except Fault as fault:
            refused.add(source.path)
            problem = Problem(shown, 1, fault.rule, str(fault))
            if source.path.endswith(".md"):
                report.add(problem)
            else:
                # It is told once it is known which notes use it.
                unpublished[source.path] = source.url
                withheld[source.url] = problem
            continue
        if (other := addresses.setdefault(source.url, shown)) != shown:
            what = f"has the address of {other}, so that only one of them is published; rename one"
            report.add(Problem(shown, 1, Rule.FILE_ADDRESS, what))
        if source.path.endswith(".md"):
            notes[source.path] = loader.read(source.file, source.path, shown, source.url, report)
        else:
            attached[source.path] = source.url
    return Vault(notes, attached, unpublished, withheld, frozenset(refused))


def _refuse(source: SourceFile, root: Path, snippet_pages: Mapping[str, str] | None) -> None:
    """Raise `Fault` if a file must not be published."""
    loader.refuse(source.file, root)
    loader.refuse_alias(source.file, root, source.path)
    _refuse_ending(source.path)
    if snippet_pages:
        _refuse_place(source.path)
    attachments.refuse(source.file)


def _refuse_ending(path: str) -> None:
    """Raise `Fault` for a note that would not be read as one."""
    stem, ending = posixpath.splitext(path)
    if ending != ".md" and ending.lower() in _ENDINGS:
        what = f"is a note that does not end in .md; rename it to {posixpath.basename(stem)}.md"
        raise Fault(Rule.FILE_ENDING, what)


def _refuse_place(path: str) -> None:
    """Raise `Fault` for a path that a page of a snippet may have."""
    if path.startswith(PAGES) or path == INDEX:
        raise Fault(Rule.FILE_PLACE, f"stands where the pages of the snippets go; move it out of {PAGES}")


def synonyms(project: Project, report: Report) -> Mapping[str, str]:
    """Read the other words that the search knows."""
    path = project.settings.synonyms
    if not path:
        return {}
    return read_synonyms(project.docs / path, f"{project.docs.name}/{path}", report)


def expand(vault: Vault, library: Library, report: Report, *, annotate: bool) -> Expanded:
    """Check the includes of every note; with ``annotate``, blocks name in their HTML what they show."""
    includes = Includes(library.folder, library.folders, report, annotate=annotate)
    texts = {note: includes.check(note) for note in vault.notes.values()}
    return Expanded(texts, includes.used, frozenset(includes.meant))


def with_snippet_pages(written: Expanded, project: Project, runner: SnippetRunner, report: Report) -> Expanded:
    """Add the pages of the snippets to the notes; none if snippets have no pages."""
    library, addresses = project.library, project.snippet_pages
    if addresses is None:
        return written
    library.check(written.used.keys() | written.meant, report)
    if not addresses:
        return written
    meta = FrontMatter(description=snippet_page.DESCRIPTION, search=_CODE)
    text = snippet_page.catalog(library)
    catalog = Note(CATALOG, library.folders.snippets, addresses[CATALOG], "Snippets", text, meta=meta, generated=True)
    texts = {**written.texts, catalog: text}
    for found in library.snippets.values():
        about = found.about[0] if found.about else ""
        meta = FrontMatter(description=about, aliases=(found.path, found.name), search=_CODE)
        text = snippet_page.page(found, library, runs=runner.offered)
        tests = snippet_page.verdicts(found, library.proof(found.path))
        url, shown = addresses[found.page], found.shown
        texts[Note(found.page, shown, url, found.title, text, meta=meta, generated=True, tests=tests)] = text
    return replace(written, texts=texts)


def publish(every: Expanded, pages: Mapping[str, str], project: Project, runner: SnippetRunner) -> dict[str, str]:
    """Return the text of each file to publish beside the pages: snippets, their index, what pages load."""
    library = project.library
    snippets = {found.file: found.copied for found in library.snippets.values()}
    loaded = bundles(project.theme)
    run = runner.assets(loaded, {found.path: found.copied for found in library.snippets.values()})
    return {INDEX: library.index(every.used, pages)} | snippets | loaded | run


def resolve(every: Expanded, vault: Vault, made: Sequence[str], project: Project, report: Report) -> References:
    """Give everything its names. ``made`` are the paths of the files that the build itself publishes."""
    notes, library = every.notes, project.library
    # What is refused is told once, and not where it is used.
    files = {**vault.attachments, **{path: path for path in made}, **vault.unpublished}
    resolver = Resolver(notes.values(), files, report)
    references = References(
        resolver,
        Records(library.root, project.settings, library.servers, report),
        Glossary(notes.get(project.settings.glossary), resolver, report),
        ErrorMessages(notes.values(), report),
        ReadingPaths(notes.values(), resolver, report),
    )
    report.extend(redirects.problems(notes.values()))
    return references


def convert(every: Expanded, converter: Converter) -> dict[Note, Document]:
    """Turn Markdown into HTML, and learn what each note refers to."""
    documents = {note: Document(note) for note in every.texts}
    for note, document in documents.items():
        converter.read(document, every.texts[note])
    return documents


def link(documents: Mapping[Note, Document], every: Expanded, project: Project) -> Links:
    """Draw the links both ways."""
    notes, library = every.notes, project.library
    written = [document for note, document in documents.items() if not note.generated]

    def shown(document: Document) -> list[Mention]:
        """Return the places where a note shows a snippet, as links to the snippet's page."""
        return [
            Mention(notes[library.snippets[part.path].page], code_blocks.ident(number), code_blocks.excerpt(part))
            for number, parts in enumerate(code_blocks.find(document.html) if project.snippet_pages else ())
            for part in parts
            if part.path in library.snippets
        ]

    return Links(
        Graph((document.note, document.mentions) for document in written),
        Graph((document.note, [*document.mentions, *shown(document)]) for document in written),
    )


def assemble_pages(
    documents: Mapping[Note, Document],
    links: Links,
    references: References,
    every: Expanded,
    addresses: Addresses,
    converter: Converter,
    runner: SnippetRunner,
    vault: Vault,
    project: Project,
) -> dict[str, Page]:
    """Put the pages together; what cannot be computed is added to the documents."""

    def read_part(note: Note, fragment: Fragment) -> Document:
        part = Document(note, part=fragment)
        converter.read(part, every.texts[note])
        return part

    sources = assemble.Sources(
        addresses=addresses,
        links=links.shown,
        evaluator=Evaluator((note for note in documents if not note.generated), references.resolver, links.written),
        read_part=read_part,
        library=project.library,
        snippet_pages=project.snippet_pages or {},
        calculators=Calculators(project.library, project.docs, vault.attachments),
        topics=site_map.topics(project.topics, every.notes),
        explained=references.messages.explained,
        runs=runner.offered,
    )
    pages = {}
    for note, document in documents.items():
        pages[note.path] = assemble.page(document, sources)
        document.html = ""  # All pages are held at once, so none is held twice.
    return pages


def report_problems(
    documents: Mapping[Note, Document],
    links: Links,
    every: Expanded,
    vault: Vault,
    converter: Converter,
    project: Project,
    report: Report,
) -> None:
    """Report what is wrong in the notes, each with its line, and what no note leads to."""
    report.extend(_withheld(documents, vault))
    meant = _meant(documents)
    for note, document in documents.items():
        report.extend(_located(document, every.texts[note], converter))
        known = note.generated or note.path == project.settings.entry or note in meant
        if not known and not links.shown.backlinks(note):
            what = "no note links here; link to it where a reader would want it, for example from a map"
            report.add(Problem(note.shown, 1, Rule.NOTE_UNLINKED, what))


def _withheld(documents: Mapping[Note, Document], vault: Vault) -> Iterator[Problem]:
    """Yield what is wrong with each file that is not published, and which notes use it."""
    users: dict[str, dict[str, None]] = {}
    for note, document in documents.items():
        for slot in document.slots:
            if note.generated or not isinstance(slot, Asset):
                continue
            if (url := slot.url.partition("#")[0]) in vault.withheld:
                users.setdefault(url, {})[note.shown] = None
    for url, problem in vault.withheld.items():
        used = f"; it is used in {listing(list(users[url]))}" if url in users else ""
        yield replace(problem, text=problem.text + used)


def _meant(documents: Mapping[Note, Document]) -> set[Note]:
    """Return the notes that others have tried to link to; once that link is fixed, something leads there."""
    broken = [
        (note, slot) for note, document in documents.items() for slot in document.slots if isinstance(slot, BrokenLink)
    ]
    return {meant for note, slot in broken for meant in slot.meant if meant is not note}


def _located(document: Document, text: str, converter: Converter) -> Iterator[Problem]:
    """Yield what is wrong in a note, each with its line.

    Python-Markdown keeps no positions, and marks of them in the text would change how code is highlighted and what
    headings are called. So a note with a problem is read once more, with marks; a healthy one costs nothing.
    """
    if not document.findings:
        return
    note = document.note
    stamped = Document(note)
    converter.read(stamped, placeholders.stamp(text, placeholders.line_of(text, note.first_line)))
    # The marks may make a text too deep for Markdown that was not before; then its lines are not known.
    for finding in document.findings:
        line = finding.line
        if finding.slot is not None:
            line += stamped.line(finding.slot) or note.first_line
        yield Problem(note.shown, line, finding.rule, finding.text)


def written(built: Built, note: Note) -> list[tuple[int, Slot]]:
    """Return the links, embeds and queries of a note, each with the place where it begins in the note's body.

    That is behind the signs that open it; a reference is where its address stands, and a query its first line.
    """
    text, document = built.texts[note], Document(note)
    built.converter.read(document, placeholders.stamp(text, lambda place: place + 1))  # none is 0
    body, shown = note.body.split("\n"), text.split("\n")
    # The text has as many lines as the body; those that open a block differ, and hold no link.
    starts = list(accumulate((len(line) + 1 for line in body), initial=0))
    line_of = placeholders.line_of(text, 0)
    before = list(accumulate((len(line) + 1 for line in shown), initial=0))
    return [
        (starts[line] + place - before[line], slot)
        for index, slot in enumerate(document.slots)
        if (place := document.line(index) - 1) >= 0 and body[line := line_of(place)] == shown[line]
    ]
