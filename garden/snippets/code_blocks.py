"""Blocks of code that snippets fill: each tells on the page which file it is from, and leads there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from garden.model.reference import Excerpt
from garden.source.fences import Fence
from garden.source.placeholders import HREF

_TITLE = 'title="Anti-pattern: do not copy"'
_BLOCK = re.compile(r'<div(?=[^<>]*? data-snippet="(?P<snippets>[^"<>]*)")[^<>]*>')
_DIV = re.compile(r"<div\b|</div>")


@dataclass(frozen=True, slots=True)
class ShownSnippet:
    """A snippet's file, and the region of it that a block shows; without one, the block shows the whole file.

    ``warns`` tells whether the block marks that as an anti-pattern.
    """

    path: str
    region: str = ""
    warns: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.region}" if self.region else self.path


def annotate(opening: str, fence: Fence, shown: list[ShownSnippet]) -> str:
    """Return the line that opens a ``fence`` so that its HTML names what it shows."""
    before = fence.prefix + fence.fence
    return before + attributes(opening.removeprefix(before), shown)


def attributes(header: str, shown: list[ShownSnippet]) -> str:
    """Return what stands behind a fence, with what the block shows; an anti-pattern is marked as one."""
    header = header.strip()
    language, _, rest = ("", "", header[1:-1]) if header.startswith("{") else header.partition(" ")
    parts = [f".{language}" if language else "", rest.strip()]
    if any(part.warns for part in shown):
        parts += ["" if ".antipattern" in rest else ".antipattern", "" if "title=" in rest else _TITLE]
    parts.append(f'data-snippet="{" ".join(dict.fromkeys(map(str, shown)))}"')
    return "{" + " ".join(filter(None, parts)) + "}"


def find(html: str) -> Iterator[list[ShownSnippet]]:
    """Yield what each block of a page shows, in the order of the page."""
    for match in _BLOCK.finditer(html) if "data-snippet" in html else ():
        yield _shown(match)


def decorate(html: str, frame: Callable[[int, list[ShownSnippet], str], str]) -> str:
    """Replace each block of a page by what ``frame`` makes of its number from 0, what it shows, and its HTML."""
    if "data-snippet" not in html:
        return html
    out, position = [], 0
    for number, match in enumerate(_BLOCK.finditer(html)):
        if match.start() < position:
            continue  # raw HTML that nests such blocks
        end = _end(html, match.end())
        out += [html[position : match.start()], frame(number, _shown(match), html[match.start() : end])]
        position = end
    return "".join([*out, html[position:]])


def _shown(match: re.Match[str]) -> list[ShownSnippet]:
    parts = (part.partition(":") for part in unescape(match["snippets"]).split())
    return [ShownSnippet(path, region) for path, _, region in parts]


def _end(html: str, position: int) -> int:
    """Return where the element ends whose start tag ends at ``position``."""
    depth = 1
    for tag in _DIV.finditer(html, position):
        depth += -1 if tag[0].startswith("</") else 1
        if depth == 0:
            return tag.end()
    return len(html)


def excerpt(shown: ShownSnippet) -> Excerpt:
    """Return what stands for a block in the list of the notes that show its snippet."""
    part = f"the part <code>{escape(shown.region)}</code>" if shown.region else "the whole file"
    return Excerpt(f'Shows <a href="{HREF}"><mark>{part}</mark></a>.')


def ident(number: int) -> str:
    """Return the id of a block. No heading's id holds a colon before a word."""
    return f"garden:code-{number + 1}"
