"""Figures typed into prose: nobody measured them, or nobody will notice when they are no longer true."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import fences
from .note import Note
from .problem import Problem
from .reader import COMMENT

_FIGURE = re.compile(
    r"(?<![\w.,-])\d[\d.,]*[ \u00a0]?"
    r"(?:%|×|(?:percent|times|ms|milliseconds?|µs|microseconds?|s|seconds?|minutes?|hours?|[KMG]i?B|kilobytes?|megabytes?"
    r"|gigabytes?|(?:requests|connections|connects|statements|queries|rows) (?:per|a|each|every))\b)"
)
# Code, addresses, and what a link leads to.
_NO_PROSE = re.compile(r"`+[^`]*`+|\]\([^()]*\)|<[^<>]*>|https?://\S+|\[\[[^\[\]]*\]\]|^[ \t>]*\[[^\[\]]+\]:.*")


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each line of a note's prose with a figure of speed, size or count in it."""
    if not any(digit in note.body for digit in "0123456789"):
        return
    body = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), note.body)
    lines = body.split("\n")
    for fence in fences.scan(lines):
        end = len(lines) if fence.end is None else fence.end
        lines[fence.start : end] = [""] * (end - fence.start)
    for index, line in enumerate(lines):
        if found := _FIGURE.search(_NO_PROSE.sub(" ", line)):
            what = (
                f"`{found[0]}` is a figure typed by hand; name it from a record, `= record.row.column`, or leave it out"
            )
            yield Problem(note.shown, note.first_line + index, what)
