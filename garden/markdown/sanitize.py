"""Raw HTML in notes: a list says what may stand there; all other is shown as text, and is a problem."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

import nh3
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from garden.markdown.document import GardenMarkdown
from garden.model.reference import Fault
from garden.model.rules import Rule
from garden.source import fences
from garden.source.loader import RESERVED

# What Markdown has no sign for. None of it can act in a reader's browser, load anything or lead anywhere.
_ELEMENTS = frozenset({
    "abbr", "b", "br", "cite", "dd", "del", "details", "dfn", "div", "dl", "dt", "figcaption", "figure", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "sub", "summary", "sup", "u", "var", "wbr",
})  # fmt: skip
# `markdown` has Markdown read what is in an element.
_ATTRIBUTES = frozenset({"class", "dir", "id", "lang", "markdown", "open", "title"})
# Those of what Markdown makes, which a list in braces can add to. The engine looks at addresses by itself.
_OF_MARKDOWN = _ATTRIBUTES | {
    "align", "alt", "checked", "colspan", "download", "for", "height", "href", "loading", "name", "rel", "rowspan",
    "scope", "src", "start", "target", "type", "value", "width",
}  # fmt: skip
_PREFIXES = ("aria-", "data-", "garden-")
_INSTEAD = {
    "a": "write [text](address)",
    "img": "write ![[picture.png|What it shows]]",
    "code": "write it between backticks",
    "pre": "write a fenced block",
    "strong": "write **text**",
    "em": "write *text*",
    "p": "leave a line empty",
    "hr": "write `***`",
    "blockquote": "begin its lines with `>`",
    **dict.fromkeys(("table", "thead", "tbody", "tr", "th", "td"), "write a table with bars"),
    **dict.fromkeys(("ul", "ol", "li"), "write a list"),
    **{f"h{level}": f"write `{'#' * level}`" for level in range(1, 7)},
}
_CLEANER = nh3.Cleaner(
    tags=set(_ELEMENTS), attributes={"*": set(_ATTRIBUTES)}, url_schemes=set(), link_rel=None, strip_comments=True
)
# As browsers end them.
_COMMENT = re.compile(r"<!--(?:-?>|[\s\S]*?(?:--!?>|\Z))")
_START = re.compile(r"<(?P<name>[A-Za-z!?][^\s/>]*)(?P<attributes>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>?")
_END = re.compile(r"</(?P<name>[A-Za-z][^\s/>]*)[^<>]*>")
_ATTRIBUTE = re.compile(r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_REFERENCE = re.compile(r"&#(?:[xX](?P<hex>[0-9A-Fa-f]{1,6})|(?P<decimal>\d{1,7}));?")
# An attribute that says so of an element which its author wrote; cleaning removes it.
_WRITTEN = "garden-written"


class RawHtml(str):
    """HTML as its author wrote it. What extensions put aside besides, such as highlighted code, is their own."""

    __slots__ = ()


class RawBlocks(Preprocessor):
    """Finds blocks of raw HTML as ``blocks`` does, and marks them as written by the author."""

    def __init__(self, md: GardenMarkdown, blocks: Preprocessor) -> None:
        super().__init__(md)
        self._blocks = blocks

    def run(self, lines: list[str]) -> list[str]:
        """Put blocks of raw HTML aside."""
        stash = self.md.htmlStash.rawHtmlBlocks
        first = len(stash)
        lines = self._blocks.run(lines)
        for index, raw in enumerate(stash[first:], first):
            if isinstance(raw, str):
                stash[index] = RawHtml(raw)
            else:
                for element in raw.iter():
                    element.set(_WRITTEN, "")
        return lines


class RawTags(HtmlInlineProcessor):
    """Finds the tags in a text, and marks them as written by the author."""

    def __init__(self, md: GardenMarkdown) -> None:
        super().__init__(HTML_RE, md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Put a tag aside."""
        found = super().handleMatch(m, data)
        stash = self.md.htmlStash.rawHtmlBlocks
        stash[-1] = RawHtml(stash[-1])
        return found


