"""The Markdown extension: finds links, embeds, queries and places while Python-Markdown reads a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from garden.links import error_messages
from garden.links.error_messages import Messages
from garden.links.glossary import Glossary
from garden.links.names import key
from garden.links.resolve import (
    Asset,
    Broken,
    Calculation,
    Embed,
    Fault,
    GuideMap,
    Link,
    Query,
    Targets,
    Wikilink,
    parse,
)
from garden.markdown import excerpt, figures, highlight_cache, limits
from garden.markdown.anchors import EMBED, Places
from garden.markdown.callouts import Callouts
from garden.markdown.document import Rendering
from garden.markdown.glossary_links import Terms
from garden.markdown.sanitize import Inert
from garden.markdown.unparsed import Leftover
from garden.pages import site_map
from garden.records.records import Records
from garden.snippets import calculator
from garden.source import placeholders

# One pattern, since each costs a search of every text. No alternative reads past the start of its next match, so the
# cost stays linear for text that is all openings.
_INLINE = (
    r"(?P<comment><!--(?:(?!<!--).)*?-->|%%(?:(?!%%).)+%%)"
    r"|(?P<tag></?[a-zA-Z](?=[^<>]*\[\[)[^<>]*>)"
    rf"|{limits.WIKILINK}"
)
# Indented by more, its signs stand alone on their lines: it may be code.
_COMMENT = re.compile(
    r"^(?: {0,3}%%(?:(?!%%)[\s\S])*%%|[ \t>]*%%[ \t]*\n(?:(?!%%)[\s\S])*\n[ \t>]*%%)[ \t]*$", re.MULTILINE
)
# A table or a fence would take a name in the line below it for its own.
_NAME = re.compile(rf"([ \t>]*)\^{placeholders.STAMP}?[A-Za-z0-9][A-Za-z0-9-]*[ \t]*$")
_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp")


class GardenExtension(Extension):
    """Fills ``rendering``, which is set before each note is converted."""

    rendering: Rendering

    def __init__(
        self,
        targets: Targets,
        records: Records,
        glossary: Glossary,
        messages: Messages,
    ) -> None:
        super().__init__()
        self._targets = targets
        self._records = records
        self._glossary = glossary
        self._messages = messages

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors. Each priority says what must have happened before."""
        rendering = self.rendering
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "%"]  # those of `%%`
        limits.catch_recursion(md, lambda: _too_deep(rendering))
        highlight_cache.keep(md)
        # After the fences (25), which may hold `%%`; before raw HTML blocks (20).
        md.preprocessors.register(_Blocks(md), "garden-blocks", 24)
        md.preprocessors.register(limits.Tags(md), "garden-tags", 21)
        # Before code spans (190), as which they would be read.
        md.inlinePatterns.register(figures.Figures(md, rendering, self._records), "garden-figures", 195)
        # After code spans (190); before backslash escapes (180), which would split `\|`.
        md.inlinePatterns.register(_Wikilinks(md, rendering, self._targets), "garden-links", 185)
        # After footnotes are placed (50); before inline parsing (20).
        md.treeprocessors.register(Callouts(md), "garden-callouts", 30)
        md.treeprocessors.register(limits.Elements(md), "garden-elements", 21)
        md.treeprocessors.register(limits.Code(md), "garden-code", 19)
        # After attribute lists (8) and heading ids (5); before MkDocs rewrites addresses (0).
        md.treeprocessors.register(_Addresses(md, rendering, self._targets), "garden-addresses", 4)
        md.treeprocessors.register(Inert(md, rendering), "garden-inert", 3)
        # Before escapes are undone (0): an escaped sign is no markup that is left.
        md.treeprocessors.register(Leftover(md, rendering), "garden-leftover", 2)
        # After escapes are undone (0).
        md.treeprocessors.register(Places(md, rendering), "garden-places", -1)
        # After links have been counted (-1).
        md.treeprocessors.register(Terms(md, rendering, self._glossary), "garden-terms", -2)

    def fences(self) -> list[dict[str, Any]]:
        """Return the custom fences for SuperFences: those whose blocks the build computes."""
        return [
            {"name": "dataview", "class": "dataview", "format": self._query},
            {"name": figures.FENCE, "class": figures.FENCE, "format": self._measured},
            {"name": calculator.FENCE, "class": calculator.FENCE, "format": self._calculator},
            {"name": site_map.FENCE, "class": site_map.FENCE, "format": self._map},
            {"name": error_messages.FENCE, "class": error_messages.FENCE, "format": self._errors},
        ]

    def _errors(self, *_: object, **__: object) -> str:
        return self._messages.block(self.rendering)

    def _measured(self, source: str, *_: object, **__: object) -> str:
        return figures.block(source, self.rendering, self._records)

    def _query(self, source: str, *_: object, **__: object) -> str:
        return self._later(Query, source)

    def _calculator(self, source: str, *_: object, **__: object) -> str:
        return self._later(Calculation, source)

    def _map(self, source: str, *_: object, **__: object) -> str:
        return self._later(GuideMap, source)

    def _later(self, kind: type[Query | Calculation | GuideMap], source: str) -> str:
        """Return the place of a block that is computed when every note has been read."""
        source, line = placeholders.unstamp(source)
        index = self.rendering.add(kind(source), line)
        return f'<div class="garden-slot">{placeholders.slot(index)}</div>'


