"""How long `make check` takes for 60, 500 and 2,000 notes: seconds of the clock and of the processor, and per note.

python -m tools.bench.check
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from garden.commands import check
from tools.bench.vault import ROOT, write_small

SIZES = (60, 500, 2_000)


def measure(notes: int) -> tuple[float, float]:
    """Return the seconds, of the clock and of all processes, that a check of so many notes takes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_small(root, notes, engine=True)
        shutil.copy(ROOT / "pyproject.toml", root)
        before, began = os.times(), time.monotonic()
        check.problems(root)
        after, ended = os.times(), time.monotonic()
    return ended - began, sum(after[:4]) - sum(before[:4])


def main() -> None:
    """Print a line for each size."""
    for notes in SIZES:
        clock, processor = measure(notes)
        print(
            f"{notes:5d} notes   {clock:6.1f} s   {processor:6.1f} CPU s   {1000 * processor / notes:5.1f} ms a note",
            flush=True,
        )


if __name__ == "__main__":
    main()