class Sanitizer(Treeprocessor):
    """Cleans the raw HTML of a note, and the attributes of its elements."""

    md: GardenMarkdown

    def run(self, root: Element) -> None:
        """Show as text what is not on the list, and report it."""
        found = list(self._raw())
        raw_blocks = self.md.htmlStash.rawHtmlBlocks
        for tree in (root, *(raw for raw in raw_blocks if isinstance(raw, Element))):
            for element in tree.iter():
                found += [(what, what) for what in _cleaned(element)]
        for (what, _), line in zip(found, self._lines(found), strict=True):
            self.md.document.add_problem(_fault(what), line)

    def _raw(self) -> Iterator[tuple[str, str]]:
        """Clean what the author wrote; yield what is refused, each with the source in which it stands."""
        opened: dict[str, list[bool]] = defaultdict(list)
        stash = self.md.htmlStash.rawHtmlBlocks
        for index, raw in enumerate(stash):
            if not isinstance(raw, RawHtml):
                continue
            if end := _END.fullmatch(raw):
                name = end["name"].lower()
                if not opened[name]:
                    yield f"</{name}", raw
                stash[index] = f"</{name}>" if opened[name] and opened[name].pop() else escape(raw)
                continue
            refused = list(dict.fromkeys(_refused(raw)))
            yield from ((what, raw) for what in refused)
            stash[index] = html = escape(raw) if refused else _clean(raw)
            if start := _START.fullmatch(raw):
                # Its own end stands further down.
                name = start["name"].lower()
                stash[index] = html.removesuffix(f"</{name}>")
                opened[name].append(not refused)

    def _lines(self, found: list[tuple[str, str]]) -> Iterator[int]:
        """Yield the line of each finding. Raw HTML carries none, so each is looked for in the source.

        What is disguised stands where the HTML around it begins.
        """
        if not found:
            return
        note = self.md.document.note
        lines = note.body.casefold().split("\n")
        fenced = {index for fence in fences.scan(lines) for index in range(fence.start, fence.end or len(lines))}
        read = [(index, line) for index, line in enumerate(lines) if index not in fenced]
        places = {what: iter([index for index, line in read if what in line]) for what, _ in set(found)}
        for what, html in found:
            index = next(places[what], None)
            if index is None:
                begins = html.casefold().partition("\n")[0]
                index = next((index for index, line in read if begins in line), 0)
            yield note.first_line + index


def _refused(raw: str) -> Iterator[str]:
    """Yield what is not on the list: the beginnings of tags, and the names of attributes."""
    for start in _START.finditer(_COMMENT.sub("", raw)):
        name = start["name"].lower()
        if name not in _ELEMENTS:
            yield f"<{name}"
        else:
            names = (attribute["name"].lower() for attribute in _ATTRIBUTE.finditer(start["attributes"]))
            # Where no extension reads it, `markdown` is removed like comments are.
            yield from (name for name in names if name not in _ATTRIBUTES and name != "markdown")


def _clean(raw: str) -> str:
    """Return HTML with nothing that is not on the list, whatever a browser makes of its source."""
    # Python-Markdown would leave an empty paragraph around nothing.
    return _CLEANER.clean(_REFERENCE.sub(_harmless, raw)) or "<!-- -->"


def _harmless(reference: re.Match[str]) -> str:
    """Return a reference to a character; empty if that marks a placeholder, of Python-Markdown or of the engine."""
    number = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    return "" if number <= sys.maxunicode and RESERVED.match(chr(number)) else reference[0]


def _cleaned(element: Element) -> Iterator[str]:
    """Take from an element what is not on its list, and yield it."""
    written = element.attrib.pop(_WRITTEN, None) is not None
    if written and element.tag not in _ELEMENTS:
        yield f"<{element.tag}"
        element.tag = "div"
    for name in list(element.attrib):
        of_markdown = not written and (name in _OF_MARKDOWN or name.startswith(_PREFIXES))
        if name not in _ATTRIBUTES and not of_markdown:
            yield name
            del element.attrib[name]


def _fault(what: str) -> Fault:
    show = "remove it, or write it between backticks to show it"
    if what.startswith("</"):
        return Fault(Rule.HTML_ELEMENT, f"`{what}>` ends nothing; {show}")
    if what.startswith("<"):
        return Fault(Rule.HTML_ELEMENT, f"`{what}>` is HTML that notes do not use; {_INSTEAD.get(what[1:], show)}")
    return Fault(Rule.HTML_ATTRIBUTE, f"`{what}` is an attribute that notes do not use; {show}")
