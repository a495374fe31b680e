"""Words that a note does without: filler, praise, and long words for short ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import prose

_FILLER = Rule.WORD_FILLER, "adds nothing; leave it out"
_PRAISE = Rule.WORD_PRAISE, "is praise that no test has shown; say what the thing does"
_UNNAMED = Rule.WORD_PRAISE, "names nobody and no reason; say who does it, and why"
_TODO = Rule.WORD_TODO, "is left to do; do it, or write it as a comment, between %% and %%"


@dataclass(frozen=True, slots=True)
class _Words:
    """Words, as a pattern without groups in which a blank is also a line's end, with their rule and what to say."""

    pattern: str
    rule: Rule
    what: str


def _long(instead: str) -> tuple[Rule, str]:
    return Rule.WORD_LONG, f"is the long way to say it; write `{instead}`"


# Few, and none that is right as often as it is wrong.
_ALL = (
    _Words(r"it is (?:important|worth) (?:to note|noting|mentioning)", *_FILLER),
    _Words(r"it should be noted|please note|needless to say|(?-i:Note) that", *_FILLER),
    _Words(r"simply|basically|obviously|of course", *_FILLER),
    # What has just run is another matter.
    _Words(r"(?<!has\s)(?<!have\s)(?<!had\s)just (?:add|call|do|import|make|put|run|set|use|write)", *_FILLER),
    _Words(r"powerful|seamless(?:ly)?|effortless(?:ly)?|robust|rock-solid|battle-tested", *_PRAISE),
    _Words(r"blazing(?:ly)?|cutting-edge|state-of-the-art|world-class|game-changer", *_PRAISE),
    _Words(r"best practices?", *_UNNAMED),
    _Words(r"(?:leverag|utili[sz])(?:e[ds]?|ing)", *_long("use")),
    _Words(r"(?-i:(?<!\[!)(?:TODO|FIXME|XXX))", *_TODO),
    _Words(r"in order to", *_long("to")),
    _Words(r"due to the fact that", *_long("because")),
    _Words(r"prior to", *_long("before")),
)
_BLANK = r"[\s>]+"
_ANY = "|".join(f"({words.pattern})" for words in _ALL).replace(" ", _BLANK)
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
        words = _ALL[(found.lastindex or 1) - 1]
        text_found = re.sub(_BLANK, " ", found[0])
        yield Problem(note.shown, line, words.rule, f"`{text_found}` {words.what}")
