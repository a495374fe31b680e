"""What a search reads of a page: its sections, each as plain text, and the names in its code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from garden.publish import page_tokens
from garden.publish.page_tokens import Tokens

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
_MAY_BE_SKIPPED = frozenset(tag for tag, _ in _SKIPPED)
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


def sections(tokens: Tokens) -> tuple[Section, ...]:
    """Return the sections of a page that say something, in their order."""
    reader = _Reader()
    reader.read(tokens)
    return tuple(section for section in reader.found if section.text or section.code or section.heading)


def names(code: str) -> list[str]:
    """Return the names in some code, each once, in their order."""
    return list(dict.fromkeys(_NAME.findall(code)))


class _Reader:
    def __init__(self) -> None:
        self.found = [Section()]
        self._text: list[str] = []
        self._linked = 0
        self._in_link = False
        self._in_heading = ""

    def read(self, tokens: Tokens) -> None:
        """Read a page from beginning to end."""
        skipped, depth = "", 0  # the tag whose end ends what is skipped, and how many of them are open
        for tag, written, text, code in tokens:
            if skipped:
                depth += (tag == skipped) - (tag == f"/{skipped}")
                if depth:
                    continue
                skipped = ""
            elif tag.startswith("/"):
                self._end(tag[1:])
            elif tag:
                if code:
                    self.found[-1].code += names(code)
                if _is_skipped(tag, written):
                    skipped, depth = tag, 1
                else:
                    self._begin(tag, written)
                if tag in _BLOCKS:
                    self._text.append(" ")
            if text and not skipped:
                data = unescape(text)
                self._text.append(data)
                self._linked += len(data) if self._in_link else 0
        self._finish()

    def _begin(self, tag: str, written: str) -> None:
        if tag in _HEADINGS:
            self._finish()
            self.found.append(Section(ident=dict(page_tokens.attributes(written)).get("id", "")))
            self._in_heading = tag
        elif tag == "a":
            self._in_link = True

    def _end(self, tag: str) -> None:
        if tag == self._in_heading:
            self.found[-1].heading = self._taken()
            self._in_heading = ""
        elif tag == "a":
            self._in_link = False
        elif tag in _BLOCKS:
            self._text.append(" ")

    def _finish(self) -> None:
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


def _is_skipped(tag: str, written: str) -> bool:
    if tag not in _MAY_BE_SKIPPED or "class" not in written:
        return tag in _SKIPPED_TAGS
    classes = dict(page_tokens.attributes(written)).get("class", "")
    return any((tag, name) in _SKIPPED for name in classes.split())
