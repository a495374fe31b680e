"""Kept outputs that are older than a snippet which was changed since the last commit."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.settings import Folders


def problems(root: Path, folders: Folders) -> Iterator[Problem]:
    """Yield a problem, which may wait, for each snippet that has changed and whose output was not kept since.

    Only a file that git calls changed counts: of the others, times say when they were checked out. `make outputs`
    makes the output newer than its snippet, also if that prints what it did.
    """
    for path in _changed(root, folders.snippets):
        snippet = root / path
        output = snippet.with_suffix(".out")
        if output.is_file() and snippet.is_file() and output.stat().st_mtime < snippet.stat().st_mtime:
            key = f"{snippet.parent.name}/{snippet.stem}"
            what = f"has changed since its output was kept; run `make outputs ONLY={key}`"
            yield Problem(path, 1, Rule.SNIPPET_OUTPUT_STALE, what)


def _changed(root: Path, folder: str) -> list[str]:
    """Return the snippets that git calls changed or new, by their paths; none where there is no git."""
    command = ["git", "ls-files", "-z", "--modified", "--others", "--exclude-standard", "--", f"{folder}/*/*.py"]
    try:
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return []
    return [path for path in dict.fromkeys(found.stdout.split("\0")) if path.count("/") == folder.count("/") + 2]
