"""This repository, and its snippets."""

from __future__ import annotations

from pathlib import Path

from garden.snippets import catalog
from garden.snippets.catalog import Snippet

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "snippets"


def all_snippets() -> list[Snippet]:
    """Return every snippet of this repository, in the order of their keys."""
    return catalog.all_snippets(FOLDER)