def _too_deep(rendering: Rendering) -> None:
    what = "nests deeper than Markdown can follow; flatten its lists, quotations or brackets"
    rendering.abandon(what)


class _Blocks(Preprocessor):
    """Removes ``%%`` comments that hold whole blocks, and sets names of blocks apart from what they name."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if "%%" in text:
            text = _COMMENT.sub("", text)
        return list(_apart(text.split("\n"))) if "^" in text else text.split("\n")


def _apart(lines: list[str]) -> Iterator[str]:
    before = ""
    for line in lines:
        if ("|" in before or "\x02" in before) and (name := _NAME.match(line)):
            yield name[1]
        yield line
        before = line


class _Wikilinks(InlineProcessor):
    """``[[…]]`` and ``![[…]]``; hides comments, and tags that hold brackets, from them."""

    # No link stands in a link.
    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown, rendering: Rendering, targets: Targets) -> None:
        super().__init__(_INLINE, md)
        self.compiled_re = re.compile(_INLINE, re.DOTALL)
        self._rendering = rendering
        self._targets = targets

    def handleMatch(  # type: ignore[override]
        self, match: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return what to show in the place of the match, or three times None if it is none of ours."""
        start, end = match.span()
        escapes = 0
        while start > escapes and data[start - escapes - 1] == "\\":
            escapes += 1
        if escapes % 2:
            return None, None, None
        if match["comment"]:
            return "", start, end
        if match["tag"]:
            return self.md.htmlStash.store(self.unescape(match[0])), start, end
        if match["unclosed"]:
            text, line = placeholders.unstamp(self.unescape(match["unclosed"]))
            shown = match[0].replace(match["unclosed"], text)
            advice = "end it with ]], or write \\[[ for two brackets"
            self._rendering.add(
                Broken(shown), line, f"{' '.join(self._plain(shown).split())} is never closed; {advice}"
            )
            return shown, start, end
        inner, line = placeholders.unstamp(match["inner"])
        return self._element(inner, line, embed=match[0][0] == "!"), start, end

    def _element(self, inner: str, line: int, *, embed: bool) -> Element:
        wikilink = parse(self._plain(inner))
        label = inner.partition("|")[2].strip() if "|" in inner else ""
        try:
            target = self._targets.wikilink(wikilink, self._rendering.note)
        except Fault as fault:
            self._rendering.add(Broken(wikilink.whole, fault.meant), line, str(fault))
            return _text("span", label, wikilink.whole or "[[]]", {"class": "broken-link"})
        if not embed:
            element = _text("a", label, caption(wikilink, target))
            element.set("href", placeholders.slot(self._rendering.add(target, line)))
            return element
        if isinstance(target, Link):
            return _text(
                "span",
                label,
                caption(wikilink, target),
                {EMBED: placeholders.slot(self._rendering.add(Embed(target), line))},
            )
        if not target.url.lower().endswith(_IMAGES):
            fault_text = f"![[{wikilink.whole}]] is no note and no image; link to it without the !"
            self._rendering.add(Broken(wikilink.whole), line, fault_text)
            return _text("span", "", wikilink.whole, {"class": "broken-link"})
        return self._image(wikilink, target, line)

    def _plain(self, text: str) -> str:
        """Return text as typed, without the signs of code."""
        return excerpt.unstash(self.unescape(text), self.md.htmlStash.rawHtmlBlocks, code=True)

    def _image(self, wikilink: Wikilink, target: Asset, line: int) -> Element:
        """Return the image of ``![[name|alternative text|300x200]]``; the size may also follow the text."""
        labels = list(wikilink.labels)
        words = labels[-1].split() if labels else []
        size = _SIZE.fullmatch(words[-1]) if words else None
        if size:
            labels[-1] = " ".join(words[:-1])
        alt = " ".join(label for label in labels if label)
        shape = f"|{words[-1]}" if size else ""
        fault = "" if alt else _unseen(f"![[{wikilink.whole}{shape}]]", f"![[{wikilink.whole}|What it shows{shape}]]")
        image = Element("img", {"src": placeholders.slot(self._rendering.add(target, line, fault)), "alt": alt})
        if size:
            image.set("width", size[1])
            if size[2]:
                image.set("height", size[2])
        return image


