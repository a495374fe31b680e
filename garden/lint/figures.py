"""Figures typed into prose: nobody measured them, or nobody will notice when they are no longer true."""

from __future__ import annotations

import re
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import prose

_FIGURE = re.compile(
    r"(?<![\w.,-])\d[\d.,]*[ \u00a0]?"
    r"(?:%|×|(?:percent|times|ms|milliseconds?|µs|microseconds?|s|seconds?|minutes?|hours?|[KMG]i?B|kilobytes?|megabytes?"
    r"|gigabytes?|(?:requests|connections|connects|statements|queries|rows) (?:per|a|each|every))\b)"
)


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each figure of speed, size or count in a note's prose."""
    if not any(digit in note.body for digit in "0123456789"):
        return
    for index, line in enumerate(prose.lines(note)):
        for found in _FIGURE.finditer(line):
            advice = (
                "name it from a record, `= record.row.column`, write one from documentation as code, or leave it out"
            )
            what = f"`{found[0]}` is a figure typed by hand; {advice}"
            yield Problem(note.shown, note.first_line + index, Rule.FIGURE_TYPED, what)
