"""A note: one Markdown file below docs/, read once."""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Search:
    """How much a page counts in the search, beside the others; those that are excluded cannot be found there."""

    boost: float = 1.0
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a note says of itself above its text.

    ``moved_from`` are addresses that its page had before; ``paths`` are those of its headings that reading paths stand
    below.
    """

    title: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    reviewed: datetime.date | None = None
    hide: tuple[str, ...] = ()
    search: Search | None = None
    moved_from: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what is set, with lists for tuples and a mapping for how to search, as templates expect."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: _plain(value) for name, value in values if value}


def _plain(value: object) -> object:
    if isinstance(value, Search):
        return asdict(value)
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """One note.

    ``path`` is relative to the notes' folder, with forward slashes and ``.md``. ``shown`` is the path in messages.
    ``url`` is the address of its page from the top of the site, percent-encoded. ``body`` is the text below the
    front matter; its first line is line ``first_line`` of the file. A ``generated`` note is the page of a snippet:
    links find it by its aliases alone, and its own links count as little as those of a query. ``tests`` are the tests
    that it lists, by name, each with what became of it. ``head`` is the front matter as it is written, from line 2 on.
    """

    path: str
    shown: str
    url: str
    title: str
    body: str
    first_line: int = 1
    meta: FrontMatter = field(default_factory=FrontMatter)
    generated: bool = False
    tests: Mapping[str, str] = field(default_factory=dict)
    head: str = ""

    @property
    def name(self) -> str:
        """The file name without ``.md``."""
        return posixpath.basename(self.path).removesuffix(".md")

    @property
    def folder(self) -> str:
        """The folder that holds the note, relative to the notes' folder; empty at the top."""
        return posixpath.dirname(self.path)
