"""Embeds in a note's tree: room for a block where one stands alone, and the part of a note that another shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from garden.markdown.document import Document
from garden.model.reference import Embed, Fault, Fragment
from garden.model.rules import Rule
from garden.source.placeholders import HREF, PREFIX, slot

EMBED = "garden-embed"
# Blocks that may hold embeds and nothing else.
_ROOMS = frozenset({"p", "li", "td", "dd", "div"})

# Attributes whose value is an id of the same page, and those that name a group of form parts (tabs).
_IDS = ("id", "for", "name", "aria-labelledby", "aria-describedby")
_RAW_ID = re.compile(rf"""(<[^<>]*?\s(?:{"|".join(_IDS)})=["']?)""")


def make_room(
    embeds: Sequence[tuple[Element, int, Embed]], document: Document, parents: dict[Element, Element]
) -> None:
    """Make room for a block where an embed stands alone; elsewhere it becomes a link and a problem."""
    alone = [_only_embeds(parents[element]) for element, _, _ in embeds]
    for (element, index, embed), stands_alone in zip(embeds, alone, strict=True):
        element.attrib.pop(EMBED, None)
        if not stands_alone:
            what = f"{embed.written} stands inside a text; put it on a line of its own"
            document.add_slot_problem(index, Fault(Rule.EMBED_INLINE, what))
            element.tag = "a"
            element.set("href", slot(index))
            continue
        element.tag = "div"
        element.set("class", "garden-slot")
        element[:] = []
        element.text = AtomicString(slot(index))
        if parents[element].tag == "p":
            parents[element].tag = "div"


def _only_embeds(parent: Element) -> bool:
    texts = [parent.text, *(child.tail for child in parent)]
    return (
        parent.tag in _ROOMS
        and not any(text and text.strip() for text in texts)
        and all(child.get(EMBED) or child.tag in ("ul", "ol") for child in parent)
    )


def prune(root: Element, document: Document, parents: dict[Element, Element]) -> Element:
    """Return a tree with only the part that ``document.part`` names, its ids made ready to be unique elsewhere.

    A whole note comes without its title: the embed names its source. Raises `Fault` if the part does not exist.
    """
    part = document.part or Fragment()
    kept = Element(root.tag)
    if str(part):
        name = f"[[{document.note.title}{part}]]"
        ident = document.ident(part, document.note.title)
        found = next((e for e in root.iter() if e.get("id") == ident), None)
        if found is None:
            what = f"{name} is raw HTML and cannot be embedded; link to it, or write it in Markdown"
            raise Fault(Rule.EMBED_TYPE, what)
        kept.extend(_part(found, parents))
    else:
        kept.extend(child for child in root if child.tag != "h1")
    inside = {element.get("id") for element in kept.iter()}
    for element in kept.iter():
        for attribute in _IDS:
            if value := element.get(attribute):
                element.set(attribute, PREFIX + value)
        if (address := element.get("href") or "").startswith("#"):
            element.set("href", f"#{PREFIX}{address[1:]}" if address[1:] in inside else HREF + address)
        for permalink in [child for child in element if child.get("class") == "headerlink"]:
            element.remove(permalink)
    return kept


def _part(found: Element, parents: dict[Element, Element]) -> list[Element]:
    """Return the block, or the heading with all that stands under it."""
    if not _level(found):
        return [_alone(found)]
    siblings = list(parents[found])
    position = siblings.index(found)
    end = position + 1
    while end < len(siblings) and not 0 < _level(siblings[end]) <= _level(found):
        end += 1
    # The footnotes come last in a page, but belong to all of it.
    return [part for part in siblings[position:end] if part.get("class") != "footnote"]


def prefixed(raw: str) -> str:
    """Return raw HTML, its ids made ready as well."""
    return _RAW_ID.sub(rf"\1{PREFIX}", raw)


def _alone(block: Element) -> Element:
    """Return a block that may stand outside its list or table."""
    if block.tag not in ("li", "td", "th", "dd"):
        return block
    div = Element("div")
    div.text = block.text
    div.extend(block)
    return div


def _level(element: Element) -> int:
    return int(element.tag[1]) if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else 0
