"""Reads built pages as a browser would: elements, ids, where links lead, what could act."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin

if TYPE_CHECKING:
    from tests.unit.conftest import Site

Attributes = dict[str, str]
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_ACTIVE = frozenset({"script", "iframe", "object", "embed", "base", "meta", "link", "form", "frame", "applet"})
_TOP = "https://site.test/"


class _Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Attributes]] = []
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)


# Several questions are asked of a page, one after the other.
_read = lru_cache(maxsize=64)(_Elements)


def elements(html: str) -> list[tuple[str, Attributes]]:
    """Return each element's name and attributes, in the order of the page."""
    return _read(html).found


def ids(html: str) -> list[str]:
    """Return every id of a page."""
    return [attributes["id"] for _, attributes in elements(html) if "id" in attributes]


def _anchors(html: str) -> list[str]:
    return [attributes["name"] for tag, attributes in elements(html) if tag == "a" and "name" in attributes]


def links(html: str) -> list[str]:
    """Return where the links of a page lead."""
    return [attributes["href"] for tag, attributes in elements(html) if tag == "a" and "href" in attributes]


def excerpts(html: str) -> dict[str, list[str]]:
    """Return what each note that links here says, by its title as shown."""
    section = html.partition('<section class="backlinks"')[2]
    entries = re.findall(
        r'<a class="backlinks-source" href="[^"]*">(.*?)</a>\n<ul>(.*?)</ul></li>\n', section, re.DOTALL
    )
    return {title: re.findall(r"<li>(.*?)</li>", found, re.DOTALL) for title, found in entries}


def marked(html: str) -> dict[str, list[str]]:
    """Return `excerpts` as a reader sees them, with what is marked between asterisks."""
    return {
        title: [re.sub(r"<[^<>]*>", "", re.sub("</?mark>", "*", excerpt)) for excerpt in found]
        for title, found in excerpts(html).items()
    }


def assert_sound(site: Site) -> None:
    """No id stands twice on a page, elements close in order, and every link leads to a page and a place in it."""
    build = site.build
    pages = {build.notes[path].url: html for path, html in site.pages.items()}
    there = {address: set(ids(html)) | set(_anchors(html)) for address, html in pages.items()}
    files = {unquote(file) for file in site.files}
    for address, html in pages.items():
        assert [name for name, count in Counter(ids(html)).items() if count > 1] == [], address
        read = _read(html)
        assert (read.open, read.misplaced) == ([], []), address
        for tag, attributes in read.found:
            target = attributes.get("href" if tag == "a" else "src" if tag == "img" else "")
            if target is not None:
                _assert_leads(urljoin(_TOP + address, target), there, files, f"{address} → {target}")


def _assert_leads(target: str, there: dict[str, set[str]], files: set[str], what: str) -> None:
    if not target.startswith(_TOP):
        assert target.startswith(("http:", "https:", "mailto:", "tel:", "data:image/")), what
        return
    page, place = urldefrag(target.removeprefix(_TOP))
    if page in there:
        assert not place or unquote(place) in there[page], what
    else:
        assert unquote(page) in files, what


def assert_inert(pages: Iterable[str]) -> None:
    """Nothing in a page would run: no element, no attribute, no address."""
    for html in pages:
        for tag, attributes in elements(html):
            assert tag not in _ACTIVE, html
            for name, value in attributes.items():
                assert not name.startswith("on"), html
                assert name != "srcdoc", html
                scheme = re.sub(r"[\x00-\x20]", "", value).lower()
                if name in ("href", "src", "action", "formaction", "data"):
                    assert not re.match(r"javascript:|vbscript:|file:|data:(?!image/)", scheme), html


def body(html: str) -> str:
    """Return what stands on a page between its title and what lies around it."""
    below = re.sub(r"^<h1\b.*?</h1>\n?", "", html, count=1, flags=re.DOTALL)
    return re.split(r'\n<section class="(?:around|backlinks)"', below)[0].strip()
