"""Read the finished tree of a note: its headings, ids, named blocks and embeds, and what surrounds each link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from garden.links.headings import Heading
from garden.markdown import excerpt
from garden.markdown.document import GardenMarkdown
from garden.markdown.embeds import EMBED, make_room, prefixed, prune
from garden.model.reference import BrokenLink, Embed, Fault, Link, Mention, Slot
from garden.model.rules import Rule
from garden.source import placeholders

_BLOCK_ID = re.compile(rf"(?:^|(?<=\s))\^({placeholders.STAMP}?[A-Za-z0-9][A-Za-z0-9-]*)\s*\Z")
_RAW_ID = re.compile(r"""<[^<>]*?\sid=["']?([^\s"'<>]+)""")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Blocks whose text may end in a name.
_NAMED = frozenset({"p", "li", "td", "th", "dd"})
_INNER_BLOCKS = frozenset({"ul", "ol", "p", "div", "pre", "table", "blockquote", "dl", "details"})


class Anchors(Treeprocessor):
    """Fills the document; leaves only the part of the tree that is wanted, if only a part is."""

    md: GardenMarkdown

    def run(self, root: Element) -> Element | None:
        """Read the tree once for everything, and once more for each thing that is rare."""
        document = self.md.document
        parents = {child: parent for parent in root.iter() for child in parent}
        self._name_blocks(root, parents)
        links: list[tuple[Element, Slot]] = []
        embeds: list[tuple[Element, int, Embed]] = []
        for element in root.iter():
            if ident := element.get("id"):
                document.ids.add(ident)
            if level := _HEADINGS.get(element.tag):
                text = self._plain(element).strip()
                document.headings.append(Heading(level, text, element.get("id") or ""))
                for permalink in (child for child in element if child.get("class") == "headerlink"):
                    permalink.set("aria-label", f"Link to “{text}”")
            elif (index := document.index(element.get("href") or element.get(EMBED) or "")) is not None:
                slot = document.slots[index]
                links.append((element, slot))
                if isinstance(slot, Embed):
                    embeds.append((element, index, slot))
        for raw in self.md.htmlStash.rawHtmlBlocks:
            if isinstance(raw, str) and "id=" in raw:
                document.ids.update(_RAW_ID.findall(raw))
        self._place_links(links, parents)
        make_room(embeds, document, parents)
        if document.part is None:
            return None
        raw_blocks = self.md.htmlStash.rawHtmlBlocks
        raw_blocks[:] = [prefixed(raw) if isinstance(raw, str) else raw for raw in raw_blocks]
        return prune(root, document, parents)

    def _plain(self, element: Element) -> str:
        """Return the text of a heading without its permalink and footnote numbers."""
        if excerpt.hidden(element):
            return ""
        parts = [excerpt.unstash(element.text or "", self.md.htmlStash.rawHtmlBlocks, code=element.tag == "code")]
        for child in element:
            parts += [self._plain(child), excerpt.unstash(child.tail or "", self.md.htmlStash.rawHtmlBlocks)]
        return "".join(parts)

    def _name_blocks(self, root: Element, parents: dict[Element, Element]) -> None:
        """Move ``^name`` at the end of a paragraph, item or cell into an id; alone, it names the block before it."""
        for element in list(root.iter()):
            if element.tag not in _NAMED:
                continue
            holder, is_tail = _last_text(element)
            text = (holder.tail if is_tail else holder.text) or ""
            if "^" not in text or not (found := _BLOCK_ID.search(text)):
                continue
            rest = text[: found.start()].rstrip()
            if is_tail:
                holder.tail = rest
            else:
                holder.text = rest
            self._name_block(element, *placeholders.unstamp(found[1]), parents)

    def _name_block(self, element: Element, name: str, line: int, parents: dict[Element, Element]) -> None:
        document = self.md.document
        ident = f"^{name}"
        if ident in document.ids:
            fault = Fault(Rule.BLOCK_NAME, f"the block {ident} stands twice in this note; rename one")
            document.add(BrokenLink(ident), line, fault)
            return
        parent = parents[element]
        alone = element.tag == "p" and not element.text and not len(element)
        if alone and parent[0] is element:
            fault = Fault(Rule.BLOCK_NAME, f"the name {ident} stands below no block; put it at the end of one")
            document.add(BrokenLink(ident), line, fault)
            return
        document.ids.add(ident)
        if alone:
            position = list(parent).index(element)
            before = parent[position - 1]
            wrapper = Element("div", {"id": ident})
            wrapper.tail, before.tail = before.tail, "\n"
            wrapper.append(before)
            parent[position - 1 : position + 1] = [wrapper]
            parents[wrapper], parents[before] = parent, wrapper
        elif element.tag == "p" and parent.tag == "li" and parent[0] is element:
            parent.set("id", ident)
        else:
            element.set("id", ident)

    def _place_links(self, links: Sequence[tuple[Element, Slot]], parents: dict[Element, Element]) -> None:
        """Record each link to another note once for each sentence, and give it an id to come back to."""
        document = self.md.document
        passages: dict[Element, excerpt.Passage] = {}
        groups: dict[tuple[Element, tuple[int, int], str], tuple[excerpt.Passage, Link, list[Element]]] = {}
        for element, slot in links:
            link = slot.link if isinstance(slot, Embed) else slot
            if not isinstance(link, Link) or link.note is document.note:
                continue
            block = excerpt.context(element, parents)
            if block not in passages:
                passages[block] = excerpt.Passage(block, self.md.htmlStash.rawHtmlBlocks)
            passage = passages[block]
            bounds = passage.sentence(element)
            groups.setdefault((block, bounds, link.note.path), (passage, link, []))[2].append(element)
        for (_, bounds, _), (passage, link, elements) in groups.items():
            ident = self._ident(elements[0], link)
            document.mentions.append(Mention(link.note, ident, passage.cut(bounds, elements)))

    def _ident(self, element: Element, link: Link) -> str:
        if own := element.get("id"):
            return own
        base = "to:" + "-".join(link.note.name.split())
        ident = self.md.document.unused(base)
        element.set("id", ident)
        return ident


def _last_text(element: Element) -> tuple[Element, bool]:
    """Return the element that holds the last text of a block's own line, and whether it is that element's tail."""
    inline = [child for child in element if child.tag not in _INNER_BLOCKS]
    return (inline[-1], True) if inline else (element, False)
