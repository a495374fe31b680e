"""Draws what lies around a note: three columns, from the note over its neighbors to those one step further."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from garden.links.related import Neighbor, Neighborhood
from garden.model.note import Note
from garden.pages.graph_svg import WIDTH, dot, label, line, middle, svg

_DOT = 8
_WAYS = {(True, True): ("↔", "both ways"), (True, False): ("→", "to"), (False, True): ("←", "from")}
_BEND = 25  # where the line that leads down from the note turns to its neighbors


def section(found: Neighborhood, note: Note, address: Callable[[Note], str]) -> str:
    """Return the section of a page; empty if nothing lies around ``note``. ``address`` is that of a note."""
    if not found.near:
        return ""
    near = [
        label(number, other.note, address(other.note), _way(other), _file(other.note))
        for number, other in enumerate(found.near)
    ]
    far = [
        label(len(near) + number, other, address(other), behind=_file(other)) for number, other in enumerate(found.far)
    ]
    what = "this snippet" if note.generated else "this note"
    drawn = [_column("One step away", "near", near)]
    if far:
        drawn += [svg("graph-lines", _lines(found, address)), _column("Two steps away", "far", far)]
    return (
        f'\n<section class="around" aria-labelledby="garden:around">\n<h2 id="garden:around">Around {what}</h2>\n'
        f'<div class="graph">\n{svg("graph-fan", _fan(len(near)))}\n{"".join(drawn)}</div>\n'
        f'<p class="graph-legend">{_legend(found, what)}</p>\n</section>\n'
    )


def _way(neighbor: Neighbor) -> str:
    sign, name = _WAYS[neighbor.there, neighbor.back]
    return f'<span class="way" role="img" aria-label="{name}">{sign}</span>'


def _file(note: Note) -> str:
    """Return the name of a snippet's file: a note may have the title of its snippet."""
    return f" <code>{escape(note.meta.aliases[-1])}</code>" if note.generated and note.meta.aliases else ""


def _column(name: str, kind: str, labels: list[str]) -> str:
    ident, rows = f"garden:{kind}", "\n".join(labels)
    return (
        f'<p class="graph-head-{kind}" id="{ident}">{name}</p>\n'
        f'<ul class="graph-{kind}" aria-labelledby="{ident}">\n{rows}\n</ul>\n'
    )


def _fan(rows: int) -> list[str]:
    """Return a line from the note, which stands above the drawing, to each of its neighbors."""
    heights = [middle(row, rows) for row in range(rows)]
    return [line(f"M{_BEND} 0V{y - 12}Q{_BEND} {y} {WIDTH} {y}", row) for row, y in enumerate(heights)]


def _lines(found: Neighborhood, address: Callable[[Note], str]) -> list[str]:
    starts = [middle(row, len(found.near)) for row in range(len(found.near))]
    ends = [middle(row, len(found.far)) for row in range(len(found.far))]
    half = WIDTH // 2
    return [
        *(
            line(f"M0 {starts[a]}C{half} {starts[a]} {half} {ends[b]} {WIDTH} {ends[b]}", a, len(starts) + b)
            for a, b in found.lines
        ),
        *(dot(0, y, _DOT, address(other.note)) for y, other in zip(starts, found.near, strict=True)),
        *(dot(WIDTH, y, _DOT, address(other)) for y, other in zip(ends, found.far, strict=True)),
    ]


def _legend(found: Neighborhood, what: str) -> str:
    ways = f"→ {what} links there, ← it is linked from there, ↔ both."
    steps = ((found.more_near, "one step away"), (found.more_far, "two steps away"))
    more = [f"{number} more {where}" for number, where in steps if number]
    return f"{ways} Not drawn: {' and '.join(more)}." if more else ways
