"""What lies around a note: the notes it is linked with, by how close they are, and those one step further."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from garden.links.graph import Graph, by_title
from garden.model.note import Note

# More could not be read at a glance.
NEAR = 10
FAR = 7
# How many links of a neighbor are followed: a note that everybody links to would cost the more, the more there are.
_FOLLOWED = 40


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A note one step away. ``there``: a link leads to it; ``back``: one comes from it."""

    note: Note
    there: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """What is drawn around a note.

    ``far`` are notes two steps away; ``lines`` are pairs of indexes, from ``near`` to ``far``. ``more_near`` and
    ``more_far`` count those that are left out.
    """

    near: tuple[Neighbor, ...]
    far: tuple[Note, ...]
    lines: tuple[tuple[int, int], ...]
    more_near: int
    more_far: int


class Neighbors:
    """The notes of a build by how close they are.

    Two notes are the closer, the greater the share of its links that each spends on the other: a note that links to
    everything is close to nothing.
    """

    def __init__(self, notes: Iterable[Note], graph: Graph) -> None:
        links = [
            (backlink.source, note, len(backlink.mentions)) for note in notes for backlink in graph.backlinks(note)
        ]
        spent: Counter[Note] = Counter()
        for source, _, mentions in links:
            spent[source] += mentions
        ties: dict[Note, dict[Note, float]] = {}
        for source, target, mentions in links:
            for one, other in ((source, target), (target, source)):
                close = ties.setdefault(one, {})
                close[other] = close.get(other, 0.0) + mentions / spent[source]
        self._near = {
            note: sorted(close, key=lambda other, close=close: (-close[other], by_title(other)))  # type: ignore[misc]
            for note, close in ties.items()
        }
        self._graph = graph

    def around(self, note: Note) -> Neighborhood:
        """Return what to draw around ``note``: of its own kind first, snippets around a snippet."""
        near = self._near.get(note, [])
        shown = near[:NEAR]
        known = {note, *near}
        reached: dict[Note, list[int]] = {}
        for index, neighbor in enumerate(shown):
            for other in self._near[neighbor][:_FOLLOWED]:
                if other not in known:
                    reached.setdefault(other, []).append(index)
        far = sorted(
            reached, key=lambda other: (other.generated != note.generated, -len(reached[other]), by_title(other))
        )
        # Beside what they are reached from, so that few lines cross.
        drawn = sorted(far[:FAR], key=lambda other: (sum(reached[other]) / len(reached[other]), by_title(other)))
        there, back = set(self._graph.outgoing(note)), set(self._graph.incoming(note))
        return Neighborhood(
            near=tuple(Neighbor(other, other in there, other in back) for other in shown),
            far=tuple(drawn),
            lines=tuple((start, end) for end, other in enumerate(drawn) for start in reached[other]),
            more_near=len(near) - len(shown),
            more_far=len(far) - len(drawn),
        )
