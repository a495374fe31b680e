"""Places that are still to fill in: what `make note` and `make snippet` have left for somebody to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.settings import Folders
from garden.source import loader

_ASKED = re.compile(r"(?:%%|#) fill in: (?P<what>.*?)(?: %%)?$")


def fill_ins(shown: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each comment ``%% fill in: … %%`` or ``# fill in: …`` in a text."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := _ASKED.search(line):
            yield Problem(shown, number, Rule.NOTE_UNFINISHED, f"fill in: {found['what']}")


def problems(root: Path, folders: Folders) -> Iterator[Problem]:
    """Yield a problem for each place in the notes, the snippets and their tests that is to fill in."""
    for folder, names in (("docs", "*.md"), (folders.snippets, "*.py"), (folders.tests, "*.py")):
        for file in sorted((root / folder).rglob(names)):
            # A link may lead anywhere; others tell what is wrong with it.
            if file.is_file() and not file.is_symlink():
                shown = file.relative_to(root).as_posix()
                yield from fill_ins(shown, loader.text(file.read_bytes()))
