"""The prose of a note: what is left of its lines without code, comments, addresses and the names of linked notes."""

from __future__ import annotations

import re

from garden.model.note import Note
from garden.source import fences
from garden.source.loader import COMMENT

# Code; a link to another site with its text, which is mostly somebody else's title; addresses; what a link leads to.
_NO_PROSE = re.compile(
    r"`+[^`]*`+|\[[^\[\]]*\]\(https?:[^()]*\)|\]\([^()]*\)|<[^<>]*>|https?://\S+"
    r"|\[\[[^\[\]|]*(?:\\?\||\]\])|^[ \t>]*\[[^\[\]]+\]:.*"
)


def lines(note: Note) -> list[str]:
    """Return the lines of a note's body, as many as there are, with nothing but prose in them."""
    return [_NO_PROSE.sub(" ", line) for line in markdown(note)]


def markdown(note: Note) -> list[str]:
    """Return the lines of a note's body, as many as there are, without comments and fenced blocks."""
    return fences.blanked(without_comments(note).split("\n"))


def without_comments(note: Note) -> str:
    """Return a note's body with as many lines as it has, but without comments."""
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), note.body)
