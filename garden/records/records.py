"""Records: what a measuring program found, wrote into the folder of records, and pages show."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from garden.model.problem import Problem
from garden.model.reference import Fault
from garden.model.report import Report
from garden.model.rules import Rule, Severity
from garden.model.settings import Settings
from garden.source.suggest import Suggester, did_you_mean, listing

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number: the middle of its rounds, the lowest and the highest of them."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return rounded(self.middle)

    @property
    def spread(self) -> str:
        """From the lowest to the highest."""
        low, high = rounded(self.low), rounded(self.high)
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True, slots=True)
class Record:
    """A table of figures. ``rows`` and ``columns`` map keys to what stands on the page; ``header`` names the rows.

    ``middle`` says which middle of the rounds a figure is: their median, or their mean. ``measured`` says on what: the
    machine and the versions. ``command`` renews it. ``path`` is its file, from the top.
    """

    path: str
    title: str
    header: str
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    figures: Mapping[tuple[str, str], Figure]
    middle: str
    day: str
    command: str
    measured: str

    @property
    def name(self) -> str:
        """How pages name it."""
        return _name(self.path)


def rounded(number: float) -> str:
    """Return a number with two digits that count, or as a whole number: 0.031, 0.31, 3.1, 31, 314."""
    if number == 0:
        return "0"
    number = float(f"{number:.2g}")
    return f"{number:.{max(0, 1 - math.floor(math.log10(abs(number))))}f}"


class Records:
    """The records of one build, by name: ``speed`` for speed.json.

    ``servers`` are those that the tests ran on, with their versions. A record of another major version of one is a
    problem; an error only where proofs are required, since a contributor's machine has the servers that it has.
    """

    def __init__(self, root: Path, settings: Settings, servers: Collection[str], report: Report) -> None:
        self._records: dict[str, Record] = {}
        required = settings.proofs == "required"
        pinned: dict[str, str] = {}
        for requirements in settings.requirements:
            pinned |= _pinned(root / requirements)
        for file in sorted((root / settings.folders.records).glob("*.json")):
            path = f"{settings.folders.records}/{file.name}"
            try:
                values = json.loads(file.read_bytes())
                self._records[file.stem] = _record(path, values)
                report.extend(list(_outdated(path, values["versions"], pinned)))
                report.extend(list(_untested(path, values["versions"], servers, required)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                what = "is not what a measuring program writes; remove it and run `make measure` again"
                report.add(Problem(path, 1, Rule.RECORD_FORMAT, what))

    def record(self, name: str) -> Record:
        """Return a record; raise `Fault` if there is none."""
        if name in self._records:
            return self._records[name]
        raise _unknown(self._records, name, "record", "records")

    def figure(self, address: str) -> tuple[Record, Figure]:
        """Return the figure at ``record.row.column``, and its record; raise `Fault` if there is none."""
        name, row, column = address.split(".")
        record = self.record(name)
        if row not in record.rows:
            raise _unknown(record.rows, row, f"row of {name}", f"rows of {name}")
        self.column(record, column)
        return record, record.figures[row, column]

    def column(self, record: Record, name: str) -> str:
        """Return what stands above a column; raise `Fault` if there is none of that name."""
        if name in record.columns:
            return record.columns[name]
        raise _unknown(record.columns, name, f"column of {record.name}", f"columns of {record.name}")


def _unknown(known: Mapping[str, object], name: str, kind: str, kinds: str) -> Fault:
    nearest = Suggester(lambda: {key: key for key in known})(name)
    advice = did_you_mean(nearest, f"the {kinds} are {listing(list(known)) or 'none'}")
    return Fault(Rule.RECORD_MISSING, f"no {kind} is called `{name}`; {advice}")


def _record(path: str, values: dict[str, Any]) -> Record:
    middle = str(values.get("middle", "median"))
    figures = {
        (str(row), str(column)): Figure(*(float(figure[part]) for part in (middle, "low", "high")))
        for row, columns in values["values"].items()
        for column, figure in columns.items()
    }
    rows, columns = dict(values["rows"]), dict(values["columns"])
    if set(figures) != {(row, column) for row in rows for column in columns}:
        raise ValueError(path)
    if not all(_KEY.fullmatch(key) for key in (*rows, *columns)) or not all(
        math.isfinite(number) for figure in figures.values() for number in (figure.middle, figure.low, figure.high)
    ):
        raise ValueError(path)
    versions = ", ".join(f"{name} {version}" for name, version in values["versions"].items())
    return Record(
        path=path,
        title=str(values["title"]),
        header=str(values["header"]),
        rows={str(key): str(text) for key, text in rows.items()},
        columns={str(key): str(text) for key, text in columns.items()},
        figures=figures,
        middle=middle,
        day=str(values["day"]),
        command=str(values["command"]),
        measured=f"{values['machine']}; {versions}",
    )


def _pinned(requirements: Path) -> dict[str, str]:
    if not requirements.is_file():
        return {}
    found = re.findall(r"^([A-Za-z0-9._-]+)==([0-9.]+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    return {_normal(name): version for name, version in found}


def _normal(name: str) -> str:
    """Return a distribution's name as requirements spell it, however it is written: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _outdated(path: str, versions: Mapping[str, str], pinned: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each library of which the record has another major version than the site's tests."""
    for name, version in versions.items():
        if (now := pinned.get(_normal(name))) and _major(now) != _major(version):
            yield _another(path, name, version, f"{now} is in use", Rule.RECORD_OUTDATED)


def _untested(path: str, versions: Mapping[str, str], servers: Collection[str], required: bool) -> Iterator[Problem]:
    """Yield a problem for each server of which the tests ran on other major versions only."""
    for name, version in versions.items():
        tested = sorted({words[1] for words in map(str.split, servers) if words[0] == name and len(words) > 1})
        if tested and _major(version) not in map(_major, tested):
            problem = _another(path, name, version, f"the tests ran on {listing(tested)}", Rule.RECORD_SERVER)
            yield replace(problem, instead=Severity.ERROR) if required else problem


def _another(path: str, name: str, version: str, now: str, rule: Rule) -> Problem:
    what = f"was measured with {name} {version}, and {now}; run `make measure ONLY={_name(path)}`"
    return Problem(path, 1, rule, what)


def _name(path: str) -> str:
    return PurePosixPath(path).stem


def _major(version: str) -> str:
    return version.partition(".")[0]
