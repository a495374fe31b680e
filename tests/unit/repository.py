"""A small repository in a folder, with the configuration of this one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
# Without the navigation and without what lies beside the notes; and notes may be short.
CONFIG = re.sub(r"^nav:.*\n(?:[ -].*\n?)*|^ +synonyms:.*\n", "", SETTINGS, flags=re.MULTILINE)
CONFIG = CONFIG.replace("fewest: 600", "fewest: 0")

Repository = Callable[..., Path]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a function that writes files, by path, and gives the folder. Its notes may be short."""

    def make(files: dict[str, str], nav: str = "") -> Path:
        own = {"mkdocs.yml": CONFIG + nav, "pyproject.toml": (ROOT / "pyproject.toml").read_text(encoding="utf-8")}
        for path, text in (own | files).items():
            file = tmp_path / "repository" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path / "repository"

    return make
