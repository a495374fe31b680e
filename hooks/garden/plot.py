"""Draws a record as SVG: bars for kinds of things, lines for sizes. Each label stands at what it names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape

from .records import Figure, Record, rounded

_WIDTH = 640
_ROW = 30
_LABEL = 220  # room for the names of the bars
_VALUE = 60  # room for the number behind the longest bar
_HEIGHT = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 170, 20, 45


def bars(record: Record, column: str) -> str:
    """Return a bar for each row, with its number behind it and its spread as a thin line."""
    most = max(figure.high for (_, key), figure in record.figures.items() if key == column) or 1.0
    scale = (_WIDTH - _LABEL - _VALUE) / most
    parts: list[str] = []
    for index, (row, name) in enumerate(record.rows.items()):
        figure, y = record.figures[row, column], index * _ROW
        parts += [
            _text(_LABEL - 8, y + 20, name, "end"),
            f'<rect x="{_LABEL}" y="{y + 6}" width="{figure.median * scale:.1f}" height="18"/>',
            _line((_LABEL + figure.low * scale, y + 15), (_LABEL + figure.high * scale, y + 15), "spread"),
            _text(_LABEL + figure.high * scale + 6, y + 20, str(figure)),
        ]
    return _svg(record, f"{record.columns[column]}, by {record.header}", len(record.rows) * _ROW + 4, parts)


def lines(record: Record, columns: list[str]) -> str:
    """Return a line for each column over the rows, whose keys are sizes; sizes that double are equally far apart."""
    sizes = {row: math.log2(float(row)) for row in record.rows}
    least, span = min(sizes.values()), max(sizes.values()) - min(sizes.values()) or 1.0
    most = max(record.figures[row, column].high for row in record.rows for column in columns) or 1.0
    height = _HEIGHT - _TOP - _BOTTOM

    def x(row: str) -> float:
        return _LEFT + (sizes[row] - least) / span * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + height * (1 - value / most)

    parts = [
        *_grid(most, y),
        *(_text(x(row), _HEIGHT - 24, row, "middle") for row in record.rows),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 5, record.header, "middle"),
    ]
    ends = _apart([y(record.figures[list(record.rows)[-1], column].median) for column in columns])
    for number, column in enumerate(columns):
        figures = {row: record.figures[row, column] for row in record.rows}
        points = " ".join(f"{x(row):.1f},{y(figure.median):.1f}" for row, figure in figures.items())
        parts.append(f'<g class="series-{number % 4 + 1}"><polyline points="{points}"/>')
        parts += [_mark(x(row), figure, y) for row, figure in figures.items()]
        parts.append(_text(_WIDTH - _RIGHT + 10, ends[number] + 4, record.columns[column]) + "</g>")
    named = ", ".join(record.columns[column] for column in columns)
    return _svg(record, f"{named}, by {record.header}", _HEIGHT, parts)


def _grid(most: float, y: Callable[[float], float]) -> Iterator[str]:
    """Yield lines at round values from zero up, each with its value."""
    step = 10 ** math.floor(math.log10(most))
    step = next(size for size in (step / 5, step / 2, step, step * 2) if most / size <= 5)
    for count in range(math.floor(most / step) + 1):
        at = y(count * step)
        yield _line((_LEFT, at), (_WIDTH - _RIGHT, at), "grid")
        yield _text(_LEFT - 8, at + 4, rounded(count * step), "end")


def _mark(x: float, figure: Figure, y: Callable[[float], float]) -> str:
    spread = _line((x, y(figure.low)), (x, y(figure.high)), "spread")
    return f'{spread}<circle cx="{x:.1f}" cy="{y(figure.median):.1f}" r="3.5"/>'


def _apart(places: list[float], gap: float = 18.0) -> list[float]:
    """Move labels down where they would cover each other; the order stays."""
    moved = dict.fromkeys(range(len(places)), 0.0)
    least = 0.0
    for index in sorted(moved, key=lambda index: places[index]):
        moved[index] = max(places[index], least)
        least = moved[index] + gap
    return list(moved.values())


def _line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    return f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(record: Record, description: str, height: float, parts: list[str]) -> str:
    named = f"<title>{escape(record.title)}</title><desc>{escape(description)}. The table below has the numbers.</desc>"
    return f'<svg class="plot" role="img" viewBox="0 0 {_WIDTH} {height}">{named}{"".join(parts)}</svg>'
