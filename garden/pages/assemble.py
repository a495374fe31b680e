"""Put the pages together once every note has been read: addresses, embeds, queries, backlinks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from garden.links import error_messages
from garden.links.graph import Graph
from garden.links.query import Evaluator, QueryFault
from garden.links.related import Neighbours
from garden.links.resolve import Asset, Calculation, Embed, Fault, Fragment, GuideMap, Link, Query
from garden.markdown.document import Rendering
from garden.model.note import Note
from garden.pages import calculator_form, fragments, related, site_map
from garden.pages.tables import framed
from garden.runtime import published
from garden.snippets import code_blocks
from garden.snippets.calculator import Calculators
from garden.snippets.code_blocks import Shown
from garden.snippets.library import Library
from garden.source import placeholders, urls

_BLOCK = re.compile(rf'<div class="garden-slot"(?P<id> id="[^"]*")?>{placeholders.SLOT.pattern}</div>')
# Embeds of embeds can double at every step; nobody reads a page of this length.
_EMBEDDED_LIMIT = 1_000_000
_DEEPEST = 16

Step = tuple[Note, str]


@dataclass(frozen=True, slots=True)
class Page:
    """The HTML of a note, of what lies ``around`` it, and of the list of notes that link to it.

    ``inbound`` is how many these are, ``tally`` the same for readers: a link to their list.
    """

    html: str
    tally: str
    around: str
    backlinks: str
    inbound: int


class Assembler:
    """Turns renderings into pages. ``render_part`` fills in the HTML of a part of a note.

    Blocks that show a snippet of the ``library`` lead to its page; ``pages`` has the addresses of these, by path.
    ``topics`` are the notes on the map. ``runs`` tells whether blocks offer to run what can run in the browser.
    """

    def __init__(
        self,
        renderings: Mapping[Note, Rendering],
        graph: Graph,
        evaluator: Evaluator,
        render_part: Callable[[Rendering], None],
        library: Library,
        pages: Mapping[str, str],
        calculators: Calculators,
        topics: Mapping[str, list[Note]],
        *,
        runs: bool = False,
    ) -> None:
        self.runs = runs
        self._library = library
        self._calculators = calculators
        self._pages = pages
        self._renderings = renderings
        self._graph = graph
        self._neighbours = Neighbours(renderings, graph)
        self._topics = topics
        self._evaluator = evaluator
        self._render_part = render_part
        self._parts: dict[Step, Rendering] = {}

    def page(self, rendering: Rendering) -> Page:
        """Return the page of a note; what is wrong is added to the rendering."""
        note = rendering.note
        html = framed(error_messages.shown(note, _Filler(self, rendering).fill(rendering, ((note, ""),))))
        found = self._graph.backlinks(note)
        address = _addresses(note)
        return Page(
            html=html,
            tally=fragments.tally(found),
            around=related.section(self._neighbours.around(note), note, address),
            backlinks=fragments.backlinks((backlink, address(backlink.source)) for backlink in found),
            inbound=len(found),
        )

    def address(self, link: Link, origin: Note, page: Note) -> str:
        """Return the address of ``link``, written in ``origin`` and shown on ``page``; raise `Fault` if it has none."""
        own = link.note is page
        address = "" if own and str(link.fragment) else urls.relative(link.note.url, page.url)
        if not str(link.fragment):
            return address
        name = "" if link.note is origin else link.note.title
        return address + urls.fragment(self._renderings[link.note].ident(link.fragment, name))

    def sources(self, shown: list[Shown], page: Note) -> list[fragments.Source]:
        """Return the snippets that a block on ``page`` shows, each once; none if snippets have no pages."""
        sources = {}
        for part in shown if self._pages else ():
            if (snippet := self._library.owner(part.path)) and snippet.path not in sources:
                own = snippet.page == page.path
                proof = self._library.proof(snippet.path)
                offered = self.runs and not published.runs_here(snippet, proof)
                sources[snippet.path] = fragments.Source(
                    path=snippet.path,
                    page="" if own else urls.relative(self._pages[snippet.page], page.url),
                    file=urls.relative(snippet.file, page.url),
                    is_output=part.path != snippet.path,
                    proof=proof,
                    local=(published.needs(snippet, proof), snippet.commands[0]) if offered else None,
                )
        return list(sources.values())

    def running(self, shown: list[Shown]) -> str:
        """Return the attributes of a block that can be run in the browser; empty if it cannot."""
        snippets = {part.path: self._library.snippets.get(part.path) for part in shown}
        if not self.runs or len(snippets) != 1 or not (snippet := snippets[shown[0].path]):
            return ""
        runs = published.runs_here(snippet, self._library.proof(snippet.path))
        return published.attributes(snippet, shown) if runs else ""

    def part(self, note: Note, fragment: Fragment) -> Rendering:
        """Return the rendering of a part of a note; raise `Fault` if there is no such part."""
        step = (note, str(fragment))
        if step not in self._parts:
            part = Rendering(note, part=fragment)
            self._render_part(part)
            self._parts[step] = part
        return self._parts[step]

    def calculator(self, source: str, page: Note) -> str:
        """Return the form that computes what a snippet does; raise `Fault` if there is none."""
        found = self._calculators.read(source)
        own = self._pages.get(found.snippet.page)
        address = urls.relative(own, page.url) if own else ""
        return calculator_form.form(found, address, urls.relative(self._calculators.script, page.url))

    def query(self, source: str, origin: Note, page: Note) -> str:
        """Return the HTML of a query's result; raise `QueryFault` if it cannot be computed."""
        result = self._evaluator.run(source, origin)
        return fragments.query(result, _addresses(page))

    def map(self, rest: str, page: Note) -> str:
        """Return the map of the guide. ``rest`` is the name of what is in no topic."""
        return site_map.draw(self._topics, rest, self._graph, _addresses(page))


