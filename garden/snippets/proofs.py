"""Proofs: what the test run has shown of each snippet, believed only for the very same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule


@dataclass(frozen=True, slots=True)
class Test:
    """A test that passed. ``name`` is pytest's, with the case in brackets; ``file`` counts from the top."""

    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Browser:
    """Whether a snippet ran under the browser's Python with the same output; if not, ``needs`` tells what it lacked."""

    runs: bool
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The tests that passed for a snippet whose SHA-256 is ``digest``.

    ``skipped`` are the names of those that did not run, since the machine lacked what they need. ``versions`` are those
    of Python and of the packages in the snippet's header, by name. ``day`` is a date as ISO 8601 has it, ``commit`` the
    state of the repository: the hash, with a ``+`` if files had been changed since. ``browser`` is None if the run had
    no such Python.
    """

    digest: str
    tests: tuple[Test, ...]
    skipped: tuple[str, ...]
    servers: tuple[str, ...]
    versions: dict[str, str]
    day: str
    commit: str
    browser: Browser | None = None


def load(file: Path, report: Report) -> dict[str, Proof]:
    """Read the proofs that a test run wrote, by the snippet's path; none if there was no run."""
    if not file.is_file():
        return {}
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
        return {path: _proof(values) for path, values in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        what = "is not what a test run writes; remove it and run the tests again"
        report.add(Problem(file.name, 1, Rule.PROOFS_FORMAT, what))
        return {}


def _proof(values: dict[str, Any]) -> Proof:
    browser = values.get("browser")
    return Proof(
        digest=str(values["sha256"]),
        tests=tuple(Test(str(test["name"]), str(test["file"]), int(test["line"])) for test in values["tests"]),
        skipped=tuple(map(str, values["skipped"])),
        servers=tuple(map(str, values["servers"])),
        versions={str(name): str(version) for name, version in values["versions"].items()},
        day=str(values["day"]),
        commit=str(values["commit"]),
        browser=None if browser is None else Browser(bool(browser["runs"]), str(browser.get("needs", ""))),
    )
