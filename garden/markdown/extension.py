"""The Markdown extension: finds links, embeds, queries and places while Python-Markdown reads a note."""

from __future__ import annotations

import functools
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

from garden.links.glossary import Glossary
from garden.links.names import key
from garden.links.resolve import Resolver, Wikilink, parse
from garden.markdown import excerpt, figures, highlight_cache, limits, rule_table
from garden.markdown.anchors import Anchors
from garden.markdown.callouts import Callouts
from garden.markdown.document import GardenMarkdown
from garden.markdown.embeds import EMBED
from garden.markdown.glossary_links import GlossaryLinks
from garden.markdown.sanitize import RawBlocks, RawHtml, RawTags, Sanitizer
from garden.markdown.unparsed_markup import UnparsedMarkup
from garden.model.reference import Asset, BrokenLink, Calculation, Embed, ErrorList, Fault, Link, Query, SiteMap
from garden.model.rules import Rule
from garden.records.records import Records
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
# Which of the arguments of a fence's formatter is Python-Markdown: after the text come language, class and options.
_MARKDOWN = 3
Computed = Query | Calculation | SiteMap | ErrorList
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp")


class GardenExtension(Extension):
    """Registers what reads a note; all of it writes into the document that is being read."""

    def __init__(self, resolver: Resolver, records: Records, glossary: Glossary) -> None:
        super().__init__()
        self._resolver = resolver
        self._records = records
        self._glossary = glossary

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors. Each priority says what must have happened before."""
        assert isinstance(md, GardenMarkdown)  # noqa: S101  (only `Converter` makes one)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "%"]  # those of `%%`
        highlight_cache.install(md)
        # After the fences (25), which may hold `%%`; before raw HTML blocks (20).
        md.preprocessors.register(_Blocks(md), "garden-blocks", 24)
        md.preprocessors.register(limits.TagLimit(md), "garden-tags", 21)
        md.preprocessors.register(RawBlocks(md, md.preprocessors["html_block"]), "html_block", 20)
        # Before code spans (190), as which they would be read.
        md.inlinePatterns.register(figures.Figures(md, self._records), "garden-figures", 195)
        # After code spans (190); before backslash escapes (180), which would split `\|`.
        md.inlinePatterns.register(_Wikilinks(md, self._resolver), "garden-links", 185)
        md.inlinePatterns.register(RawTags(md), "html", 90)
        # After footnotes are placed (50); before inline parsing (20).
        md.treeprocessors.register(Callouts(md), "garden-callouts", 30)
        md.treeprocessors.register(limits.BracketLimit(md), "garden-elements", 21)
        md.treeprocessors.register(limits.CodeBrackets(md), "garden-code", 19)
        # After attribute lists (8) and heading ids (5).
        md.treeprocessors.register(_Addresses(md, self._resolver), "garden-addresses", 4)
        md.treeprocessors.register(Sanitizer(md), "garden-sanitizer", 3)
        # Before escapes are undone (0): an escaped sign is no markup that is left.
        md.treeprocessors.register(UnparsedMarkup(md), "garden-leftover", 2)
        # After escapes are undone (0).
        md.treeprocessors.register(Anchors(md), "garden-places", -1)
        # After links have been counted (-1).
        md.treeprocessors.register(GlossaryLinks(md, self._glossary), "garden-terms", -2)

    def fences(self) -> list[dict[str, Any]]:
        """Return the custom fences for SuperFences: those whose blocks the build computes."""
        later: dict[str, type[Computed]] = {
            "dataview": Query,
            "calculator": Calculation,
            "map": SiteMap,
            "errors": ErrorList,
        }
        computed = [
            {"name": name, "class": name, "format": functools.partial(_later, kind)} for name, kind in later.items()
        ]
        return [
            *computed,
            {"name": figures.FENCE, "class": figures.FENCE, "format": self._measured},
            {"name": rule_table.FENCE, "class": rule_table.FENCE, "format": rule_table.block},
        ]

    def _measured(self, source: str, *arguments: Any, **__: object) -> str:
        return figures.block(source, arguments[_MARKDOWN].document, self._records)


def _later(kind: type[Computed], source: str, *arguments: Any, **__: object) -> str:
    """Return the place of a block that is computed when every note has been read."""
    source, line = placeholders.unstamp(source)
    index = arguments[_MARKDOWN].document.add(kind(source), line)
    return f'<div class="garden-slot">{placeholders.slot(index)}</div>'


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

    md: GardenMarkdown

    def __init__(self, md: GardenMarkdown, resolver: Resolver) -> None:
        super().__init__(_INLINE, md)
        self.compiled_re = re.compile(_INLINE, re.DOTALL)
        self._resolver = resolver

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
            return self.md.htmlStash.store(RawHtml(self.unescape(match[0]))), start, end
        if match["unclosed"]:
            text, line = placeholders.unstamp(self.unescape(match["unclosed"]))
            shown = match[0].replace(match["unclosed"], text)
            advice = "end it with ]], or write \\[[ for two brackets"
            what = f"{' '.join(self._plain(shown).split())} is never closed; {advice}"
            self.md.document.add(BrokenLink(shown), line, Fault(Rule.LINK_UNCLOSED, what))
            return shown, start, end
        inner, line = placeholders.unstamp(match["inner"])
        return self._element(inner, line, embed=match[0][0] == "!"), start, end

    def _element(self, inner: str, line: int, *, embed: bool) -> Element:
        wikilink = parse(self._plain(inner))
        label = inner.partition("|")[2].strip() if "|" in inner else ""
        try:
            target = self._resolver.wikilink(wikilink, self.md.document.note)
        except Fault as fault:
            self.md.document.add(BrokenLink(wikilink.whole, fault.meant), line, fault)
            return _text("span", label, wikilink.whole or "[[]]", {"class": "broken-link"})
        if not embed:
            element = _text("a", label, caption(wikilink, target))
            element.set("href", placeholders.slot(self.md.document.add(target, line)))
            return element
        if isinstance(target, Link):
            return _text(
                "span",
                label,
                caption(wikilink, target),
                {EMBED: placeholders.slot(self.md.document.add(Embed(target), line))},
            )
        if not target.url.lower().endswith(_IMAGES):
            what = f"![[{wikilink.whole}]] is no note and no image; link to it without the !"
            self.md.document.add(BrokenLink(wikilink.whole), line, Fault(Rule.EMBED_TYPE, what))
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
        fault = None if alt else _unseen(f"![[{wikilink.whole}{shape}]]", f"![[{wikilink.whole}|What it shows{shape}]]")
        image = Element("img", {"src": placeholders.slot(self.md.document.add(target, line, fault)), "alt": alt})
        if size:
            image.set("width", size[1])
            if size[2]:
                image.set("height", size[2])
        return image


def _unseen(written: str, instead: str) -> Fault:
    what = f"the image {written} says nothing to those who cannot see it; write {instead}"
    return Fault(Rule.IMAGE_ALT, what)


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

    md: GardenMarkdown

    def __init__(self, md: GardenMarkdown, resolver: Resolver) -> None:
        super().__init__(md)
        self._resolver = resolver

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
        if self.md.document.index(written) is not None:
            return
        address, line = placeholders.unstamp(unescape(excerpt.unstash(written, self.md.htmlStash.rawHtmlBlocks)))
        address = address.strip()
        try:
            target = self._resolver.address(address, self.md.document.note)
            if attribute == "src" and not isinstance(target, Asset):
                what = f"the image {address} is not a file of this site; put it into the notes' folder"
                raise Fault(Rule.IMAGE_ELSEWHERE, what)
        except Fault as fault:
            self.md.document.add(BrokenLink(address, fault.meant), line, fault)
            _disarm(element)
        else:
            if target:
                unseen = attribute == "src" and not (element.get("alt") or "").strip()
                silent = _unseen(f"![]({address})", f"![What it shows]({address})") if unseen else None
                element.set(attribute, placeholders.slot(self.md.document.add(target, line, silent)))

    def _unlink(self, inner: Element) -> None:
        written, line = placeholders.unstamp(inner.get("href") or inner.get(EMBED) or "")
        index = self.md.document.index(written)
        slot = BrokenLink(written) if index is None else self.md.document.slots[index]
        fault = Fault(Rule.LINK_NESTED, f"{slot.written} stands inside the text of another link; take it out")
        if index is None:
            self.md.document.add(slot, line, fault)
        else:
            self.md.document.add_slot_problem(index, fault)
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
