"""Draws a record as SVG: bars, dots and stacks for kinds of things, lines for sizes.

Each label stands at what it names. A drawing is narrow, so that it fits a phone without small print: names of rows
stand above what they name, not beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape

from garden.records.records import Figure, Record, rounded

_WIDTH = 480
_NAME = 22  # the height of a line of text
_BAR = 18
_GAP = 10
_VALUE = 50  # room for the number behind the longest bar
_LETTER = 8.5  # the width of a letter, if most of them are wide
_HEIGHT = 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 190, 20, 50


def bars(record: Record, column: str) -> str:
    """Return a bar for each row, with its number behind it and its spread as a thin line."""
    most = max(figure.high for (_, key), figure in record.figures.items() if key == column) or 1.0
    scale = (_WIDTH - _VALUE) / most
    step = _NAME + _BAR + _GAP
    parts: list[str] = []
    for index, (row, name) in enumerate(record.rows.items()):
        figure, y = record.figures[row, column], index * step + _NAME
        parts += [
            _text(0, y - 6, name),
            f'<rect x="0" y="{y}" width="{figure.middle * scale:.1f}" height="{_BAR}"/>',
            _line((figure.low * scale, y + 9), (figure.high * scale, y + 9), "spread"),
            _text(figure.high * scale + 6, y + 14, str(figure)),
        ]
    return _svg(record, f"{record.columns[column]}, by {record.header}", len(record.rows) * step, parts)


def dots(record: Record, columns: list[str]) -> str:
    """Return a dot for each figure, on a scale on which each line is ten times the one before; none may be 0."""
    figures = [record.figures[row, column] for row in record.rows for column in columns]
    least, most = min(figure.low for figure in figures), max(figure.high for figure in figures)
    first, last = math.ceil(math.log10(least)), math.floor(math.log10(most))
    first, last = (first, last) if first < last else (math.floor(math.log10(least)), math.ceil(math.log10(most)))
    start = min(math.log10(least), first)
    scale = (_WIDTH - 30) / (max(math.log10(most), last) - start or 1.0)

    def x(value: float) -> float:
        return 15 + (math.log10(value) - start) * scale

    step = _NAME * (1 + len(columns)) + _GAP
    bottom = len(record.rows) * step
    parts = []
    for power in range(first, last + 1):
        at = x(10.0**power)
        parts.append(_line((at, 0), (at, bottom), "grid" if power else "grid one"))
        parts.append(_text(at, bottom + 18, f"{10**power:,}" if power > 0 else f"{10.0**power:g}", "middle"))
    parts.append(_text(_WIDTH / 2, bottom + 40, "each line is ten times the one before it", "middle"))
    for index, (row, name) in enumerate(record.rows.items()):
        parts.append(_text(0, index * step + 17, name, kind="name"))
        for number, column in enumerate(columns):
            figure, y = record.figures[row, column], index * step + _NAME * (number + 1) + 10
            label = f"{figure} {record.columns[column]}" if len(columns) > 1 else str(figure)
            right = x(figure.high) + 10 + len(label) * _LETTER < _WIDTH
            parts += [
                f'<g class="series-{number % 4 + 1}">',
                _line((x(figure.low), y), (x(figure.high), y), "spread"),
                f'<circle cx="{x(figure.middle):.1f}" cy="{y}" r="5"/></g>',
                _text(x(figure.high) + 10, y + 5, label) if right else _text(x(figure.low) - 10, y + 5, label, "end"),
            ]
    named = ", ".join(record.columns[column] for column in columns)
    return _svg(record, f"{named}, by {record.header}, on a logarithmic scale", bottom + 46, parts)


def stack(record: Record, columns: list[str]) -> str:
    """Return a bar for each row, all of the same length, with a part for each column: what the whole is made of."""
    step = _NAME + _BAR + _GAP + 4
    parts, at = [], 0.0
    for number, column in enumerate(columns):
        name = record.columns[column]
        parts.append(f'<g class="series-{number % 4 + 1}"><rect x="{at:.1f}" y="3" width="14" height="14"/></g>')
        parts.append(_text(at + 20, 16, name))
        at += 20 + (len(name) + 2) * _LETTER
    for index, (row, name) in enumerate(record.rows.items()):
        y = index * step + 2 * _NAME + 8
        parts.append(_text(0, y - 6, name))
        whole = sum(record.figures[row, column].middle for column in columns) or 1.0
        at = 0.0
        for number, column in enumerate(columns):
            figure = record.figures[row, column]
            width = figure.middle / whole * _WIDTH
            if not width:
                continue
            shape = f'<rect x="{at:.1f}" y="{y}" width="{width:.1f}" height="{_BAR + 4}"/>'
            label = f"{figure.middle:.0f}"
            inside = _text(at + width / 2, y + 16, label, "middle") if width > len(label) * 11 else ""
            parts.append(f'<g class="series-{number % 4 + 1}">{shape}{inside}</g>')
            at += width
    named = ", ".join(record.columns[column] for column in columns)
    height = len(record.rows) * step + _NAME + 8
    return _svg(record, f"{named}, by {record.header}", height, parts, "plot stack")


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
        *(_text(x(row), _HEIGHT - 28, row, "middle") for row in record.rows),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 7, record.header, "middle"),
    ]
    ends = _apart([y(record.figures[list(record.rows)[-1], column].middle) for column in columns])
    for number, column in enumerate(columns):
        figures = {row: record.figures[row, column] for row in record.rows}
        points = " ".join(f"{x(row):.1f},{y(figure.middle):.1f}" for row, figure in figures.items())
        parts.append(f'<g class="series-{number % 4 + 1}"><polyline points="{points}"/>')
        parts += [_mark(x(row), figure, y) for row, figure in figures.items()]
        parts.append(_text(_WIDTH - _RIGHT + 10, ends[number] + 5, record.columns[column]) + "</g>")
    named = ", ".join(record.columns[column] for column in columns)
    return _svg(record, f"{named}, by {record.header}", _HEIGHT, parts)


def _grid(most: float, y: Callable[[float], float]) -> Iterator[str]:
    """Yield lines at round values from zero up, each with its value."""
    step = 10 ** math.floor(math.log10(most))
    step = next(size for size in (step / 5, step / 2, step, step * 2) if most / size <= 5)
    for count in range(math.floor(most / step) + 1):
        at = y(count * step)
        yield _line((_LEFT, at), (_WIDTH - _RIGHT, at), "grid")
        yield _text(_LEFT - 8, at + 5, rounded(count * step), "end")


def _mark(x: float, figure: Figure, y: Callable[[float], float]) -> str:
    spread = _line((x, y(figure.low)), (x, y(figure.high)), "spread")
    return f'{spread}<circle cx="{x:.1f}" cy="{y(figure.middle):.1f}" r="4"/>'


def _apart(places: list[float], gap: float = 20.0) -> list[float]:
    """Move labels down where they would cover each other; the order stays."""
    moved = dict.fromkeys(range(len(places)), 0.0)
    least = 0.0
    for index in sorted(moved, key=lambda index: places[index]):
        moved[index] = max(places[index], least)
        least = moved[index] + gap
    return list(moved.values())


def _line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    return f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(record: Record, description: str, height: float, parts: list[str], kind: str = "plot") -> str:
    named = f"<title>{escape(record.title)}</title><desc>{escape(description)}. The table below has the numbers.</desc>"
    return f'<svg class="{kind}" role="img" viewBox="0 0 {_WIDTH} {height}">{named}{"".join(parts)}</svg>'
