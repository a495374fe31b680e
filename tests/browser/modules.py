"""What npm brings for the tests: the checkers of accessibility and of valid HTML."""

from __future__ import annotations

import functools
from pathlib import Path

from garden.runtime import make, node, npm
from tests.conftest import missing


def modules(folder: Path, failure: str) -> Path:
    """Return the folder of the modules that the lock in ``folder`` names; skip the test if they cannot be brought."""
    found = _brought(folder, failure)
    if isinstance(found, str):
        missing(found)
    return found


@functools.cache
def _brought(folder: Path, failure: str) -> Path | str:
    """Return the folder, or in one line why there is none: npm waits more than a minute for an answer, once."""
    try:
        return npm.install(folder, make.ROOT / "build", node.find(make.CACHE), failure)
    except node.Unavailable as error:
        return " ".join(str(error).split())
