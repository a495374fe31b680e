"""All tests, again and again, in random order, while a core is kept busy. `make soak` runs it.

Each run has a seed that gives its order. A test that fails now and then is told with the command that repeats its run.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.pytest_run import ROOT, Run, run_pytest

RUNS = 10
SEED_BITS = 32

# Its input is a pipe that we hold: whatever ends us, `kill -9` included, closes it.
BUSY = """
import select, sys
while not select.select([sys.stdin], [], [], 0)[0]:
    sum(range(100_000))
"""


@contextmanager
def busy_core() -> Iterator[int]:
    """Keep one core busy for the length of the block, with a process that never outlives this one. Gives its id."""
    # A session of its own: Ctrl-C would end it with a traceback; the pipe ends it in silence.
    with subprocess.Popen([sys.executable, "-I", "-c", BUSY], stdin=subprocess.PIPE, start_new_session=True) as process:
        yield process.pid


def random_order(seed: int) -> list[str]:
    """Return what makes pytest run in random order; pyproject.toml switches that off otherwise."""
    return ["-p", "randomly", f"--randomly-seed={seed}"]


def line(number: int, run: Run, seed: int) -> str:
    """Return what a run came to, and the names of what failed."""
    counts = f"{run.passed} passed, {run.failed} failed, {run.skipped} skipped"
    return "\n".join(
        [f"run {number}: {counts}, {run.seconds:.0f} s, seed {seed}", *(f"    {name}" for name in run.failures)]
    )


def tally(runs: Sequence[tuple[int, Run]], paths: Sequence[str]) -> str:
    """Return how many runs failed, and for each test that did, how often and how to repeat it. Takes (seed, run)."""
    seeds: dict[str, list[int]] = {}
    for seed, run in runs:
        for name in run.failures:
            seeds.setdefault(name, []).append(seed)
    lines = [f"{len(runs)} runs, {sum(run.failed > 0 for _, run in runs)} with failures"]
    for name, failed in seeds.items():
        again = " ".join([".venv/bin/python -m pytest", *random_order(failed[0]), *paths])
        lines += [f"{name}: failed in {len(failed)} of {len(runs)}", f"    again: {again}"]
    return "\n".join(lines)


def main(words: Sequence[str] | None = None, folder: Path = ROOT) -> int:
    """Run the tests as often as asked, print what came of it, and return the exit status: 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.soak")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often (%(default)s)")
    parser.add_argument("paths", nargs="*", default=["tests"], help="which tests (all)")
    asked = parser.parse_args(words)
    runs: list[tuple[int, Run]] = []
    stopped = False
    try:
        with busy_core():
            for number in range(1, asked.runs + 1):
                seed = secrets.randbits(SEED_BITS)
                run = run_pytest(sys.executable, ["--tb=short", *random_order(seed), *asked.paths], folder=folder)
                runs.append((seed, run))
                if run.failed:
                    print(run.details)
                print(line(number, run, seed), flush=True)
    except KeyboardInterrupt:
        print(f"stopped in run {len(runs) + 1}")
        stopped = True
    print(f"\n{tally(runs, asked.paths)}")
    return 130 if stopped else int(any(run.failed for _, run in runs))


if __name__ == "__main__":
    sys.exit(main())
