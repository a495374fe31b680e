"""What a build costs beside plain MkDocs: processor time and memory, for generated notes; the machine may be busy.

    python -m tools.bench.engine                             # the four goals, about 15 minutes
    python -m tools.bench.engine --notes 500 --pairs 3       # fewer of them
    python -m tools.bench.engine --growth                    # does the cost of a note stay the same to 10,000 notes?

Both builds use the extensions and the options of mkdocs.yml. The one has wikilinks, backlinks with their context,
queries, a search, Markdown, pictures, an archive and all checks; the other has the same texts with ordinary links,
Material as it comes, and MkDocs' own search and link validation. They are built in turns, each in a process of its own
and into an empty folder; figures are what the system counted for that process: its processor time (user and system) and
its largest resident memory. Quote the ratios: seconds are those of this machine. A goal that is missed makes the exit
status 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.bench import vault

PICTURES = ".cache/social"
GROWTH = [500, 1000, 2000, 5000, 10_000]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is measured, in a unit, and the most that it may be."""

    what: str
    most: float
    unit: str = "times plain MkDocs"

    def told(self, value: float) -> bool:
        """Print a figure beside the goal; return whether the goal is met."""
        met = value <= self.most
        print(f"{self.what}: {value:.2f} {self.unit} (goal: at most {self.most:g}) {'' if met else 'MISSED'}".rstrip())
        return met


AGAIN = Goal("processor time", 1.20)
FIRST = Goal("processor time, with the first drawing of every picture", 1.6)
MEMORY = Goal("largest memory", 2.0)
REAL_SECONDS = Goal("real notes, processor time with every picture", 50, "s")
REAL_MEMORY = Goal("real notes, largest memory", 250, "MB")
LINEAR = Goal("a note among the most, beside one among the fewest", 1.15, "times the processor time")


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and megabytes of one build."""

    seconds: float
    megabytes: float


def build(folder: Path) -> Cost:
    """Build the site in ``folder`` into an empty folder, in a process of its own."""
    shutil.rmtree(folder / "site", ignore_errors=True)
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-f", str(folder / "mkdocs.yml")]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if child.returncode:
            sys.exit(f"the build of {folder} failed:\n{said.read().decode()[-2000:]}")
    # Linux counts the memory in kilobytes.
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def first(folder: Path) -> Cost:
    """Build the site as it is built first: no picture is kept."""
    shutil.rmtree(folder / PICTURES, ignore_errors=True)
    return build(folder)


def beside_plain(notes: int, pairs: int) -> bool:
    """Measure short notes with the engine and without, in turns; return whether the goals are met."""
    print(f"{notes} notes of a few sentences with {vault.LINKS} links each, {pairs} rounds, medians", flush=True)
    with tempfile.TemporaryDirectory() as name:
        ours, plain = Path(name, "engine"), Path(name, "plain")
        vault.write_small(ours, notes, engine=True)
        vault.write_small(plain, notes, engine=False)
        ratios: dict[Goal, list[float]] = {AGAIN: [], FIRST: [], MEMORY: []}
        for _ in range(pairs):
            drawing, other, again = first(ours), build(plain), build(ours)
            ratios[FIRST].append(drawing.seconds / other.seconds)
            ratios[AGAIN].append(again.seconds / other.seconds)
            ratios[MEMORY].append(max(drawing.megabytes, again.megabytes) / other.megabytes)
            costs = "  ".join(f"{cost.seconds:6.2f} s {cost.megabytes:4.0f} MB" for cost in (drawing, again, other))
            print(f"  first, again, plain: {costs}", file=sys.stderr, flush=True)
    met = [goal.told(statistics.median(values)) for goal, values in ratios.items()]
    return all(met)


def of_real_notes(notes: int) -> bool:
    """Measure notes that are like those of a real vault; return whether the goals are met."""
    print(f"{notes} real notes", flush=True)
    with tempfile.TemporaryDirectory() as name:
        ours, plain = Path(name, "engine"), Path(name, "plain")
        vault.write_real(ours, notes, engine=True)
        vault.write_real(plain, notes, engine=False)
        cost, other = first(ours), build(plain)
    print(f"  plain MkDocs: {other.seconds:.1f} s, {other.megabytes:.0f} MB", flush=True)
    return all([REAL_SECONDS.told(cost.seconds), REAL_MEMORY.told(cost.megabytes)])


def growth(sizes: list[int]) -> bool:
    """Measure ever more short notes; return whether the cost of one stays the same."""
    each: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "none")
        vault.write_small(folder, 0, engine=True)
        start = build(folder)
        for notes in sizes:
            folder = Path(name, str(notes))
            vault.write_small(folder, notes, engine=True)
            first(folder)
            cost = build(folder)
            each.append(1000 * (cost.seconds - start.seconds) / notes)
            kilobytes = 1000 * (cost.megabytes - start.megabytes) / notes
            print(f"  {notes:5d} notes   {cost.seconds:6.1f} s   {cost.megabytes:5.0f} MB", end="")
            print(f"   {each[-1]:5.2f} ms and {kilobytes:4.0f} kB a note", flush=True)
            shutil.rmtree(folder)
    return LINEAR.told(each[-1] / each[0])


def main() -> None:
    """Measure what is asked for; a goal that is missed is a failure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=1000, help="how many short notes, 0 for none")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--real", type=int, default=3000, help="how many real notes, 0 for none")
    parser.add_argument("--growth", type=int, nargs="*", help="measure only how the cost grows with these sizes")
    options = parser.parse_args()
    if options.growth is not None:
        sys.exit(not growth(options.growth or GROWTH))
    met = [beside_plain(options.notes, options.pairs)] if options.notes else []
    met += [of_real_notes(options.real)] if options.real else []
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
