"""Which tests a change needs: all of them, unless nothing but prose has changed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

# Notes, their images, and what people read in the repository. Scripts and records in these folders are no prose.
_PROSE = re.compile(r"docs/(?:.+/)?[^/]+\.(?:md|png|jpe?g|gif|webp|avif|svg)|(?:.+/)?[^/]+\.md|LICENSES?(?:/.+)?")
# These are Markdown, and what they say is tested.
_TESTED = frozenset({"docs/how-it-works.md"})


def changed(root: Path, base: str) -> list[str]:
    """Return the files that differ from the commit ``base``, old and new names alike; raise CalledProcessError."""
    command = ["git", "diff", "--name-only", "--no-renames", "-z", base, "HEAD"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    return [path for path in done.stdout.decode("utf-8", "surrogateescape").split("\0") if path]


def reason(paths: Iterable[str]) -> str:
    """Return the first file that needs every test; empty if none does."""
    return next((path for path in paths if path in _TESTED or not _PROSE.fullmatch(path)), "")
