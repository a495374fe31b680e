"""New files: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


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