def _addresses(page: Note) -> Callable[[Note], str]:
    """Return a function that returns the address of a note, seen from ``page``."""
    return lambda note: urls.relative(note.url, page.url)


class _Filler:
    """One page while it is put together."""

    def __init__(self, assembler: Assembler, rendering: Rendering) -> None:
        self._assembler = assembler
        self._rendering = rendering
        self._note = rendering.note
        self._outermost = 0
        self._embeds = 0
        self._told: set[tuple[int, str]] = set()
        self._embedded = 0

    def fill(self, rendering: Rendering, steps: tuple[Step, ...]) -> str:
        """Return the HTML of ``rendering`` with every slot filled. ``steps`` are the embeds that led here."""
        own = rendering is self._rendering
        # Before embeds bring in blocks that are finished.
        html = code_blocks.decorate(
            rendering.html, lambda number, shown, block: self._code(number, shown, block, own=own)
        )
        if "garden-slot" in html:
            html = _BLOCK.sub(lambda match: self._block(match, rendering, steps), html)
        if placeholders.SLOT_OPEN in html:
            html = placeholders.SLOT.sub(
                lambda match: fragments.attribute(self._address(int(match[1]), rendering)), html
            )
        return html

    def _code(self, number: int, shown: list[Shown], block: str, *, own: bool) -> str:
        """Return a block of code with what leads to its file. Only on the ``own`` page of its note it has an id."""
        sources = self._assembler.sources(shown, self._note)
        if not sources:
            return block
        return fragments.code(code_blocks.ident(number) if own else "", block, sources, self._assembler.running(shown))

    def _tell(self, rendering: Rendering, index: int, text: str, line: int = 0) -> None:
        # What is wrong in embedded text is told with the note that it comes from.
        if rendering is self._rendering and (index, text) not in self._told:
            self._told.add((index, text))
            rendering.fail(index, text, line)

    def _address(self, index: int, rendering: Rendering) -> str:
        slot = rendering.slots[index]
        link = slot.link if isinstance(slot, Embed) else slot
        if not isinstance(link, Link):
            return urls.relative(link.url, self._note.url) if isinstance(link, Asset) else "#"
        try:
            return self._assembler.address(link, rendering.note, self._note)
        except Fault as fault:
            self._tell(rendering, index, str(fault))
            return urls.relative(link.note.url, self._note.url)

    def _block(self, match: re.Match[str], rendering: Rendering, steps: tuple[Step, ...]) -> str:
        index = int(match[2])
        slot = rendering.slots[index]
        if rendering is self._rendering:
            self._outermost = index
        if isinstance(slot, Query):
            return self._query(slot, index, rendering)
        if isinstance(slot, Calculation):
            return self._calculation(slot, index, rendering)
        if isinstance(slot, GuideMap):
            return self._assembler.map(slot.written.strip(), self._note)
        return self._embed(slot, index, rendering, steps, match["id"] or "") if isinstance(slot, Embed) else ""

    def _query(self, query: Query, index: int, rendering: Rendering) -> str:
        try:
            return self._assembler.query(query.written, rendering.note, self._note)
        except QueryFault as fault:
            self._tell(rendering, index, str(fault), fault.line)
            return fragments.failed_query(query.written)

    def _calculation(self, calculation: Calculation, index: int, rendering: Rendering) -> str:
        try:
            return self._assembler.calculator(calculation.written, self._note)
        except Fault as fault:
            self._tell(rendering, index, str(fault))
            return fragments.failed_query(calculation.written)

    def _embed(self, embed: Embed, index: int, rendering: Rendering, steps: tuple[Step, ...], ident: str) -> str:
        link = embed.link
        step = (link.note, str(link.fragment))
        address = fragments.attribute(urls.relative(link.note.url, self._note.url))
        text = ""
        if step in steps:
            self._cycle(steps[steps.index(step) :])
        elif len(steps) > _DEEPEST:
            what = f"embeds nest deeper than {_DEEPEST} here; link to the inner ones instead"
            self._tell(self._rendering, self._outermost, what)
        elif self._embedded > _EMBEDDED_LIMIT:
            what = f"this note embeds more than {_EMBEDDED_LIMIT:,} characters; link to some of them instead"
            self._tell(self._rendering, self._outermost, what)
        else:
            try:
                address = fragments.attribute(self._assembler.address(link, rendering.note, self._note))
                part = self._assembler.part(link.note, link.fragment)
            except Fault as fault:
                self._tell(rendering, index, str(fault))
            else:
                self._embeds += 1
                prefix = f"embed-{self._embeds}-"
                note = fragments.attribute(urls.relative(link.note.url, self._note.url))
                text = (
                    self.fill(part, (*steps, step))
                    .replace(placeholders.PREFIX, prefix)
                    .replace(placeholders.HREF, note)
                )
                self._embedded += len(text)
        return fragments.embed(ident, address, link, text)

    def _cycle(self, steps: tuple[Step, ...]) -> None:
        """Tell of embeds that lead back to where they began, with each note that takes part in it."""
        if any(note is self._note for note, _ in steps):
            names = [f"[[{note.title}{fragment}]]" for note, fragment in (*steps, steps[0])]
            what = f"this embed shows itself: {' → '.join(names)}; link instead of embedding"
            self._tell(self._rendering, self._outermost, what)
