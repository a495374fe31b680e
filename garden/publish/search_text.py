"""What a search reads of a page: its sections, each as plain text, and the names in its code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

_HEADINGS = frozenset({"h2", "h3", "h4"})
# Between what stands in these and what stands around them, there is a blank.
_BLOCKS = frozenset(
    {
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "summary",
        "table",
    }
    | {"td", "th", "tr", "ul"}
)
# What a page draws, measures, asks, or repeats: other notes, computed lists, its own messages, names of files.
_SKIPPED_TAGS = frozenset({"figcaption", "form", "h1", "script", "style", "svg"})
_SKIPPED = frozenset(
    {
        ("a", "headerlink"),
        ("div", "embed"),
        ("div", "guide-map"),
        ("figure", "measured"),
        ("p", "errors-title"),
        ("table", "query"),
        ("ul", "errors"),
        ("ul", "query"),
    }
)
_BLOCK = re.compile(r"<pre(?=[\s>])")
_TAG = re.compile(r"<[^<>]*>")
# What is written as no word of prose is: with_an_underscore, inCamelCase, or called().
_NAME = re.compile(r"[^\W\d]\w*(?:_\w|(?<=[a-z])[A-Z])\w*|[^\W\d]\w+(?=\()")


@dataclass(slots=True)
class Section:
    """A heading, its id, and what stands below it up to the next; the first section of a page has no heading.

    ``code`` are the names in its code, each once. ``linked`` is how much of the text stands in links, from 0 to 1: a
    section of nothing but links tells where to read on, and answers nothing.
    """

    heading: str = ""
    ident: str = ""
    text: str = ""
    code: list[str] = field(default_factory=list)
    linked: float = 0.0


# The next build of the same process asks for most of them again.
@lru_cache(maxsize=500)
def sections(html: str) -> tuple[Section, ...]:
    """Return the sections of a page that say something, in their order."""
    text, codes = _without_code(html)
    reader = _Reader(codes)
    reader.feed(text)
    reader.close()
    reader.end()
    return tuple(section for section in reader.found if section.text or section.code or section.heading)


def names(code: str) -> list[str]:
    """Return the names in some code, each once, in their order."""
    return list(dict.fromkeys(_NAME.findall(code)))


def _without_code(html: str) -> tuple[str, list[str]]:
    """Return a page with its blocks of code empty, and what stood in them: most of its tags color code."""
    first, *rest = _BLOCK.split(html)
    text, codes = [first], []
    for part in rest:
        code, _, after = part.partition("</pre>")
        codes.append(unescape(_TAG.sub("", code.partition(">")[2])))
        text.append(after)
    return "<pre></pre>".join(text), codes


class _Reader(HTMLParser):
    def __init__(self, codes: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found = [Section()]
        self._codes = iter(codes)
        self._text: list[str] = []
        self._linked = 0
        self._in_link = False
        self._in_heading = ""
        self._skipped = ""  # the tag whose end ends what is skipped
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        code = next(self._codes, "") if tag == "pre" else ""
        if self._skipped:
            self._depth += tag == self._skipped
            return
        self.found[-1].code += names(code)
        given = dict(attrs)
        if _is_skipped(tag, given.get("class") or ""):
            self._skipped, self._depth = tag, 1
        elif tag in _HEADINGS:
            self.end()
            self.found.append(Section(ident=given.get("id") or ""))
            self._in_heading = tag
        elif tag == "a":
            self._in_link = True
        if tag in _BLOCKS:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._depth -= tag == self._skipped
            if not self._depth:
                self._skipped = ""
        elif tag == self._in_heading:
            self.found[-1].heading = self._taken()
            self._in_heading = ""
        elif tag == "a":
            self._in_link = False
        elif tag in _BLOCKS:
            self._text.append(" ")

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        self._text.append(data)
        if self._in_link:
            self._linked += len(data)

    def end(self) -> None:
        """End the section that is being read."""
        section = self.found[-1]
        section.text = self._taken()
        section.linked = min(1.0, round(self._linked / len(section.text), 2)) if section.text else 0.0
        section.code = list(dict.fromkeys(section.code))
        self._linked = 0

    def _taken(self) -> str:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        return text


def _is_skipped(tag: str, classes: str) -> bool:
    return tag in _SKIPPED_TAGS or any((tag, name) in _SKIPPED for name in classes.split())
