"""The map of the whole guide: its notes by topic, with a dot each that is the larger, the more notes link there.

A fenced block of the language ``map`` becomes it. What is written in the block stands above the notes of no topic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from garden.links.graph import Graph, by_title
from garden.model.note import Note
from garden.pages.graph_svg import WIDTH, dot, label, line, middle, svg

_LARGEST, _SMALLEST = 22, 5  # dots, in pixels
_REACH = 4 / 3 * (WIDTH - 4)  # where a curve has to aim, so that the widest turns just inside the drawing


def topics(found: Mapping[str, Sequence[str]], notes: Mapping[str, Note]) -> dict[str, list[Note]]:
    """Return the notes of each topic. ``found`` has the paths of these, in reading order; the empty topic comes first.

    Written notes that are in no topic stand in the empty one.
    """
    grouped = {"": [notes[path] for path in found.get("", ()) if path in notes]}
    for name, paths in found.items():
        grouped[name] = [notes[path] for path in paths if path in notes]
    placed = {note for group in grouped.values() for note in group}
    grouped[""] += sorted((note for note in notes.values() if not note.generated and note not in placed), key=by_title)
    return {name: group for name, group in grouped.items() if group}


def draw(grouped: Mapping[str, Sequence[Note]], rest: str, graph: Graph, address: Callable[[Note], str]) -> str:
    """Return the map. ``rest`` is the name of the empty topic."""
    rows: list[Note | None] = []
    parts: list[str] = []
    inbound = {note: len(graph.incoming(note)) for group in grouped.values() for note in group}
    for name, group in grouped.items():
        shown = escape(name or rest)
        rows.append(None)
        labels = "\n".join(
            label(len(rows) + number, note, address(note), behind=f' <span class="count">{inbound[note]}</span>')
            for number, note in enumerate(group)
        )
        rows += group
        parts.append(f'<p class="topic">{shown}</p>\n<ul aria-label="{shown}">\n{labels}\n</ul>\n')
    most = max(inbound.values(), default=0) or 1
    places = {note: (row, middle(row, len(rows))) for row, note in enumerate(rows) if note}
    dots = [
        dot(WIDTH, y, max(_SMALLEST, round(_LARGEST * math.sqrt(inbound[note] / most), 1)), address(note))
        for note, (_, y) in places.items()
    ]
    drawing = svg("graph-lines", [*_curves(places, graph, len(rows)), *dots])
    return f'<div class="guide-map">\n{drawing}\n<div class="guide-map-rows">\n{"".join(parts)}</div>\n</div>'


def _curves(places: Mapping[Note, tuple[int, int]], graph: Graph, rows: int) -> Iterable[str]:
    """Yield a curve for each two notes that link to each other; others would be too many to follow."""
    for note, (row, start) in places.items():
        back = set(graph.incoming(note))
        for other in graph.outgoing(note):
            if other in back and other in places and places[other][0] > row:
                below, end = places[other]
                x = round(WIDTH - _REACH * math.sqrt((below - row) / rows))
                yield line(f"M{WIDTH} {start}C{x} {start} {x} {end} {WIDTH} {end}", row, below)
