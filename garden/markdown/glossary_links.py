"""Marks the glossary's words in running text: the first time that a page uses one, it leads to its definition."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from garden.links.glossary import Glossary, Term
from garden.markdown.document import GardenMarkdown
from garden.model.note import Note
from garden.source import urls

_PROSE = frozenset({"p", "li", "dd"})
# Inline markup that text runs on through. Headings, code, links and tables are none of these.
_THROUGH = frozenset({"em", "strong", "i", "b", "q", "u", "ins"})
_BLOCKS = frozenset({"ul", "ol", "dl", "blockquote", "div", "details", "section"})


class GlossaryLinks(Treeprocessor):
    """Runs last, when links have been counted: what it makes is no link of the author's.

    A term is not marked in the glossary, on the page of a snippet, on the note that explains it, or in embedded parts,
    whose own page marks it.
    """

    md: GardenMarkdown

    def __init__(self, md: GardenMarkdown, glossary: Glossary) -> None:
        super().__init__(md)
        self._glossary = glossary

    def run(self, root: Element) -> None:
        """Give the definitions their ids, or mark words."""
        home, note = self._glossary.note, self.md.document.note
        if note is home:
            for element in root.iter("dt"):
                if term := self._glossary.term("".join(element.itertext()).strip()):
                    element.set("id", term.ident)
        elif home and self.md.document.part is None and not note.generated:
            _Marking(self._glossary, note, urls.relative(home.url, note.url)).read(root, prose=False)


class _Marking:
    """Marks the words of one note; ``address`` is that of the glossary, seen from its page."""

    def __init__(self, glossary: Glossary, note: Note, address: str) -> None:
        self._glossary = glossary
        self._note = note
        self._address = address
        self._seen: set[str] = set()

    def read(self, element: Element, *, prose: bool) -> None:
        """Mark what stands in an element, in the order of the text."""
        children = list(element)
        kept: list[Element] = []
        if prose:
            element.text, kept = self._marked(element.text or "")
        for child in children:
            kept.append(child)
            if child.tag in _PROSE and not child.get("class"):
                self.read(child, prose=True)
            elif child.tag in _BLOCKS:
                self.read(child, prose=False)
            elif prose and child.tag in _THROUGH:
                self.read(child, prose=True)
            if prose:
                child.tail, links = self._marked(child.tail or "")
                kept += links
        element[:] = kept

    def _marked(self, text: str) -> tuple[str, list[Element]]:
        """Return what stands before the first word to mark, and a link for each, with the text that follows it."""
        links: list[Element] = []
        parts: list[str] = []
        start = 0
        for begin, end, term in self._glossary.find(text):
            if term.ident in self._seen or self._note in term.owners:
                continue
            self._seen.add(term.ident)
            parts.append(text[start:begin])
            links.append(_link(text[begin:end], term, self._address))
            start = end
        parts.append(text[start:])
        for link, following in zip(links, parts[1:], strict=True):
            link.tail = following
        return parts[0], links


def _link(words: str, term: Term, address: str) -> Element:
    href = address + urls.fragment(term.ident)
    link = Element("a", {"class": "term", "href": href, "data-definition": term.definition})
    link.text = words
    return link
