"""What a page says of itself: where it stands, how old it is, how long it takes, how to cite it, where to read on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from garden.publish.citation import Citation, spoken


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page or a section by its title; a section has no address."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """One reading path: its name and the address of its list, the place of the page on it, and the pages beside."""

    name: str
    url: str
    position: int
    count: int
    previous: Crumb | None
    following: Crumb | None


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, and what happened on it."""

    what: str
    day: datetime.date

    @property
    def spoken(self) -> str:
        """The day as it is written in a sentence."""
        return spoken(self.day)


@dataclass(frozen=True, slots=True)
class About:
    """What templates show of a page. All addresses are relative to it but that of the ``image``, which is whole.

    ``crumbs`` lead from the top to the page itself. ``minutes`` is 0 for a page that is no note.
    """

    crumbs: tuple[Crumb, ...]
    dates: tuple[Dated, ...]
    minutes: int
    markdown: str
    citation: Citation
    legs: tuple[Leg, ...]
    image: str
