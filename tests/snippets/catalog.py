"""This repository, and its snippets."""

from __future__ import annotations

from pathlib import Path

from garden.snippets import catalog
from garden.snippets.catalog import Snippet
from garden.source.settings import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "snippets"
SETTINGS = load(ROOT / "mkdocs.yml")


def all_snippets() -> list[Snippet]:
    """Return every snippet of this repository, in the order of their keys."""
    return catalog.all_snippets(FOLDER.parent, SETTINGS)


def snippet(path: Path) -> Snippet:
    """Return the snippet in a file, with the settings of this site."""
    return Snippet(path, SETTINGS)
