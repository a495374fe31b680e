"""What stands beside the text of a note on its page: who links there, and what lies around it."""

from __future__ import annotations

from dataclasses import dataclass

from garden.links.graph import Graph
from garden.links.related import Neighbors
from garden.model.note import Note
from garden.pages import fragments, related
from garden.pages.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Margin:
    """HTML: what lies ``around`` a note, and the list of notes that link to it.

    ``tally`` tells how many these are: a link to their list.
    """

    tally: str
    around: str
    backlinks: str


class Margins:
    """The margins of the pages of one build: longer than many a note, so each is made when its page is written."""

    def __init__(self, addresses: Addresses, links: Graph) -> None:
        self._addresses = addresses
        self._links = links
        self._neighbors = Neighbors(addresses.documents, links)

    def of(self, note: Note) -> Margin:
        """Return the margin of a note's page."""
        found, address = self._links.backlinks(note), self._addresses.seen_from(note)
        return Margin(
            tally=fragments.backlink_count(found),
            around=related.section(self._neighbors.around(note), note, address),
            backlinks=fragments.backlinks((backlink, address(backlink.source)) for backlink in found),
        )
