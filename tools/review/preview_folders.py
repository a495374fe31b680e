"""The folder of previews: one for each run, named by its number and its commit; the oldest leave."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

KEPT = 20
_NAME = re.compile(r"(?P<run>[1-9]\d{0,9})-[0-9a-f]{40}")


def place(site: Path, previews: Path, name: str) -> list[str]:
    """Copy a checked site to ``previews/name``; return the names of those that have left. Raise ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a preview; write the run's number, a dash, its commit")
    # The host takes the files as they are, and would leave out those that begin with an underscore.
    (previews / ".nojekyll").touch()
    target = previews / name
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(site, target)
    there = [file for file in previews.iterdir() if _NAME.fullmatch(file.name)]
    there.sort(key=_run, reverse=True)
    left = there[KEPT:]
    for folder in left:
        shutil.rmtree(folder)
    return [folder.name for folder in left]


def _run(folder: Path) -> int:
    return int(folder.name.partition("-")[0])