def _unseen(written: str, instead: str) -> str:
    return f"the image {written} says nothing to those who cannot see it; write {instead}"


def _text(tag: str, label: str, name: str, attributes: dict[str, str] | None = None) -> Element:
    """Return an element whose label, if it has one, may hold markup; a name is shown as it is."""
    element = Element(tag, attributes or {})
    element.text = label or AtomicString(name)
    return element


def caption(wikilink: Wikilink, target: Link | Asset) -> str:
    """Return how a link without a label reads: the name as typed, but a title instead of a path or file name."""
    if isinstance(target, Asset):
        return wikilink.name
    if verdict := target.note.tests.get(target.fragment.ident):
        return verdict
    parts = [part.removeprefix("^") for part in (*target.fragment.chain, target.fragment.ident) if part]
    if not wikilink.name:
        return " › ".join(parts)
    typed = wikilink.name if str(target.fragment) else wikilink.whole
    known = {key(target.note.title), *map(key, target.note.meta.aliases)}
    return " › ".join([typed if key(typed) in known else target.note.title, *parts])


class _Addresses(Treeprocessor):
    """Takes the addresses of plain Markdown links and images."""

    def __init__(self, md: Markdown, rendering: Rendering, targets: Targets) -> None:
        super().__init__(md)
        self._rendering = rendering
        self._targets = targets

    def run(self, root: Element) -> None:
        """Number what leads to a note or a file; show what leads nowhere as text."""
        links = list(root.iter("a"))
        for inner in dict.fromkeys(inner for link in links for inner in _links(link) if inner is not link):
            self._unlink(inner)
        for link in links:
            if link.tag == "a" and not (excerpt.hidden(link) and (link.get("href") or "").startswith("#")):
                self._take(link, "href")
        for image in list(root.iter("img")):
            self._take(image, "src")

    def _take(self, element: Element, attribute: str) -> None:
        written = element.get(attribute) or ""
        if self._rendering.index(written) is not None:
            return
        address, line = placeholders.unstamp(unescape(excerpt.unstash(written, self.md.htmlStash.rawHtmlBlocks)))
        address = address.strip()
        try:
            target = self._targets.address(address, self._rendering.note)
            if attribute == "src" and not isinstance(target, Asset):
                raise Fault(f"the image {address} is not a file of this site; put it into the notes' folder")
        except Fault as fault:
            self._rendering.add(Broken(address, fault.meant), line, str(fault))
            _disarm(element)
        else:
            if target:
                unseen = attribute == "src" and not (element.get("alt") or "").strip()
                fault_text = _unseen(f"![]({address})", f"![What it shows]({address})") if unseen else ""
                element.set(attribute, placeholders.slot(self._rendering.add(target, line, fault_text)))

    def _unlink(self, inner: Element) -> None:
        written, line = placeholders.unstamp(inner.get("href") or inner.get(EMBED) or "")
        index = self._rendering.index(written)
        slot = Broken(written) if index is None else self._rendering.slots[index]
        fault = f"{slot.written} stands inside the text of another link; take it out"
        if index is None:
            self._rendering.add(slot, line, fault)
        else:
            self._rendering.fail(index, fault)
        _disarm(inner)


def _links(link: Element) -> list[Element]:
    return [element for element in link.iter() if element.tag == "a" or element.get(EMBED)]


def _disarm(element: Element) -> None:
    """Show a link or an image as text."""
    if element.tag == "img":
        element.text = AtomicString(element.get("alt") or "")
    element.tag = "span"
    element.attrib.clear()
    element.set("class", "broken-link")
