"""The sentence or list item around a link, with its markup, cut from the tree of a rendered note."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from xml.etree.ElementTree import Element

from garden.model.reference import Excerpt
from garden.source.placeholders import HREF

# An excerpt keeps these and no attributes: nothing in it can act, refer elsewhere or repeat an id.
_KEPT = frozenset({"em", "strong", "code", "del", "ins", "sub", "sup", "kbd", "mark", "i", "b", "s", "u", "q", "var"})
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "label", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
})  # fmt: skip
_STASHED = re.compile(
    "\x02(?:amp\x03(?:#(?P<entity>\\d+);)?|(?P<char>\\d+)\x03|wzxhzdk:(?P<raw>\\d+)\x03|[^\x02\x03]*\x03)"
)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[^\sa-z])|(?<=[。！？])[」』”’）]*(?=.)")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|etc|approx|incl|no|fig|sec|ca|Mr|Mrs|Ms|Dr|St)\.|\b[A-Z]\.)\s+$")
# A sentence longer than this on one side of its link is cut at a word. Bounds the work for each link as well.
_REACH = 240

Stash = Sequence[str | Element]


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    text: str
    path: tuple[Element, ...]


def context(link: Element, parents: dict[Element, Element]) -> Element:
    """Return the element whose text surrounds ``link``: its paragraph, list item, heading or table row."""
    element = parents[link]
    while element.tag not in _CONTEXTS:
        element = parents[element]
    return element


def unstash(text: str, stash: Stash, *, code: bool = False) -> str:
    """Return text without Python-Markdown's stand-ins: characters and entities restored, raw HTML dropped.

    What stands in ``code`` is kept by Python-Markdown as HTML.
    """

    def restored(match: re.Match[str]) -> str:
        if number := match["char"] or match["entity"]:
            return chr(int(number))
        if not match["raw"]:
            return "&" if match[0].startswith("\x02amp") else ""
        raw = stash[int(match["raw"])]
        html = raw if isinstance(raw, str) else ""
        return _TAG.sub("", html) if code else unescape(html) if html.startswith("&") else ""

    text = _STASHED.sub(restored, text) if "\x02" in text else text
    return unescape(text) if code else text


def hidden(element: Element) -> bool:
    """Tell whether an element is no part of the text: a permalink or a footnote's number."""
    return element.get("class") in ("headerlink", "footnote-ref", "footnote-backref")


# A row stands for its cells.
_CONTEXTS = BLOCKS - {"td", "th"}


class Passage:
    """The running text of one block, from which excerpts are cut."""

    def __init__(self, block: Element, stash: Stash) -> None:
        self._stash = stash
        self._runs: list[_Run] = []
        self._length = 0
        self._spans: dict[Element, tuple[int, int]] = {}
        self._read(block, (), top=True)
        text = "".join(run.text for run in self._runs)
        self._text = text
        self._starts = [run.start for run in self._runs]
        self._breaks = [0]
        if block.tag not in ("li", "tr", "dt", "dd") or len(text) > 2 * _REACH:
            self._breaks += [
                m.end()
                for m in _SENTENCE.finditer(text)
                if not _ABBREVIATION.search(text, max(0, m.end() - 12), m.end())
            ]
        self._breaks.append(len(text))

    def _add(self, text: str | None, path: tuple[Element, ...]) -> None:
        code = bool(path) and path[-1].tag == "code"
        text = _SPACE.sub(" ", unstash(text or "", self._stash, code=code))
        if self._runs and self._runs[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self._runs.append(_Run(self._length, text, path))
            self._length += len(text)

    def _read(self, element: Element, path: tuple[Element, ...], *, top: bool = False) -> None:
        """Collect the text of an element and of what is inline in it. A loop, since nesting is the author's."""
        self._add(element.text, path)
        stack: list[tuple[Element, tuple[Element, ...], int]] = [(element, path, 0)]
        row = top and element.tag == "tr"
        while stack:
            parent, here, position = stack.pop()
            if position == len(parent):
                if parent is not element:
                    self._close(parent, here)
                    self._add(parent.tail, here[:-1])
                continue
            stack.append((parent, here, position + 1))
            child = parent[position]
            if hidden(child) or (child.tag in BLOCKS and not (row and child.tag in ("td", "th"))):
                self._add(child.tail, here)
                continue
            if row and child.tag in ("td", "th") and any(not run.text.isspace() for run in self._runs):
                self._add("· ", here)
            inner = (*here, child)
            self._spans[child] = (self._length, self._length)
            self._add(child.get("alt") if child.tag == "img" else " " if child.tag == "br" else child.text, inner)
            stack.append((child, inner, 0))

    def _close(self, element: Element, path: tuple[Element, ...]) -> None:
        start = self._spans[element][0]
        if element.tag == "a" and start == self._length:
            self._add("…", path)  # a picture
        self._spans[element] = (start, self._length)

    def sentence(self, link: Element) -> tuple[int, int]:
        """Return where the sentence around ``link`` begins and ends."""
        start, end = self._spans.get(link, (0, 0))
        after = bisect_right(self._breaks, max(start, end - 1))
        first = self._breaks[max(0, bisect_right(self._breaks, start) - 1)]
        return first, self._breaks[after] if after < len(self._breaks) else self._length

    def cut(self, bounds: tuple[int, int], links: list[Element]) -> Excerpt:
        """Return the text between ``bounds`` with ``links`` marked; the first of them carries the address."""
        start, end = bounds
        spans = [self._spans.get(link, (start, start)) for link in links]
        first, last = spans[0]
        end = start + len(self._text[start:end].rstrip())
        cut_start, cut_end = max(start, first - _REACH), min(end, min(last, first + _REACH) + _REACH)
        if cut_start > start:
            cut_start = self._text.find(" ", cut_start, first) + 1 or cut_start
        if cut_end < end:
            space = self._text.rfind(" ", first, cut_end)
            cut_end = space if space > 0 else cut_end
        marked = {link: f'<a href="{HREF}"><mark>' if i == 0 else "<mark>" for i, link in enumerate(links)}
        html = "".join(self._html(cut_start, cut_end, marked)).strip()
        return Excerpt(f"{'… ' if cut_start > start else ''}{html}{' …' if cut_end < end else ''}")

    def _html(self, start: int, end: int, marked: dict[Element, str]) -> list[str]:
        out: list[str] = []
        first = max(0, bisect_right(self._starts, start) - 1)
        opened: tuple[Element, ...] = ()
        for run in self._runs[first:]:
            if run.start >= end:
                break
            text = run.text[max(0, start - run.start) : end - run.start]
            shared = next((i for i, (a, b) in enumerate(zip(opened, run.path, strict=False)) if a is not b), None)
            shared = min(len(opened), len(run.path)) if shared is None else shared
            out += [_closing(element, marked) for element in reversed(opened[shared:])]
            out += [_opening(element, marked) for element in run.path[shared:]]
            out.append(escape(text, quote=False))
            opened = run.path
        out += [_closing(element, marked) for element in reversed(opened)]
        return out


def _opening(element: Element, marked: dict[Element, str]) -> str:
    if element in marked:
        return marked[element]
    return f"<{element.tag}>" if element.tag in _KEPT else ""


def _closing(element: Element, marked: dict[Element, str]) -> str:
    if element in marked:
        return "</mark></a>" if marked[element].startswith("<a") else "</mark>"
    return f"</{element.tag}>" if element.tag in _KEPT else ""
