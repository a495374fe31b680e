"""Measure: `python -m measurements [name …]`. `make measure` runs it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from measurements.program import Program
from measurements.rounds import TooNoisy, measure

FOLDER = Path(__file__).parent
KEPT = FOLDER.parent / "build" / "measure"
NAMES = ("connect", "three_ways", "size_sweep", "checkout", "hold_time", "fork_outcomes", "fairness")


def main(names: list[str]) -> int:
    """Run the programs with these names, or all; return the exit status."""
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no program is called {unknown[0]}; they are {', '.join(NAMES)}")
        return 2
    status = 0
    for name in names or NAMES:
        program: Program = importlib.import_module(f"measurements.{name}").PROGRAM
        try:
            file = measure(program, FOLDER, KEPT)
            print(f"{name}: {file.relative_to(FOLDER.parent)} is written")
        except TooNoisy as reason:
            print(reason)
            status = 1
        except KeyboardInterrupt:
            print(f"{name}: stopped; the rounds that are done are kept, and the next run goes on")
            return 130
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
