"""Folders that are made once, and named after what they are made of."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *texts: str) -> str:
    """Return what changes when one of the files, or of the texts, does."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode())
    for file in files:
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]


def fresh(place: Path) -> Path:
    """Return an empty folder beside ``place``, which takes its name once it is complete."""
    new = place.with_name(f"{place.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new
