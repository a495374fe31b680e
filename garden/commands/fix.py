"""Mend what a machine can mend: spelling of which there is no doubt, and how Markdown and Python are laid out.

    garden fix

What is left, `make check` tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from garden.commands import editor
from garden.lint import external_tools
from garden.model.settings import Settings

# Of the folders whose names begin with a dot, the only one that tools look into; and those that they leave out.
_SEEN = ".github"
_MADE = frozenset({"build", "site", "node_modules"})


def fix(root: Path, settings: Settings) -> list[str]:
    """Let each tool mend what it can in the repository at ``root``, one after the other; tell editors what is new.

    Returns the files that were mended, by their paths from the top.
    """
    before = dict(_written(root))
    for tool in external_tools.TOOLS:
        with external_tools.start(tool, tool.fix, root) as process:
            process.communicate(timeout=external_tools.SECONDS)
    editor.write(root, settings.folders)
    return sorted(path for path, when in _written(root) if before.get(path) != when)


def _written(root: Path) -> Iterator[tuple[str, int]]:
    """Yield each file that a tool may mend, with the time at which it was written last."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name == _SEEN or (not name.startswith(".") and name not in _MADE)]
        for file in (Path(folder, name) for name in names):
            yield file.relative_to(root).as_posix(), file.lstat().st_mtime_ns


def run(root: Path, settings: Settings) -> int:
    """Mend what can be, and say in which files; return how the process ends."""
    mended = fix(root, settings)
    for path in mended:
        print(f"{path}: mended")
    files = f"{len(mended)} file{'s' * (len(mended) != 1)}"
    print(f"{files} mended; make check tells what is left" if mended else "nothing to mend")
    return 0
