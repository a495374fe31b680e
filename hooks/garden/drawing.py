"""Draws the stages of a build, one below another, with a line for each thing that one gives and others take.

A thing's line begins below the stage that gives it and ends at the last one that takes it; a dot is where it is taken.
Problems have a line of their own, at the right. An empty block of the language ``stages`` is the drawing, above a table
that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .stage import PROBLEMS, Stage, shown

FENCE = "stages"
_LANE = 10
_LEFT = 7
# A letter of a name in a wide type, the space beside the name, and the room for the line of problems at the right.
_LETTER, _BESIDE, _RIGHT = 8.5, 8, 28
_STAGE, _THING = 30, 19  # heights of a stage and of a thing


@dataclass(slots=True)
class _Thing:
    """What flows between stages. ``born`` is the stage that gives it first, -1 for what a build is given."""

    name: str
    born: int
    last: int
    lane: int = 0


def block(stages: Sequence[Stage]) -> str:
    """Return the drawing of ``stages``, and its table."""
    return f'<figure class="stages">{_drawing(stages)}{_table(stages)}</figure>'


def _things(stages: Sequence[Stage]) -> list[_Thing]:
    """Return what flows, in the order in which it appears, each on the first lane that is free for all of its way."""
    found: dict[str, _Thing] = {}
    for index, stage in enumerate(stages):
        for name in stage.takes:
            found.setdefault(name, _Thing(name, -1, index)).last = index
        for name in stage.gives:
            if name != PROBLEMS:
                found.setdefault(name, _Thing(name, index, index))
    things = sorted(found.values(), key=lambda thing: thing.born)
    ends: list[int] = []
    for thing in things:
        free = (lane for lane, end in enumerate(ends) if end < thing.born)
        thing.lane = next(free, len(ends))
        ends[thing.lane : thing.lane + 1] = [_end(thing, stages)]
    return things


def _end(thing: _Thing, stages: Sequence[Stage]) -> int:
    """Return the stage up to which a thing's line runs: what nobody takes leaves the build."""
    return len(stages) if thing.last == thing.born else thing.last


def _drawing(stages: Sequence[Stage]) -> str:
    things = _things(stages)
    text = _LEFT + (max(thing.lane for thing in things) + 1) * _LANE + 4
    right = text + round(_LETTER * max(len(_name(index, stage)) for index, stage in enumerate(stages))) + 2 * _BESIDE
    problems, width = right + _RIGHT // 2, right + _RIGHT
    tops, labels, bottom = _rows(stages, things)
    parts = []
    for thing in things:
        x, start, end = _x(thing), labels[thing.name], _end(thing, stages)
        stop = bottom if end == len(stages) else tops[end] + _STAGE / 2
        takers = [i for i, stage in enumerate(stages) if thing.name in stage.takes]
        parts += [
            f'<g class="series-{thing.lane % 4 + 1}"><polyline points="{text - 4},{start} {x},{start} {x},{stop}"/>',
            *(_taken(x, tops[i] + _STAGE / 2, text) for i in takers),
            f'</g><text class="thing" x="{text}" y="{start + 5}">{escape(shown(thing.name))}</text>',
        ]
    for index, stage in enumerate(stages):
        parts += _stage(_name(index, stage), tops[index], text, right, problems if PROBLEMS in stage.gives else 0)
    first = next((tops[i] for i, stage in enumerate(stages) if PROBLEMS in stage.gives), 0)
    parts.append(f'<polyline class="problems" points="{problems},{first + _STAGE / 2} {problems},{bottom}"/>')
    parts.append(f'<text x="0" y="{bottom + 18}">for the site</text>')
    parts.append(f'<text class="told" x="{width}" y="{bottom + 18}" text-anchor="end">problems, printed</text>')
    return (
        f'<svg class="plot" role="img" viewBox="0 0 {width} {bottom + 26}"><title>The stages of a build</title>'
        f"<desc>{len(stages)} stages in their order, with what each takes and gives. The table below says the same."
        f"</desc>{''.join(parts)}</svg>"
    )


def _rows(stages: Sequence[Stage], things: Sequence[_Thing]) -> tuple[list[int], dict[str, int], int]:
    """Return where each stage begins, where each thing's name stands, and where the last row ends."""
    tops, labels, at = [], {}, 10
    for index in range(-1, len(stages)):
        if index >= 0:
            tops.append(at)
            at += _STAGE
        for thing in things:
            if thing.born == index:
                labels[thing.name] = at + _THING // 2
                at += _THING
        at += 8
    return tops, labels, at


def _x(thing: _Thing) -> int:
    return _LEFT + thing.lane * _LANE


def _taken(x: int, y: float, text: int) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{text}" y2="{y}"/><circle cx="{x}" cy="{y}" r="4"/>'


def _name(index: int, stage: Stage) -> str:
    return f"{index + 1}. {stage.does}"


def _stage(name: str, top: int, left: int, right: int, problems: int) -> list[str]:
    """Return a stage; ``problems`` is where the line of problems is, 0 for a stage that finds none."""
    parts = [
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{_STAGE}" rx="4"/>',
        f'<text class="name" x="{left + _BESIDE}" y="{top + 20}">{escape(name)}</text>',
    ]
    if problems:
        y = top + _STAGE / 2
        line = f'<line x1="{right}" y1="{y}" x2="{problems}" y2="{y}"/>'
        parts.append(f'<g class="problems">{line}<circle cx="{problems}" cy="{y}" r="4"/></g>')
    return parts


def _table(stages: Sequence[Stage]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Stage", "Takes", "Gives", "Runs", "In"))
    rows = "".join(
        f'<tr><th scope="row">{index}. {escape(stage.does)}</th><td>{_listed(stage.takes)}</td>'
        f"<td>{_listed(stage.gives)}</td><td>{stage.when.value}</td><td>{_files(stage)}</td></tr>"
        for index, stage in enumerate(stages, 1)
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<details><summary>The same as a table</summary>{table}</details>"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(escape(shown(name)) for name in names)


def _files(stage: Stage) -> str:
    return ", ".join(f"<code>{escape(module)}.py</code>" for module in stage.modules)
