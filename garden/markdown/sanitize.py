"""Raw HTML that would act in the reader's browser, or load from another site, is shown as text, and is a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from garden.markdown.document import GardenMarkdown
from garden.model.reference import Fault
from garden.model.rules import Rule
from garden.source import fences

_ELEMENTS = ("applet", "base", "embed", "form", "frame", "frameset", "iframe", "link", "meta", "object", "script")
_ADDRESSES = ("action", "background", "data", "formaction", "from", "href", "src", "to", "values", "xlink:href")
# What these name is fetched as soon as the page is shown, or a link in it is followed.
_LOADED = ("background", "ping", "poster", "src", "srcset")
_PICTURES = ("feimage", "image", "use")
_ELSEWHERE = re.compile(r"(?:.*,)?(?:https?:)?[/\\]{2}", re.IGNORECASE)
_SCHEME = re.compile(r"(?:javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
# Browsers skip these in an address.
_SKIPPED = re.compile(r"[\x00-\x20]+")
# What raw HTML without any of these holds, does nothing. Most of it is highlighted code, which is not read further.
_HINT = re.compile(
    rf"<(?:{'|'.join(_ELEMENTS)}|style)\b|\bon\w+\s*=|\b(?:srcdoc|style|{'|'.join((*_ADDRESSES, *_LOADED))})\s*=",
    re.IGNORECASE,
)
_TAG = re.compile(r"<([^\s/>]+)")
# A tag that acts, closed or not.
_OPENED = re.compile(
    rf"(<(?:{'|'.join(_ELEMENTS)})\b)|<[a-z][^<]*?(?:[\s/\"'](on\w+|srcdoc)\s*=|((?:javascript|vbscript):))",
    re.IGNORECASE,
)


class Inert(Treeprocessor):
    """Looks at the raw HTML that Python-Markdown has put aside, and at the elements of the tree."""

    md: GardenMarkdown

    def run(self, root: Element) -> None:
        """Escape raw HTML that acts; take what acts from the elements."""
        found = self._escape()
        raw_blocks = self.md.htmlStash.rawHtmlBlocks
        for tree in (root, *(raw for raw in raw_blocks if isinstance(raw, Element))):
            for element in tree.iter():
                found += [(what, what) for what in _disarm(element)]
        for (what, _), line in zip(found, self._lines(found), strict=True):
            does = "load from another site" if what in _LOADED else "act in the reader's browser"
            advice = "remove it, or write it between backticks to show it"
            refused = f"`{shown(what)}` is refused: it would {does}; {advice}"
            self.md.document.tell(Fault(Rule.HTML_ACTIVE, refused), line)

    def _escape(self) -> list[tuple[str, str]]:
        """Escape raw HTML that acts; return what in it does, each with the source in which it stands."""
        found: list[tuple[str, str]] = []
        unclosed: list[str] = []
        stash = self.md.htmlStash.rawHtmlBlocks
        for index, raw in enumerate(stash):
            html = raw if isinstance(raw, str) else ""
            if what := acting(html):
                stash[index] = escape(html)
                found.append((what, html))
                if (tag := _TAG.match(html)) and f"</{tag[1]}" not in html:
                    unclosed.append(f"</{tag[1]}>")
            elif html in unclosed:
                stash[index] = escape(html)
                unclosed.remove(html)
        return found

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


def shown(what: str) -> str:
    """Return what acts, as messages show it."""
    return f"{what}>" if what.startswith("<") else what


def _acts(tag: str, attributes: Iterable[tuple[str, str | None]], *, styled: bool = False) -> str | None:
    """Return what of a start tag would run or load something: the tag, an attribute or a scheme; None if nothing."""
    if tag in _ELEMENTS or (tag == "style" and not styled):
        return f"<{tag}"
    for name, value in attributes:
        if name.startswith("on") or name == "srcdoc" or (name == "style" and not styled):
            return name
        loaded = name in _LOADED or (tag in _PICTURES and name in ("href", "xlink:href"))
        if value and loaded and _ELSEWHERE.match(_SKIPPED.sub("", value)):
            return name if name in _LOADED else f"<{tag}"
        if value and name in _ADDRESSES and (scheme := _SCHEME.match(_SKIPPED.sub("", value))):
            return scheme[0].lower()
        # Elements that browsers read as text end inside the attributes of what stands in them.
        if value and "<" in value and (inner := acting(value, styled=styled)):
            return inner
    return None


def _disarm(element: Element) -> Iterator[str]:
    """Take from an element what acts, and yield it."""
    if what := _acts(element.tag, ()):
        yield what
        element.tag = "div"
    for name, value in element.items():
        if what := _acts("", [(name, value)]):
            yield what
            del element.attrib[name]


# The same few, such as icons, stand on every page.
@lru_cache(maxsize=5000)
def acting(raw: str, *, styled: bool = False) -> str | None:
    """Return what in raw HTML would run or load something; None if nothing.

    Styles count, since they move things over others and load what they name; not where it is ``styled``, as an image
    may be.
    """
    if not _HINT.search(raw):
        return None
    # What follows on the page may close a tag or a quotation that is left open here.
    return next(filter(None, (_Scanner(raw + closing, styled).found for closing in ("", ">", '">', "'>"))), None)


class _Scanner(HTMLParser):
    """Keeps the first thing found. Browsers end comments in more ways than one, so what is in them counts too."""

    def __init__(self, raw: str, styled: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.found: str | None = None
        self._styled = styled
        self.feed(raw)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or _acts(tag, attrs, styled=self._styled)

    def handle_data(self, data: str) -> None:
        """Look for tags where there are none for this parser, but for a browser: in styles, comments, declarations."""
        if "<" in data and not self.found and (opened := _OPENED.search(data)):
            self.found = next(group for group in opened.groups() if group).lower()

    def handle_comment(self, data: str) -> None:
        self.handle_data(f"<{data}")

    def handle_pi(self, data: str) -> None:
        self.handle_data(f"<{data}")

    def handle_decl(self, decl: str) -> None:
        self.handle_data(f"<{decl}")

    def unknown_decl(self, data: str) -> None:
        self.handle_data(f"<{data}")
