"""Put a page together once every note has been read: addresses, embeds, computed blocks, backlinks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from garden.links.graph import Graph
from garden.links.query import Evaluator, QueryFault
from garden.markdown.document import Document
from garden.model.note import Note
from garden.model.reference import Asset, Calculation, Embed, ErrorList, Fault, Fragment, Link, Query, SiteMap
from garden.model.rules import Rule
from garden.pages import calculator_form, error_messages, fragments, site_map
from garden.pages.addresses import Addresses
from garden.pages.tables import scrollable
from garden.snippets import browser, code_blocks
from garden.snippets.calculator import Calculators
from garden.snippets.code_blocks import ShownSnippet
from garden.snippets.library import Library
from garden.source import placeholders

_BLOCK = re.compile(rf'<div class="garden-slot"(?P<id> id="[^"]*")?>{placeholders.SLOT.pattern}</div>')
# Embeds of embeds can double at every step; nobody reads a page of this length.
_EMBEDDED_LIMIT = 1_000_000
_DEEPEST = 16

Step = tuple[Note, str]


@dataclass(frozen=True, slots=True)
class Page:
    """The HTML of a note, and how many others link to it."""

    html: str
    inbound: int


@dataclass(frozen=True, slots=True)
class Sources:
    """What all pages of one build are put together from.

    ``read_part`` reads a part of a note for an embed; ``parts`` keeps what it has read. Blocks that show a snippet of
    the ``library`` lead to its page; ``snippet_pages`` has the addresses of these, by path. ``topics`` are the notes on
    the map, ``explained`` the error messages. ``runs`` tells whether blocks offer to run what can run in the browser.
    """

    addresses: Addresses
    links: Graph
    evaluator: Evaluator
    read_part: Callable[[Note, Fragment], Document]
    library: Library
    snippet_pages: Mapping[str, str]
    calculators: Calculators
    topics: Mapping[str, Sequence[Note]]
    explained: Sequence[tuple[str, Note]]
    runs: bool = False
    parts: dict[Step, Document] = field(default_factory=dict)

    def part(self, note: Note, fragment: Fragment) -> Document:
        """Return a part of a note, read once in a build; raise `Fault` if there is no such part."""
        step = (note, str(fragment))
        if step not in self.parts:
            self.parts[step] = self.read_part(note, fragment)
        return self.parts[step]


def page(document: Document, sources: Sources) -> Page:
    """Return the page of a note; what is wrong is added to the document."""
    note = document.note
    html = _Filler(sources, document).fill(document, ((note, ""),))
    return Page(scrollable(error_messages.with_messages(note, html)), len(sources.links.backlinks(note)))


class _Filler:
    """One page while it is put together."""

    def __init__(self, sources: Sources, document: Document) -> None:
        self._sources = sources
        self._document = document
        self._note = document.note
        self._outermost = 0
        self._embeds = 0
        self._told: set[tuple[int, str]] = set()
        self._embedded = 0

    def fill(self, document: Document, steps: tuple[Step, ...]) -> str:
        """Return the HTML of ``document`` with every slot filled. ``steps`` are the embeds that led here."""
        own = document is self._document
        # Before embeds bring in blocks that are finished.
        html = code_blocks.decorate(
            document.html, lambda number, shown, block: self._code(number, shown, block, own=own)
        )
        if "garden-slot" in html:
            html = _BLOCK.sub(lambda match: self._block(match, document, steps), html)
        if placeholders.SLOT_OPEN in html:
            html = placeholders.SLOT.sub(
                lambda match: fragments.attribute(self._address(int(match[1]), document)), html
            )
        return html

    def _code(self, number: int, shown: list[ShownSnippet], block: str, *, own: bool) -> str:
        """Return a block of code with what leads to its file. Only on the ``own`` page of its note it has an id."""
        found = self._origins(shown)
        ident = code_blocks.ident(number) if own else ""
        return fragments.code(ident, block, found, self._running(shown)) if found else block

    def _origins(self, shown: list[ShownSnippet]) -> list[fragments.Source]:
        """Return the snippets that a block shows, each once; none if snippets have no pages."""
        sources, found = self._sources, {}
        for part in shown if sources.snippet_pages else ():
            if (snippet := sources.library.owner(part.path)) and snippet.path not in found:
                own = snippet.page == self._note.path
                proof = sources.library.proof(snippet.path)
                offered = sources.runs and not browser.runs_here(snippet, proof)
                found[snippet.path] = fragments.Source(
                    path=snippet.path,
                    page="" if own else self._file(sources.snippet_pages[snippet.page]),
                    file=self._file(snippet.file),
                    is_output=part.path != snippet.path,
                    proof=proof,
                    local=(browser.needs(snippet, proof), snippet.commands[0]) if offered else None,
                )
        return list(found.values())

    def _running(self, shown: list[ShownSnippet]) -> str:
        """Return the attributes of a block that can be run in the browser; empty if it cannot."""
        library = self._sources.library
        snippets = {part.path: library.snippets.get(part.path) for part in shown}
        if not self._sources.runs or len(snippets) != 1 or not (snippet := snippets[shown[0].path]):
            return ""
        runs = browser.runs_here(snippet, library.proof(snippet.path))
        return browser.attributes(snippet, shown) if runs else ""

    def _file(self, url: str) -> str:
        return self._sources.addresses.file(url, self._note)

    def _tell(self, document: Document, index: int, fault: Fault, line: int = 0) -> None:
        # What is wrong in embedded text is told with the note that it comes from.
        if document is self._document and (index, str(fault)) not in self._told:
            self._told.add((index, str(fault)))
            document.add_slot_problem(index, fault, line)

    def _address(self, index: int, document: Document) -> str:
        slot = document.slots[index]
        link = slot.link if isinstance(slot, Embed) else slot
        if not isinstance(link, Link):
            return self._file(link.url) if isinstance(link, Asset) else "#"
        try:
            return self._sources.addresses.place(link, document.note, self._note)
        except Fault as fault:
            self._tell(document, index, fault)
            return self._sources.addresses.note(link.note, self._note)

    def _block(self, match: re.Match[str], document: Document, steps: tuple[Step, ...]) -> str:
        index = int(match[2])
        slot = document.slots[index]
        if document is self._document:
            self._outermost = index
        sources = self._sources
        match slot:
            case Query():
                return self._query(slot, index, document)
            case Calculation():
                return self._calculation(slot, index, document)
            case SiteMap():
                rest, address = slot.written.strip(), sources.addresses.seen_from(self._note)
                return site_map.draw(sources.topics, rest, sources.links, address)
            case ErrorList():
                return error_messages.all_messages(sources.explained, sources.addresses.seen_from(self._note))
            case _:
                return self._embed(slot, index, document, steps, match["id"] or "") if isinstance(slot, Embed) else ""

    def _query(self, query: Query, index: int, document: Document) -> str:
        try:
            result = self._sources.evaluator.run(query.written, document.note)
        except QueryFault as fault:
            self._tell(document, index, fault, fault.line)
            return fragments.failed_query(query.written)
        return fragments.query(result, self._sources.addresses.seen_from(self._note))

    def _calculation(self, calculation: Calculation, index: int, document: Document) -> str:
        sources = self._sources
        try:
            found = sources.calculators.read(calculation.written)
        except Fault as fault:
            self._tell(document, index, fault)
            return fragments.failed_query(calculation.written)
        own = sources.snippet_pages.get(found.snippet.page)
        return calculator_form.form(found, self._file(own) if own else "", self._file(sources.calculators.script))

    def _embed(self, embed: Embed, index: int, document: Document, steps: tuple[Step, ...], ident: str) -> str:
        link, addresses = embed.link, self._sources.addresses
        step = (link.note, str(link.fragment))
        whole = fragments.attribute(addresses.note(link.note, self._note))
        address, text = whole, ""
        if step in steps:
            self._cycle(steps[steps.index(step) :])
        elif len(steps) > _DEEPEST:
            what = f"embeds nest deeper than {_DEEPEST} here; link to the inner ones instead"
            self._tell(self._document, self._outermost, Fault(Rule.EMBED_TOO_LARGE, what))
        elif self._embedded > _EMBEDDED_LIMIT:
            what = f"this note embeds more than {_EMBEDDED_LIMIT:,} characters; link to some of them instead"
            self._tell(self._document, self._outermost, Fault(Rule.EMBED_TOO_LARGE, what))
        else:
            try:
                address = fragments.attribute(addresses.place(link, document.note, self._note))
                part = self._sources.part(link.note, link.fragment)
            except Fault as fault:
                self._tell(document, index, fault)
            else:
                self._embeds += 1
                prefix = f"embed-{self._embeds}-"
                text = self.fill(part, (*steps, step))
                text = text.replace(placeholders.PREFIX, prefix).replace(placeholders.HREF, whole)
                self._embedded += len(text)
        return fragments.embed(ident, address, link, text)

    def _cycle(self, steps: tuple[Step, ...]) -> None:
        """Tell of embeds that lead back to where they began, with each note that takes part in it."""
        if any(note is self._note for note, _ in steps):
            names = [f"[[{note.title}{fragment}]]" for note, fragment in (*steps, steps[0])]
            what = f"this embed shows itself: {' → '.join(names)}; link instead of embedding"
            self._tell(self._document, self._outermost, Fault(Rule.EMBED_CYCLE, what))
