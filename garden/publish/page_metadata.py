"""What a page says of itself: where it stands, how old it is, how long it takes, how to cite it, where to read on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from garden.publish.citation import Citation, in_words


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    """A page or a section by its title; a section has no address."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReadingPathStep:
    """One reading path: its name and the address of its list, the place of the page on it, and the pages beside."""

    name: str
    url: str
    position: int
    count: int
    previous: Breadcrumb | None
    following: Breadcrumb | None


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A day, and what happened on it."""

    what: str
    day: datetime.date

    @property
    def in_words(self) -> str:
        """The day as it is written in a sentence."""
        return in_words(self.day)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What templates show of a page. All addresses are relative to it but that of the ``image``, which is whole.

    ``breadcrumbs`` lead from the top to the page itself. ``minutes`` is 0 for a page that is no note.
    """

    breadcrumbs: tuple[Breadcrumb, ...]
    dates: tuple[DatedEvent, ...]
    minutes: int
    markdown: str
    citation: Citation
    path_steps: tuple[ReadingPathStep, ...]
    image: str
