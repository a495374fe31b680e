"""What git has to be told: files that were written are in no commit before somebody adds them."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path


def command(paths: Iterable[str]) -> str:
    """Return the command that adds the files at ``paths``, counted from the top."""
    return shlex.join(["git", "add", *sorted(paths)])


def is_known(root: Path, path: str) -> bool:
    """Tell whether git knows the file at ``path``: of one that is gone and was never added, it can be told nothing."""
    asked = ["git", "ls-files", "--error-unmatch", "--", path]
    return subprocess.run(asked, cwd=root, capture_output=True, check=False).returncode == 0
