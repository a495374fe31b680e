"""A built site as a reviewer sees it: what each page says, where its links lead, and what is proved of each snippet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

# What follows from other pages, and would tell of each change twice.
_COMPUTED = frozenset(
    {
        ("section", "backlinks"),
        ("section", "around"),
        ("p", "tally"),
        ("ul", "query"),
        ("table", "query"),
        ("dl", "errors"),
    }
)
# What the theme puts around a note begins so: days, what to read next, how to cite.
_AROUND = "guide-"
# What stands below code depends on what was tested, and on this build.
_ABOUT_CODE = "figcaption"
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_PLACE = "https://site.invalid/"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, the words of its article, and where that leads; places on this site begin with ``/``."""

    title: str
    text: str
    links: frozenset[str]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A snippet: the hash of its source, where its page is, and in words what is proved of it."""

    digest: str
    page: str
    proof: str


@dataclass(frozen=True, slots=True)
class Site:
    """The pages that people write, by address, and the snippets, by path."""

    pages: dict[str, Page]
    snippets: dict[str, Snippet]


def read(folder: Path) -> Site:
    """Read a built site."""
    snippets = _snippets(folder / "snippets.json")
    made = {snippet.page for snippet in snippets.values()} | {"/snippets/"}
    pages = {}
    for file in sorted(folder.rglob("*.html")):
        address = "/" + file.relative_to(folder).as_posix().removesuffix("index.html")
        if address not in made and file.name != "404.html":
            pages[address] = _page(file.read_text(encoding="utf-8"), address)
    return Site(pages, snippets)


def _snippets(file: Path) -> dict[str, Snippet]:
    if not file.is_file():
        return {}
    entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["snippets"]
    return {
        entry["path"]: Snippet(entry["sha256"], f"/{entry['page']}", _proof(entry.get("proof"))) for entry in entries
    }


def _proof(proof: dict[str, Any] | None) -> str:
    if proof is None:
        return "not verified in this build"
    count = len(proof["tests"])
    text = f"{count} test{'' if count == 1 else 's'} passed {proof['day']}"
    if proof["servers"]:
        text += f" on {', '.join(proof['servers'])}"
    if proof["skipped"]:
        text += f"; {len(proof['skipped'])} did not run"
    browser = proof.get("browser")
    return text + ("; runs in the browser" if browser and browser["runs"] else "")


def _page(html: str, address: str) -> Page:
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return Page(" ".join(reader.title.split()), " ".join("".join(reader.text).split()), frozenset(reader.links))


class _Reader(HTMLParser):
    """Reads the article of a page, without what is computed from other pages."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.title = ""
        self.text: list[str] = []
        self.links: set[str] = set()
        self._address = _PLACE + address.lstrip("/")
        self._open: list[str] = []
        self._depth = 0  # how many elements are open in the article, itself included
        self._skipping = 0  # the depth at which something that does not count was opened
        self._titled = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if not self._depth and tag != "article":
            return
        self.text.append(" ")
        if tag not in _VOID:
            self._depth += 1
            self._open.append(tag)
        if self._skipping:
            return
        if tag == _ABOUT_CODE or "headerlink" in classes or self._follows(tag, classes):
            self._skipping = self._depth
        elif tag == "a" and "href" in given:
            self._link(given["href"])
        elif tag == "h1" and not self.title:
            self._titled = self._depth
        elif tag == "img":
            self.text.append(f"{given.get('alt', '')} ")

    def _follows(self, tag: str, classes: set[str]) -> bool:
        return any((tag, name) in _COMPUTED or name.startswith(_AROUND) for name in classes)

    def _link(self, written: str) -> None:
        try:
            whole = urljoin(self._address, written)
            outside = not whole.startswith(_PLACE)
            if not outside or urlsplit(whole).scheme in ("http", "https", "mailto"):
                self.links.add(whole if outside else "/" + whole.removeprefix(_PLACE))
        except ValueError:
            self.links.add(written)  # no address at all; the build has told

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that were never closed."""
        if tag not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            if self._skipping == self._depth:
                self._skipping = 0
            if self._titled == self._depth:
                self._titled = 0
            self._depth -= 1
            if closed == tag:
                break
        self.text.append(" ")

    def handle_data(self, data: str) -> None:
        """Take the words."""
        if not self._depth or self._skipping:
            return
        self.text.append(data)
        if self._titled:
            self.title += data
