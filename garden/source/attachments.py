"""Which files below docs/ may be published: nothing that weighs too much, or that acts when a browser opens it."""

from __future__ import annotations

from pathlib import Path

from garden.model.reference import Fault
from garden.model.rules import Rule
from garden.source import svg

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".svg"})
# Browsers take these for pages, with scripts and all.
_PAGES = frozenset({".html", ".htm", ".xhtml", ".xht", ".shtml", ".xml", ".xsl", ".xslt", ".mht", ".mhtml", ".swf"})
# In kilobytes. A note of 1,500 words has ten; of an image, every reader on a telephone waits for each.
_NOTE, _IMAGE, _FILE = 500, 300, 2_000
_ADVICE = {
    _NOTE: "make it several notes",
    _IMAGE: "save it smaller, or as WebP",
    _FILE: "link to it where it is kept",
}


def refuse(file: Path) -> None:
    """Raise `Fault` if a file must not be published."""
    ending = file.suffix.lower()
    most = _NOTE if ending == ".md" else _IMAGE if ending in IMAGES else _FILE
    size = file.stat().st_size
    if size > 1_000 * most:
        what = f"has {-(-size // 1_000)} kB, and at most {most} are published; {_ADVICE[most]}"
        raise Fault(Rule.FILE_TOO_LARGE, what)
    if ending in _PAGES:
        raise Fault(Rule.FILE_TYPE, "is a page of its own, which nothing checks; write a note")
    if ending == ".svg":
        svg.refuse(file.read_bytes())
