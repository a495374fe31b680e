"""Lines and dots beside a list whose rows are equally high: they are stretched to its height, whatever that is.

The labels are the list itself: so they wrap, grow with the reader's letters, never cover each other and are read aloud.
A text in a drawing is none of this. The drawing is for the eye, and hidden from screen readers and from the keyboard.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from garden.model.note import Note

# Both sides of a drawing, in its own units; it is stretched.
WIDTH, HEIGHT = 100, 1000


def middle(row: int, rows: int) -> int:
    """Return the height at which a row of a list has its middle."""
    return round((row + 0.5) / rows * HEIGHT)


def line(path: str, *ends: int) -> str:
    """Return a line. Pointing at one of its ``ends``, which are numbers of labels, lights it up."""
    return f'<path data-ends="{" ".join(map(str, ends))}" d="{path}"/>'


def dot(x: int, y: int, size: float, address: str) -> str:
    """Return a dot of ``size`` pixels, however the drawing is stretched, that leads to ``address``.

    It is a line with round ends, so short that nobody sees its length; without any, it could not be pointed at.
    """
    return f'<a href="{escape(address)}" tabindex="-1"><path stroke-width="{size:g}" d="M{x} {y}h.1"/></a>'


def svg(kind: str, parts: Iterable[str]) -> str:
    """Return the drawing."""
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
    return f'<svg class="{kind}" aria-hidden="true" {box}>{"".join(parts)}</svg>'


def label(number: int, note: Note, address: str, before: str = "", behind: str = "") -> str:
    """Return a row of the list: a link to ``note``, with what stands around it."""
    link = f'<a href="{escape(address)}">{escape(note.title)}</a>'
    return f'<li data-node="{number}">{before}<span>{link}{behind}</span></li>'
