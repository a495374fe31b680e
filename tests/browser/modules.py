"""What npm brings for the tests: the checkers of accessibility and of valid HTML."""

from __future__ import annotations

from pathlib import Path

from garden.runtime import make, node, npm
from tests.conftest import missing


def modules(folder: Path, failure: str) -> Path:
    """Return the folder of the modules that the lock in ``folder`` names; skip the test if they cannot be brought."""
    try:
        return npm.bring(folder, make.ROOT / "build", node.find(make.CACHE), failure)
    except node.Unavailable as error:
        missing(str(error))
