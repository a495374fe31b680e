"""Words that a note does without: filler, praise, and long words for short ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from garden.model.note import Note
from garden.model.problem import Problem
from garden.source import prose

_FILLER = "adds nothing; leave it out"
_PRAISE = "is praise that no test has shown; say what the thing does"
_LONG = "is the long way to say it; write `{}`"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words, as a pattern without groups in which a blank is also a line's end, and what to say of them."""

    words: str
    what: str


# Few, and none that is right as often as it is wrong.
_RULES = (
    _Rule(r"it is (?:important|worth) (?:to note|noting|mentioning)", _FILLER),
    _Rule(r"it should be noted|please note|needless to say|(?-i:Note) that", _FILLER),
    _Rule(r"simply|basically|obviously|of course", _FILLER),
    # What has just run is another matter.
    _Rule(r"(?<!has\s)(?<!have\s)(?<!had\s)just (?:add|call|do|import|make|put|run|set|use|write)", _FILLER),
    _Rule(r"powerful|seamless(?:ly)?|effortless(?:ly)?|robust|rock-solid|battle-tested", _PRAISE),
    _Rule(r"blazing(?:ly)?|cutting-edge|state-of-the-art|world-class|game-changer", _PRAISE),
    _Rule(r"best practices?", "names nobody and no reason; say who does it, and why"),
    _Rule(r"(?:leverag|utili[sz])(?:e[ds]?|ing)", _LONG.format("use")),
    _Rule(r"(?-i:(?<!\[!)(?:TODO|FIXME|XXX))", "is left to do; do it, or write it as a comment, between %% and %%"),
    _Rule(r"in order to", _LONG.format("to")),
    _Rule(r"due to the fact that", _LONG.format("because")),
    _Rule(r"prior to", _LONG.format("before")),
)
_BLANK = r"[\s>]+"
_ANY = "|".join(f"({rule.words})" for rule in _RULES).replace(" ", _BLANK)
_WORDS = re.compile(rf"(?<![\w.-])(?:{_ANY})(?![\w-])", re.IGNORECASE)


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each of these words in a note's prose, at the line in which it begins."""
    if not _WORDS.search(note.body):
        return
    text = "\n".join(prose.lines(note))
    line, counted = note.first_line, 0
    for found in _WORDS.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        rule = _RULES[(found.lastindex or 1) - 1]
        words = re.sub(_BLANK, " ", found[0])
        yield Problem(note.shown, line, f"`{words}` {rule.what}")
