"""The navigation in mkdocs.yml: the notes that it names, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.site import CONFIG
from garden.source.suggest import Suggester, did_you_mean


@dataclass(frozen=True, slots=True)
class Entry:
    """A note in the navigation: its path, the line, and where the path begins and ends in the file's text."""

    path: str
    line: int
    start: int
    end: int


def entries(text: str) -> list[Entry]:
    """Return the notes that the navigation of a mkdocs.yml names, in its order."""
    return [
        Entry(node.value, node.start_mark.line + 1, node.start_mark.index, node.end_mark.index)
        for node in _leaves(_value(yaml.compose(text), "nav"))
        if node.value.endswith(".md")
    ]


def problems(config: Path, notes: Mapping[str, Note]) -> Iterator[Problem]:
    """Yield what is wrong: a name in the navigation that is none of ``notes``, one that is missing."""
    text = config.read_text(encoding="utf-8")
    nearest = Suggester(lambda: {path: path for path in notes})
    named = entries(text)
    meant = set()
    for entry in named:
        if entry.path in notes:
            meant.add(entry.path)
        else:
            close = nearest(entry.path)
            advice = did_you_mean(close, "remove it, or write the note", "{}")
            what = f"the navigation names {entry.path}, which is no note; {advice}"
            yield Problem(CONFIG, entry.line, Rule.NAVIGATION_MISSING, what)
            # It is in the menu as soon as that is mended.
            meant.add(close or "")
    # Without a navigation, MkDocs makes one of all notes.
    missing = notes.keys() - meant if named else ()
    for note in (notes[path] for path in missing if not notes[path].generated):
        what = f"is in no menu; add it to `nav` in {CONFIG}: {note.path}"
        yield Problem(note.shown, 1, Rule.NOTE_UNLISTED, what)


def _value(mapping: Any, key: str) -> Any:
    """Return the node below a key; None if there is none."""
    pairs = mapping.value if isinstance(mapping, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _leaves(child)
    elif isinstance(node, yaml.MappingNode):
        for _, child in node.value:
            yield from _leaves(child)
