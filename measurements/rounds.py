"""Run the rounds of a program, keep them, and make a record of them; a stopped run goes on where it was."""

from __future__ import annotations

import datetime
import inspect
import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from statistics import mean, median, quantiles, stdev
from typing import Any

from measurements.program import Program, Round


class TooNoisy(Exception):
    """Rounds that lie too far apart to be worth a record; the text says which, and how far."""


@dataclass(frozen=True)
class Kept:
    """Where the rounds of a program are kept until there are enough: a line each, below one that tells what ran."""

    file: Path
    what: str

    def read(self) -> list[Round]:
        """Return the rounds of a run that was stopped; none if the program or the versions were others."""
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [json.loads(line) for line in lines[1:]] if lines[:1] == [self.what] else []

    def add(self, found: list[Round]) -> None:
        """Write all rounds so far."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        new = self.file.with_suffix(".new")
        new.write_text("\n".join([self.what, *map(json.dumps, found)]) + "\n", encoding="utf-8")
        new.replace(self.file)


def measure(program: Program, folder: Path, kept: Path) -> Path:
    """Measure, and write the record into `folder`; raise TooNoisy, and write nothing, if it would not repeat itself."""
    versions = {"Python": platform.python_version()}
    with program.prepared(versions) as one_round:
        rounds = Kept(kept / f"{program.name}.jsonl", what_ran(program, versions))
        found = rounds.read()
        if found:
            print(f"{program.name}: goes on after round {len(found)}", flush=True)
        while len(found) < program.rounds:
            found.append(one_round())
            rounds.add(found)
            print(f"{program.name}: round {len(found)} of {program.rounds}", flush=True)
    rounds.file.unlink()
    record = record_of(program, found, versions)
    file = folder / f"{program.name}.json"
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def what_ran(program: Program, versions: dict[str, str]) -> str:
    """Return what two runs have in common whose rounds may be put together."""
    source = inspect.getsource(inspect.getmodule(program.prepared) or program.prepared)
    plain = {name: value for name, value in asdict(program).items() if name != "prepared"}
    return sha256(json.dumps([source, plain, versions]).encode()).hexdigest()


def record_of(program: Program, found: list[Round], versions: dict[str, str]) -> dict[str, Any]:
    """Return the record of these rounds, as garden/records/records.py reads it."""
    absent = [row for row in program.optional if not all(row in one for one in found)]
    for row in absent:
        print(f"{program.name}: {row} is not in the record, since this machine lacks what it needs", flush=True)
    rows = {row: name for row, name in program.rows.items() if row not in absent}
    samples = {row: {column: [one[row][column] for one in found] for column in program.columns} for row in rows}
    for row, columns in samples.items():
        for column, values in columns.items():
            (check_shares if program.shares else check_ratios)(program, f"{row}.{column}", values)
    middle = mean if program.shares else median
    return {
        "title": program.title,
        "header": program.header,
        "rows": rows,
        "columns": program.columns,
        "middle": middle.__name__,
        "values": {
            row: {column: figure(middle, values) for column, values in columns.items()}
            for row, columns in samples.items()
        },
        "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": f"make measure ONLY={program.name}",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "versions": versions,
        "samples": samples,
    }


def check_ratios(program: Program, name: str, values: list[float]) -> None:
    """Raise TooNoisy if the middle half of the values lies further apart than the program allows."""
    low, middle, high = quantiles(values, n=4, method="inclusive")
    apart = (high - low) / middle if middle else 0.0
    if apart > program.spread:
        raise TooNoisy(
            f"{program.name}: the middle half of the rounds of {name} lies {apart:.0%} of the median apart, and "
            f"{program.spread:.0%} is allowed; try again when the machine is quieter"
        )


def check_shares(program: Program, name: str, values: list[float]) -> None:
    """Raise TooNoisy if the mean of the values is less certain than the program allows.

    How far apart the rounds lie says nothing here: where chance decides, they may, and they will again.
    """
    error = stdev(values) / len(values) ** 0.5
    if error > program.spread:
        raise TooNoisy(
            f"{program.name}: the mean of the rounds of {name} is uncertain by {error:.1f} points, and "
            f"{program.spread:.1f} are allowed; try again, with more rounds"
        )


def figure(middle: Callable[[list[float]], float], values: list[float]) -> dict[str, float]:
    """Return the middle of the rounds, the lowest and the highest."""
    return {middle.__name__: round(middle(values), 4), "low": round(min(values), 4), "high": round(max(values), 4)}
