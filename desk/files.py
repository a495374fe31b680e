"""New files: all of them or none, and what in them is to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_ASKED = re.compile(r"^(?:%% (?P<comment>.*) %%|# (?P<key>[a-z]+: .*)|.*  # fill in: (?P<code>.*))$")


class Refused(ValueError):
    """A file that cannot be written; the text says why, and what to write instead."""


def create(texts: Mapping[Path, str]) -> list[Path]:
    """Write new files; raise `Refused`, and write none, if one of them is there already."""
    for file in texts:
        if file.exists() or file.is_symlink():
            raise Refused(f"{file.name} is in {file.parent} already; choose another name")
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(texts)


def told(shown: str, text: str) -> Iterator[str]:
    """Yield where a new file asks for something, and for what, as an editor understands it."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := _ASKED.match(line):
            yield f"{shown}:{number}: fill in: {next(filter(None, found.groups()))}"
