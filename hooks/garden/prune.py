"""Keep one part of a rendered note, for an embed."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from .marks import HREF, PREFIX
from .rendering import Rendering
from .targets import Fragment

# Attributes whose value is an id of the same page, and those that name a group of form parts (tabs).
_IDS = ("id", "for", "name", "aria-labelledby", "aria-describedby")


def prune(root: Element, rendering: Rendering, parents: dict[Element, Element]) -> Element:
    """Return a tree with only the part that ``rendering.part`` names, its ids made ready to be unique elsewhere.

    A whole note comes without its title: the embed names its source. Raises `Fault` if the part does not exist.
    """
    part = rendering.part or Fragment()
    kept = Element(root.tag)
    if str(part):
        ident = rendering.ident(part, f"[[{rendering.note.title}]]")
        found = next((e for e in root.iter() if e.get("id") == ident), None)
        kept.extend(_part(found, parents) if found is not None else ())
    else:
        kept.extend(child for child in root if child.tag != "h1")
    for element in kept.iter():
        for attribute in _IDS:
            if value := element.get(attribute):
                element.set(attribute, PREFIX + value)
        if (address := element.get("href") or "").startswith("#"):
            element.set("href", HREF + address)
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
    return siblings[position:end]


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
