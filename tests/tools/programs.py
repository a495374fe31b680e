"""Where the programs are that only CI needs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.conftest import missing


def program(name: str) -> str:
    """Return where a program of tools/requirements-ci.txt is; without it the test is skipped, in CI failed."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        missing(f"{name} is missing: `.venv/bin/pip install --require-hashes -r tools/requirements-ci.txt`")
    return found
